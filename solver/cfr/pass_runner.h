// Runs passes on the threads of a pool. Results do not depend on the pool.
//
// A pass of external sampling has four phases. The trunk above the cuts (pass_plan.h) is walked by
// all threads, each with its share of the deals; additions are put off, since threads share rows
// there. Below each cut the shares are put together again and walked by the next free thread. Then
// values are carried up the trunk, again by shares, and at last what was put off is added, each
// node by one thread.
//
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_PASS_RUNNER_H_
#define NASHVILLE_SOLVER_CFR_PASS_RUNNER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/thread_pool.h"
#include "solver/cfr/external_walk.h"
#include "solver/cfr/pass.h"
#include "solver/cfr/pass_plan.h"

namespace nash {

// Does a little of some other work, if any is left, and says whether there was.
using SideWork = std::function<bool(int thread)>;

class PassRunner {
 public:
  virtual ~PassRunner() = default;
  // Runs one pass; threads that would wait do `side` work meanwhile. Returns the rows visited.
  virtual uint64_t Run(const Pass& pass, const SideWork& side) = 0;
};

// What a thread does in a pass that several threads run. The rest of its time it waits.
enum class PassPhase : uint8_t { kTrunkForward, kGroup, kSubtrees, kSide, kTrunkBackward, kAdd };
inline constexpr size_t kPassPhases = 6;

// Is told of phases, for measurements: each call comes on the thread that it is about.
class PassObserver {
 public:
  virtual ~PassObserver() = default;
  virtual void Begins(int thread, PassPhase phase) = 0;
  virtual void Ends(int thread, PassPhase phase) = 0;
};

class ExternalPassRunner : public PassRunner {
 public:
  // deals: in a batch, at most kBatchDealsMax. tree, pool and observer (or null) outlive the
  // runner.
  ExternalPassRunner(const PublicTree& tree, uint32_t deals, ThreadPool* pool,
                     PassObserver* observer = nullptr);
  uint64_t Run(const Pass& pass, const SideWork& side) override;

  // About the memory of plans and walks, once they have grown.
  static uint64_t BytesExpected(const PublicTree& tree, uint32_t deals, int threads);

 private:
  // One thread's list at a node where several threads may have one.
  struct Part {
    NodeIndex node;
    uint32_t thread;
    uint32_t list;  // in the cuts or the lists of that thread's trunk
  };
  // Parts [begin, end) of a node.
  struct Group {
    uint32_t begin;
    uint32_t end;
    float visits;  // expected below the node
  };
  // The lists of all threads, put together by node, those with the most work first.
  struct Groups {
    std::vector<Part> parts;
    std::vector<Group> in_order;
  };
  // A thread's own walks and scratch.
  struct alignas(64) Worker {
    ExternalWalk trunk;
    ExternalWalk walk;
    std::vector<DealNumber> deals;
    std::vector<float> values;
    uint64_t touches = 0;  // in this pass
  };

  absl::Span<const WalkList> ListsOf(int thread, bool cuts) const {
    return cuts ? workers_[thread]->trunk.cuts() : workers_[thread]->trunk.lists();
  }
  void GroupParts(const PassPlan& plan, bool cuts, Groups* groups) const;
  void WalkCut(const Pass& pass, const Group& group, int thread);
  void ApplyTrunk(const Pass& pass, const Group& group, int thread);
  // Runs work() on the thread that calls, and tells the observer.
  template <typename Work>
  void InPhase(int thread, PassPhase phase, const Work& work);

  const PublicTree& tree_;
  ThreadPool* pool_;                              // not owned
  PassObserver* observer_;                        // not owned; or null
  std::vector<PassPlan> plans_;                   // by traverser
  std::vector<DealNumber> all_deals_;             // 0, 1, 2, ...
  std::vector<float> values_;                     // of the root, by deal
  std::vector<std::unique_ptr<Worker>> workers_;  // by thread
  Groups cuts_;
  Groups lists_;  // of the trunk
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PASS_RUNNER_H_
