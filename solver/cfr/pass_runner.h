// Runs passes of external sampling on the threads of a pool. Results do not depend on the pool.
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

class ExternalPassRunner : public PassRunner {
 public:
  // deals: in a batch, at most kBatchDealsMax. tree and pool outlive the runner.
  ExternalPassRunner(const PublicTree& tree, uint32_t deals, ThreadPool* pool);
  uint64_t Run(const Pass& pass, const SideWork& side) override;

 private:
  ThreadPool* pool_;                   // not owned
  std::vector<PassPlan> plans_;        // by traverser
  std::vector<DealNumber> all_deals_;  // 0, 1, 2, ...
  std::vector<float> values_;          // of the root, by deal
  ExternalWalk trunk_;
  std::vector<std::unique_ptr<ExternalWalk>> walks_;  // by thread
  std::vector<uint32_t> order_;                       // of the cuts, the largest first
  std::vector<float> sizes_;                          // of the cuts, in expected visits
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PASS_RUNNER_H_
