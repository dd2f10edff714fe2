// CFR over all deals, deal by deal and with maps: slow, short, and with update rules as papers
// write them (weights of averages as numbers, powers by std::pow), so that the engine can be
// compared with it. Shares the betting tree with it, and nothing that learns.
#ifndef NASHVILLE_TESTS_CFR_SLOW_ENUMERATION_H_
#define NASHVILLE_TESTS_CFR_SLOW_ENUMERATION_H_

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "solver/cfr/options.h"
#include "solver/evaluation/hand_space.h"
#include "solver/game/public_tree.h"

namespace nash {

class SlowEnumeration {
 public:
  struct Row {
    std::vector<double> regrets, sums, last, values;
    double reach = 0;
    int t = 0;  // the last iteration in which it learned
  };

  using FirstRegret = std::function<double(NodeIndex node, uint32_t bucket, int action)>;

  SlowEnumeration(const PublicTree& tree, const HandModel& cards, const CfrOptions& options,
                  FirstRegret first_regret)
      : tree_(tree), cards_(cards), options_(options), first_regret_(std::move(first_regret)) {}

  void RunIteration() {
    ++t_;
    for (int learner = 0; learner < tree_.num_players(); ++learner) {
      averaged_ = (learner + 1) % tree_.num_players();
      deals_ = 0;
      DealHands(learner, {}, MakeDeck(tree_.game().num_ranks, tree_.game().num_suits));
      for (auto& [name, row] : rows_) Update(learner, tree_.nodes()[name.first].player, &row);
    }
  }
  // By node and bucket.
  const std::map<std::pair<NodeIndex, uint32_t>, Row>& rows() const { return rows_; }

  std::vector<double> StrategyOf(const Row& row) const {
    std::vector<double> strategy(row.regrets.size());
    double total = 0;
    for (size_t a = 0; a < strategy.size(); ++a) {
      double regret = row.regrets[a];
      if (options_.variant == Variant::kPredictive) regret += row.last[a];
      if (options_.variant == Variant::kPredictiveDiscounted && row.t > 0) {
        regret = regret * D(row.t + 1, options_.alpha) + row.last[a];
      }
      total += strategy[a] = std::max(regret, 0.0);
    }
    for (double& p : strategy) p = total > 0 ? p / total : 1.0 / strategy.size();
    return strategy;
  }

 private:
  struct Hands {
    std::vector<std::vector<Card>> holes;  // by position
    std::vector<Card> board;               // street by street
  };

  static double D(int t, double x) {
    const double power = std::pow(t - 1, x);
    return power / (power + 1);
  }
  double AverageWeight() const {
    const double t = t_ - static_cast<double>(options_.average_from_iterations);
    if (t <= 0) return 0;
    switch (options_.variant) {
      case Variant::kLinear:
      case Variant::kPlus:
        return t;
      case Variant::kPredictive:
        return t * t;
      case Variant::kDiscounted:
      case Variant::kPredictiveDiscounted:
        return std::pow(t, options_.gamma);
      default:
        return 1;
    }
  }

  // All sets of `n` of the deck, each with what is left.
  template <typename Take>
  static void ForEachSet(const std::vector<Card>& deck, int n, size_t from,
                         std::vector<Card> chosen, const Take& take) {
    if (n == 0) {
      std::vector<Card> left;
      for (Card card : deck) {
        if (std::find(chosen.begin(), chosen.end(), card) == chosen.end()) left.push_back(card);
      }
      return take(chosen, left);
    }
    for (size_t i = from; i < deck.size(); ++i) {
      chosen.push_back(deck[i]);
      ForEachSet(deck, n - 1, i + 1, chosen, take);
      chosen.pop_back();
    }
  }
  void DealHands(int learner, const Hands& dealt, const std::vector<Card>& deck) {
    if (static_cast<int>(dealt.holes.size()) == tree_.num_players()) {
      return DealBoards(learner, dealt, deck, 0);
    }
    ForEachSet(deck, tree_.game().num_hole_cards, 0, {},
               [&](const std::vector<Card>& hole, const std::vector<Card>& left) {
                 Hands next = dealt;
                 next.holes.push_back(hole);
                 DealHands(learner, next, left);
               });
  }
  void DealBoards(int learner, const Hands& dealt, const std::vector<Card>& deck, int street) {
    if (street == tree_.num_streets()) {
      ++deals_;
      Value(learner, dealt, 0, std::vector<double>(tree_.num_players(), 1));
      return;
    }
    ForEachSet(deck, tree_.game().num_board_cards[street], 0, {},
               [&](const std::vector<Card>& cards, const std::vector<Card>& left) {
                 Hands next = dealt;
                 next.board.insert(next.board.end(), cards.begin(), cards.end());
                 DealBoards(learner, next, left, street + 1);
               });
  }

  double Payoff(int learner, const Hands& hands, const PublicEdge& edge) const {
    std::vector<int32_t> strengths;
    for (const auto& hole : hands.holes) strengths.push_back(cards_.Strength(hole, hands.board));
    if (edge.kind() == EdgeKind::kMultiway) {
      return MultiwayValue(tree_.game(), tree_.terminals()[edge.payload()], learner, strengths);
    }
    if (edge.kind() == EdgeKind::kFold) {
      return static_cast<int>(edge.payload()) == learner ? -edge.amount_chips : edge.amount_chips;
    }
    const int32_t difference = strengths[learner] - strengths[1 - learner];
    return difference == 0 ? 0 : difference > 0 ? edge.amount_chips : -edge.amount_chips;
  }

  double Value(int learner, const Hands& hands, NodeIndex node, std::vector<double> reach) {
    const PublicNode& n = tree_.nodes()[node];
    const absl::Span<const Card> board =
        absl::MakeConstSpan(hands.board.data(), tree_.game().BoardCardsOn(n.street));
    const uint32_t bucket = cards_.Bucket(n.street, hands.holes[n.player], board);
    Row& row = rows_[{node, bucket}];
    for (auto* values : {&row.sums, &row.last, &row.values}) values->resize(n.num_actions);
    for (int a = static_cast<int>(row.regrets.size()); a < n.num_actions; ++a) {
      row.regrets.push_back(first_regret_(node, bucket, a));
    }
    if (n.player == averaged_) row.reach += reach[averaged_];
    const std::vector<double> strategy = StrategyOf(row);
    double others = 1;
    for (int p = 0; p < tree_.num_players(); ++p) others *= p == learner ? 1 : reach[p];
    double value = 0;
    for (int a = 0; a < n.num_actions; ++a) {
      const PublicEdge& edge = tree_.EdgesOf(node)[a];
      std::vector<double> next = reach;
      next[n.player] *= strategy[a];
      const double below = edge.kind() == EdgeKind::kDecision
                               ? Value(learner, hands, edge.payload(), next)
                               : Payoff(learner, hands, edge);
      if (n.player == learner) row.values[a] += others * below;
      value += strategy[a] * below;
    }
    return value;
  }

  void Update(int learner, int player, Row* row) {
    const std::vector<double> strategy = StrategyOf(*row);
    if (player == averaged_) {
      for (size_t a = 0; a < strategy.size(); ++a) {
        row->sums[a] += AverageWeight() * row->reach / deals_ * strategy[a];
      }
      row->reach = 0;
    }
    if (player != learner) return;
    double mean = 0;
    for (size_t a = 0; a < strategy.size(); ++a) mean += strategy[a] * row->values[a] / deals_;
    for (size_t a = 0; a < strategy.size(); ++a) {
      double& regret = row->regrets[a];
      const double now = row->values[a] / deals_ - mean;
      if (options_.variant == Variant::kLinear) regret *= (t_ - 1.0) / t_;
      if (options_.variant == Variant::kDiscounted) {
        regret *= D(t_, regret > 0 ? options_.alpha : options_.beta);
      }
      if (options_.variant == Variant::kPredictiveDiscounted) regret *= D(t_, options_.alpha);
      regret += now;
      if (options_.variant >= Variant::kPlus) regret = std::max(regret, 0.0);
      row->last[a] = now;
      row->values[a] = 0;
    }
    row->t = t_;
  }

  const PublicTree& tree_;
  const HandModel& cards_;
  const CfrOptions options_;
  const FirstRegret first_regret_;
  int t_ = 0;
  int averaged_ = 0;
  double deals_ = 0;
  std::map<std::pair<NodeIndex, uint32_t>, Row> rows_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_SLOW_ENUMERATION_H_
