// Outcome sampling by the formulas of its paper, in double precision: what OutcomePassRunner must
// do.
//
// Lanctot et al. 2009, section 3.1: the path z is sampled with probability q(z); the sampled
// counterfactual value of action a is u(z) * (opponents' reach) * (own reach of z after a) / q(z).
// Opponents are sampled by their own strategies, which cancels theirs. Uses the draws of the batch
// and none of the code under test.
#ifndef NASHVILLE_TESTS_CFR_SLOW_OUTCOME_H_
#define NASHVILLE_TESTS_CFR_SLOW_OUTCOME_H_

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/cfr/slow_walk.h"

namespace nash {

class SlowOutcome {
 public:
  // Adds to `out` (starting as a copy of pass.table) what all deals of the pass add.
  SlowOutcome(const Pass& pass, double exploration, Table* out)
      : pass_(pass), exploration_(exploration), out_(out) {
    for (deal_ = 0; deal_ < pass.num_deals; ++deal_) Visit(0, 1);
    for (const Change& change : changes_) {
      int32_t* row = out->Row(change.node, change.bucket);
      const int n = pass.table->layout().tree().nodes()[change.node].num_actions;
      for (int a = 0; a < n; ++a) row[a] = std::clamp(row[a], pass.regret_floor, kRegretCeiling);
    }
  }
  uint64_t touches() const { return touches_; }

 private:
  struct Change {
    NodeIndex node;
    uint32_t bucket;
  };

  // own: probability with which the traverser's decisions so far were sampled. Returns u(z) times
  // strategy over sampled probability of each of the traverser's decisions from this node on.
  double Visit(NodeIndex index, double own) {
    ++touches_;
    const TableLayout& layout = pass_.table->layout();
    const PublicNode& node = layout.tree().nodes()[index];
    const int n = node.num_actions;
    const uint32_t bucket = pass_.batch->deals().buckets(node.street, node.player)[deal_];
    const int32_t* row = pass_.table->Row(index, bucket);
    int32_t* out = out_->Row(index, bucket);
    const uint32_t draw = pass_.batch->draws(pass_.traverser, node.depth)[deal_];
    const bool mine = node.player == pass_.traverser;
    double total = 0;
    for (int a = 0; a < n; ++a) total += std::max(row[a], 0);
    std::vector<double> strategy(n), sampled(n);
    for (int a = 0; a < n; ++a) {
      strategy[a] = total > 0 ? std::max(row[a], 0) / total : 1.0 / n;
      sampled[a] = mine ? exploration_ / n + (1 - exploration_) * strategy[a] : strategy[a];
    }
    int action = -1;
    double left = (draw >> 8) * 0x1p-24;
    for (int a = 0; a < n; ++a) {
      if (sampled[a] > 0 && (action < 0 || left >= 0)) action = a;
      left -= sampled[a];
    }
    const PublicEdge& edge = layout.tree().EdgesOf(index)[action];
    const double after =
        edge.kind() == EdgeKind::kDecision
            ? Visit(edge.payload(), mine ? own * sampled[action] : own)
            : SlowPayoff(layout.tree(), edge, pass_.traverser, pass_.batch->deals(), deal_);
    const double dither = ((draw & 255) + 0.5) / 256;
    if (mine) {
      // The most that all deals of a batch together may add: half of what 32 bits leave.
      const double limit =
          static_cast<double>(kBatchHeadroom / 2 / pass_.amplification) / pass_.num_deals;
      const double of_action = after / (own * sampled[action]);
      for (int a = 0; a < n; ++a) {
        const double regret = (a == action ? of_action : 0) - of_action * strategy[action];
        out[a] += pass_.amplification *
                  static_cast<int32_t>(
                      std::floor(std::clamp(regret * pass_.regret_scale, -limit, limit) + dither));
      }
      changes_.push_back({index, bucket});
      return after * strategy[action] / sampled[action];
    }
    if (node.player == pass_.averaged && layout.HasSums(index)) {
      const double weight = std::min(1 / own, double{kOutcomeWeightMax}) * pass_.sum_unit;
      for (int a = 0; a < n; ++a) out[n + a] += std::floor(strategy[a] * weight + dither);
    }
    return after;
  }

  const Pass& pass_;
  const double exploration_;
  Table* out_;
  int deal_ = 0;
  uint64_t touches_ = 0;
  std::vector<Change> changes_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_SLOW_OUTCOME_H_
