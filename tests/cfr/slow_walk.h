// External sampling on one deal, by plain recursion in double precision: what ExternalWalk must do.
//
// Reads one table and writes another, so that "nothing changes during a pass" holds by
// construction. Uses the draws of the batch, and none of the traverser's code. Limits and pruning
// as in options.h.
#ifndef NASHVILLE_TESTS_CFR_SLOW_WALK_H_
#define NASHVILLE_TESTS_CFR_SLOW_WALK_H_

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "solver/cfr/pass.h"

namespace nash {

// What `me` wins in deal `deal` where the hand ends at `edge`, in chips.
inline double SlowPayoff(const PublicTree& tree, const PublicEdge& edge, int me,
                         const DealBatch& deals, int deal) {
  std::vector<int32_t> strengths;
  for (int p = 0; p < tree.num_players(); ++p) strengths.push_back(deals.strengths(p)[deal]);
  switch (edge.kind()) {
    case EdgeKind::kFold:
      return edge.payload() == static_cast<uint32_t>(me) ? -edge.amount_chips : edge.amount_chips;
    case EdgeKind::kShowdown:
      if (strengths[me] == strengths[1 - me]) return 0;
      return strengths[me] > strengths[1 - me] ? edge.amount_chips : -edge.amount_chips;
    default:
      return MultiwayValue(tree.game(), tree.terminals()[edge.payload()], me, strengths);
  }
}

class SlowWalk {
 public:
  // Adds to `out` (starting as a copy of pass.table) what all deals of the pass add.
  SlowWalk(const Pass& pass, Table* out) : pass_(pass), out_(out) {
    for (deal_ = 0; deal_ < pass.num_deals; ++deal_) Visit(0);
  }
  uint64_t touches() const { return touches_; }

 private:
  double Value(const PublicEdge& edge) {
    const PublicTree& tree = pass_.table->layout().tree();
    if (edge.kind() == EdgeKind::kDecision) return Visit(edge.payload());
    return SlowPayoff(tree, edge, pass_.traverser, pass_.batch->deals(), deal_);
  }

  double Visit(NodeIndex index) {
    ++touches_;
    const TableLayout& layout = pass_.table->layout();
    const PublicNode& node = layout.tree().nodes()[index];
    const int n = node.num_actions;
    const uint32_t bucket = pass_.batch->deals().buckets(node.street, node.player)[deal_];
    const int32_t* row = pass_.table->Row(index, bucket);
    int32_t* out = out_->Row(index, bucket);
    const uint32_t draw = pass_.batch->draws(pass_.traverser, node.depth)[deal_];
    const auto edges = layout.tree().EdgesOf(index);
    const bool mine = node.player == pass_.traverser;
    std::vector<double> regrets(row, row + n);
    std::vector<bool> kept(n, true);
    if (mine) {
      // What floor and ceiling cut off is gone for good, once, before anything is added.
      if (clamped_.insert(out).second) {
        for (int a = 0; a < n; ++a) {
          out[a] = std::clamp(out[a], pass_.regret_floor, kRegretCeiling);
        }
      }
      double best = -1e18;
      for (double& r : regrets) {
        best = std::max(best, r = std::clamp<double>(r, pass_.regret_floor, kRegretCeiling));
      }
      const bool may_prune = pass_.prunes() && node.street + 1 < layout.tree().num_streets() &&
                             !pass_.batch->explores()[deal_];
      for (int a = 0; a < n && may_prune; ++a) {
        kept[a] = regrets[a] >= pass_.prune_below || regrets[a] == best ||
                  edges[a].kind() != EdgeKind::kDecision;
      }
    }
    std::vector<double> strategy(n);
    double total = 0, number = 0;
    for (int a = 0; a < n; ++a) {
      if (kept[a]) total += strategy[a] = std::max(regrets[a], 0.0);
      number += kept[a];
    }
    for (int a = 0; a < n; ++a) {
      strategy[a] = !kept[a] ? 0 : total > 0 ? strategy[a] / total : 1 / number;
    }
    const double dither = ((draw & 255) + 0.5) / 256;
    if (mine) {
      std::vector<double> values(n);
      double value = 0;
      for (int a = 0; a < n; ++a) {
        if (kept[a]) value += strategy[a] * (values[a] = Value(edges[a]));
      }
      for (int a = 0; a < n; ++a) {
        if (!kept[a]) continue;
        out[a] +=
            pass_.amplification *
            static_cast<int32_t>(std::floor((values[a] - value) * pass_.regret_scale + dither));
      }
      return value;
    }
    if (node.player == pass_.averaged && layout.HasSums(index)) {
      for (int a = 0; a < n; ++a) out[n + a] += std::floor(strategy[a] * pass_.sum_unit + dither);
    }
    double left = (draw >> 8) * 0x1p-24;
    for (int a = 0;; ++a) {
      if (left < strategy[a] || a + 1 == n) return Value(edges[a]);
      left -= strategy[a];
    }
  }

  const Pass& pass_;
  Table* out_;
  int deal_ = 0;
  uint64_t touches_ = 0;
  std::set<const int32_t*> clamped_;  // rows
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_SLOW_WALK_H_
