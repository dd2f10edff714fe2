// External sampling over one subtree of the public tree, a whole batch of deals at once.
//
// Lanctot et al. 2009, "Monte Carlo sampling for regret minimization", section 3.2: all actions of
// the traverser, one sampled action of everybody else. The deals that reach a node form one list.
// Lists are visited level by level: forwards to match regrets and sample, then backwards to carry
// values up and add regrets. Below a node of the traverser all children share its list of deals;
// below another player's node the list is split by the sampled action. Rows are located and
// prefetched a fixed number of visits ahead.
//
// A walk may stop at cut nodes: their lists are left to the caller (cuts()), who walks them, in any
// order and on any thread, and writes their values before Backward(). No row belongs to two lists,
// so walks of different subtrees never share a row.
//
// Thread-compatible: one walk per thread. Memory: about 60 bytes a visit, kept between walks.
#ifndef NASHVILLE_SOLVER_CFR_EXTERNAL_WALK_H_
#define NASHVILLE_SOLVER_CFR_EXTERNAL_WALK_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "solver/cfr/pass.h"
#include "solver/cfr/row_saver.h"

namespace nash {

// Number of a deal within its batch.
using DealNumber = uint16_t;
static_assert(kBatchDealsMax - 1 <= std::numeric_limits<DealNumber>::max());

// The deals that reach one node.
struct WalkList {
  NodeIndex node;
  uint32_t count;
  uint32_t deals;       // place of the first in deals_
  uint32_t items;       // place of the first in rows_ and values_
  uint32_t strategies;  // place in strategies_
  uint32_t children;    // place in children_
};

// When a walk adds to the table.
enum class Additions : uint8_t {
  kAtOnce,  // while it walks: no other walk may visit its nodes meanwhile
  kLater,   // by ApplyAdditions(), one list at a time
};

class ExternalWalk {
 public:
  // About the memory that `visits` visits of one Forward() take.
  static uint64_t BytesExpected(double visits) { return static_cast<uint64_t>(64 * visits); }

  ExternalWalk() = default;
  ExternalWalk(const ExternalWalk&) = delete;
  ExternalWalk& operator=(const ExternalWalk&) = delete;

  // Visits the subtree of `node` with `deals`. is_cut: [num_nodes] nonzero at cut nodes, or empty.
  // thread: that calls.
  void Forward(const Pass& pass, NodeIndex node, absl::Span<const DealNumber> deals,
               absl::Span<const uint8_t> is_cut, Additions additions, int thread);

  // Lists that Forward() left at cut nodes, with the deals of each, and where their values go.
  absl::Span<const WalkList> cuts() const { return cuts_; }
  absl::Span<const DealNumber> DealsOf(const WalkList& list) const {
    return absl::MakeConstSpan(deals_.data() + list.deals, list.count);
  }
  absl::Span<float> ValuesOf(const WalkList& list) {
    return absl::MakeSpan(values_.data() + list.items, list.count);
  }

  // Adds the regrets. values: [deals of Forward()] what the traverser gets, in chips; written.
  void Backward(const Pass& pass, absl::Span<float> values);

  // The lists that were visited. Those of nodes that a pass changes must be applied, after
  // Backward(), where additions were put off: first ClampRows() for all lists of a node, of this
  // walk and of others, then ApplyAdditions() for all of them, by one thread.
  absl::Span<const WalkList> lists() const { return lists_; }
  void ClampRows(const Pass& pass, const WalkList& list, int thread);
  void ApplyAdditions(const Pass& pass, const WalkList& list);

  // Visits of the last Forward().
  uint64_t touches() const { return touches_; }

 private:
  // A child of a list: the place of its values in values_, and whether only some deals went there
  // (the others pruned it).
  struct Child {
    uint32_t values;
    bool partial;
  };
  // What one action is worth to the deals of a list: values[i * step].
  struct ActionValues {
    const float* values;
    uint32_t step;
  };

  template <typename T>
  static void GrowTo(std::vector<T>& arena, size_t size) {
    if (arena.size() < size) arena.resize(std::max(size, 2 * arena.size()));
  }
  void Reserve(size_t count, int num_actions);
  void LocateUntil(const Pass& pass, uint64_t located);
  void Push(const Pass& pass, NodeIndex node, uint32_t deals, uint32_t count,
            absl::Span<const uint8_t> is_cut);
  void PushTraverserChildren(const Pass& pass, const WalkList& list,
                             absl::Span<const uint8_t> is_cut);
  void PushSampledChildren(const Pass& pass, const WalkList& list,
                           absl::Span<const uint8_t> is_cut);
  static uint16_t UnsavedOf(const Pass& pass, NodeIndex node, const uint32_t* buckets,
                            absl::Span<const DealNumber> deals);
  void SaveRows(const Pass& pass, const WalkList& list, uint32_t begin, uint16_t unsaved) const;
  void VisitForward(const Pass& pass, const WalkList& list);
  void VisitBackward(const Pass& pass, const WalkList& list);
  template <int W>
  void MatchTraverser(const Pass& pass, const WalkList& list, uint32_t begin, uint32_t end);
  template <int W>
  void MatchSampled(const Pass& pass, const WalkList& list, uint32_t begin, uint32_t end);
  template <int W>
  void AddRegrets(const Pass& pass, const WalkList& list);
  template <int W>
  void AddStored(const Pass& pass, const WalkList& list);
  void CarrySampled(const Pass& pass, const WalkList& list);
  ActionValues ValuesOfAction(const Pass& pass, const WalkList& list, int action);

  std::vector<WalkList> lists_;  // in the order of visits
  std::vector<WalkList> cuts_;
  std::vector<Child> children_;  // [num_actions] for each list
  // Arenas: only ever grown; what is used of each is counted below.
  std::vector<DealNumber> deals_;
  std::vector<int32_t*> rows_;    // by item
  std::vector<float> values_;     // by item
  std::vector<uint16_t> kept_;    // by item of the traverser: actions that are not pruned
  std::vector<uint8_t> actions_;  // by item of the others: the sampled action
  // W for each item of a list that the pass changes. Of the traverser: probabilities. With
  // Additions::kLater then, from Backward() on, what is to be added to regrets; of the averaged
  // player from Forward() on, what is to be added to sums: integers, as bits.
  std::vector<float> strategies_;
  std::vector<float> edge_values_;  // [kActionsMax][deals of a list]
  uint32_t deals_used_ = 0;
  uint32_t items_used_ = 0;
  uint32_t strategies_used_ = 0;
  // By step of visits that was located, in their order: which rows must be saved.
  std::vector<uint16_t> unsaved_;
  size_t next_unsaved_ = 0;
  // The place up to which rows are located and prefetched.
  size_t locate_list_ = 0;
  uint32_t locate_place_ = 0;
  uint64_t located_ = 0;
  uint64_t touches_ = 0;
  std::array<uint32_t, kActionsMax> counts_{};  // deals by sampled action, of the current list
  Additions additions_ = Additions::kAtOnce;
  int thread_ = 0;
  bool watches_ = false;  // saves rows before it changes them
  bool pruned_ = false;   // any action of the current list, for any deal
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_EXTERNAL_WALK_H_
