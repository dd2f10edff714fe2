// Where a pass is cut into walks that threads take.
//
// Above the cuts lies the trunk, walked by all threads, each with a share of the deals; below each
// cut one subtree, walked by one thread. Cuts are chosen so that a walk's items and rows fit a
// core's second-level cache: what the forward half brings there, the backward half still finds.
// Cuts never change a result: no row belongs to two subtrees. Immutable and thread-safe.
#ifndef NASHVILLE_SOLVER_CFR_PASS_PLAN_H_
#define NASHVILLE_SOLVER_CFR_PASS_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/game/public_tree.h"

namespace nash {

// Deals of trained strategies go deeper than those of uniform ones: 252 rows in place of 142.
inline constexpr double kDeepening = 2;

class PassPlan {
 public:
  // deals: in a batch.
  PassPlan(const PublicTree& tree, int traverser, uint32_t deals);

  // [num_nodes] nonzero at cut nodes.
  absl::Span<const uint8_t> is_cut() const { return is_cut_; }
  // Visits expected below `node` for each deal that reaches it, when the others act uniformly.
  float VisitsPerDeal(NodeIndex node) const { return visits_per_deal_[node]; }
  // Visits of a batch expected above the cuts, when the others act uniformly.
  double trunk_visits() const { return trunk_visits_; }
  uint64_t bytes() const {
    return is_cut_.size() * sizeof(is_cut_[0]) + visits_per_deal_.size() * sizeof(float);
  }

 private:
  std::vector<uint8_t> is_cut_;
  std::vector<float> visits_per_deal_;
  double trunk_visits_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PASS_PLAN_H_
