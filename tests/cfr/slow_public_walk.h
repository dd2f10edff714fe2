// Public chance sampling by the sum over all pairs of hands of a board, in double precision: what
// PublicPassRunner must add, before it is rounded.
//
// Recursion for each pair of hands that share no card; uses none of the code under test but the
// hands and buckets of the board. Of one board, against a table that does not change.
#ifndef NASHVILLE_TESTS_CFR_SLOW_PUBLIC_WALK_H_
#define NASHVILLE_TESTS_CFR_SLOW_PUBLIC_WALK_H_

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "solver/cfr/pass.h"
#include "solver/ranges/board_source.h"

namespace nash {

class SlowPublicWalk {
 public:
  // By (node, bucket): [num_actions], in chips a deal, and in units of probability a deal.
  using Changes = std::map<std::pair<NodeIndex, uint32_t>, std::vector<double>>;

  SlowPublicWalk(const Pass& pass, const BoardDeal& board)
      : pass_(pass), tree_(pass.table->layout().tree()), board_(board) {
    const int n = board.hands.size();
    for (int own = 0; own < n; ++own) {
      for (int other = 0; other < n; ++other) pairs_ += Apart(own, other);
    }
    for (int own = 0; own < n; ++own) {
      for (int other = 0; other < n; ++other) {
        if (Apart(own, other)) Value(0, own, other, 1.0 / pairs_);
      }
    }
    for (int other = 0; other < n; ++other) Average(0, other, 1.0 / n);
  }
  const Changes& regrets() const { return regrets_; }
  const Changes& sums() const { return sums_; }

 private:
  bool Apart(int own, int other) const {
    const auto low = board_.hands.low(), high = board_.hands.high();
    return low[own] != low[other] && low[own] != high[other] && high[own] != low[other] &&
           high[own] != high[other];
  }
  int GroupOf(int hand) const {
    const auto groups = board_.hands.groups();
    return static_cast<int>(std::upper_bound(groups.begin(), groups.end(), hand) - groups.begin());
  }
  std::vector<double> Strategy(NodeIndex node, uint32_t bucket) const {
    const int n = tree_.nodes()[node].num_actions;
    RowRoom room;
    const int32_t* row = std::as_const(*pass_.table).ReadRow(node, bucket, &room);
    std::vector<double> strategy(n, 1.0 / n);
    double total = 0;
    for (int a = 0; a < n; ++a) total += std::max(row[a], 0);
    for (int a = 0; a < n && total > 0; ++a) strategy[a] = std::max(row[a], 0) / total;
    return strategy;
  }
  // What `own` gets against `other`, times reach, which is of `other` and of the pair.
  double Value(NodeIndex index, int own, int other, double reach) {
    const PublicNode& node = tree_.nodes()[index];
    const bool mine = node.player == pass_.traverser;
    const uint32_t bucket = board_.buckets[node.street][mine ? own : other];
    const std::vector<double> strategy = Strategy(index, bucket);
    std::vector<double> values;
    double value = 0;
    for (int a = 0; a < node.num_actions; ++a) {
      const PublicEdge& edge = tree_.EdgesOf(index)[a];
      const double to = mine ? reach : reach * strategy[a];
      values.push_back(edge.kind() == EdgeKind::kDecision ? Value(edge.payload(), own, other, to)
                                                          : to * Payoff(edge, own, other));
      value += values.back() * (mine ? strategy[a] : 1);
    }
    if (mine) {
      std::vector<double>& regrets = regrets_[{index, bucket}];
      regrets.resize(node.num_actions);
      for (int a = 0; a < node.num_actions; ++a) regrets[a] += values[a] - value;
    }
    return value;
  }
  double Payoff(const PublicEdge& edge, int own, int other) const {
    if (edge.kind() == EdgeKind::kFold) {
      return edge.payload() == static_cast<uint32_t>(pass_.traverser) ? -edge.amount_chips
                                                                      : edge.amount_chips;
    }
    const int a = GroupOf(own), b = GroupOf(other);
    return a == b ? 0 : a > b ? edge.amount_chips : -edge.amount_chips;
  }
  void Average(NodeIndex index, int other, double reach) {
    const PublicNode& node = tree_.nodes()[index];
    const bool mine = node.player == pass_.traverser;
    const uint32_t bucket = board_.buckets[node.street][other];
    const std::vector<double> strategy = Strategy(index, bucket);
    if (!mine) {
      std::vector<double>& sums = sums_[{index, bucket}];
      sums.resize(node.num_actions);
      for (int a = 0; a < node.num_actions; ++a) sums[a] += reach * strategy[a];
    }
    for (int a = 0; a < node.num_actions; ++a) {
      const PublicEdge& edge = tree_.EdgesOf(index)[a];
      if (edge.kind() == EdgeKind::kDecision) {
        Average(edge.payload(), other, mine ? reach : reach * strategy[a]);
      }
    }
  }

  const Pass& pass_;
  const PublicTree& tree_;
  const BoardDeal& board_;
  double pairs_ = 0;
  Changes regrets_, sums_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_SLOW_PUBLIC_WALK_H_
