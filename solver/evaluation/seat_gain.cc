// A depth-first walk for each deal: the seat's actions branch, those of the others are drawn (or
// branch too). Each path carries two numbers, how likely the seat plays to here by either strategy;
// what neither plays to is not visited.
//
// Why one draw a depth is enough: on any one path every decision has a draw of its own, so that the
// path is met with its true probability, and sums over paths keep their expectation however the
// paths share their draws. That they do is what makes the two strategies meet the same luck.
// exploiter_test.cc compares with differences of exact values.
#include "solver/evaluation/seat_gain.h"

#include <glog/logging.h>

#include <array>
#include <cmath>
#include <vector>

namespace nash {
namespace {

constexpr int kDrawsPerBlock = 4;

class Walk {
 public:
  Walk(const SeatMatch& match, const DealBatch& known, const DealBatch& challenger,
       const StreamName& name)
      : match_(match), tree_(*match.tree), known_(known), challenger_(challenger), name_(name) {}

  // place: of the deal in the batches; number: in its stream.
  SeatChips Play(int place, uint32_t number) {
    place_ = place;
    number_ = number;
    draws_.clear();
    for (int p = 0; p < tree_.num_players(); ++p) strengths_[p] = known_.strengths(p)[place];
    chips_ = {};
    Visit(0, {1, 1});
    return chips_;
  }

 private:
  using Probabilities = std::array<double, kActionsMax>;

  void Ask(const Contestant& who, const DealBatch& deals, NodeIndex node, Probabilities* out) {
    const PublicNode& n = tree_.nodes()[node];
    who.policy->Probabilities(node, deals.buckets(n.street, n.player)[place_],
                              absl::MakeSpan(out->data(), n.num_actions));
  }

  // reach: with what probability the seat plays to here.
  void Visit(NodeIndex node, const SeatChips& reach) {
    const PublicNode& n = tree_.nodes()[node];
    const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
    Probabilities known;
    Ask(match_.known, known_, node, &known);
    if (n.player == match_.player) {
      Probabilities challenger;
      Ask(match_.challenger, challenger_, node, &challenger);
      for (size_t a = 0; a < edges.size(); ++a) {
        Follow(edges[a], {reach.known * known[a], reach.challenger * challenger[a]});
      }
    } else if (match_.follows_all) {
      for (size_t a = 0; a < edges.size(); ++a) {
        Follow(edges[a], {reach.known * known[a], reach.challenger * known[a]});
      }
    } else {
      Follow(edges[Drawn(known, n)], reach);
    }
  }

  // The recursion is at most kDepthMax calls deep.
  void Follow(const PublicEdge& edge, const SeatChips& reach) {
    if (reach.known == 0 && reach.challenger == 0) return;
    if (edge.kind() == EdgeKind::kDecision) return Visit(edge.payload(), reach);
    const double payoff = Payoff(edge);
    chips_.known += reach.known * payoff;
    chips_.challenger += reach.challenger * payoff;
  }

  size_t Drawn(const Probabilities& probabilities, const PublicNode& n) {
    while (draws_.size() <= n.depth) {
      const auto block = static_cast<uint32_t>(draws_.size() / kDrawsPerBlock);
      for (const uint32_t draw : Draw(name_, DrawPurpose::kEvaluation, number_, block)) {
        draws_.push_back(draw);
      }
    }
    double left = draws_[n.depth] * 0x1p-32;
    size_t taken = 0;
    for (size_t a = 0; a < n.num_actions; ++a) {
      if (probabilities[a] == 0) continue;
      taken = a;
      left -= probabilities[a];
      if (left < 0) break;
    }
    return taken;
  }

  double Payoff(const PublicEdge& end) const {
    const int player = match_.player;
    if (end.kind() == EdgeKind::kMultiway) {
      return MultiwayValue(tree_.game(), tree_.terminals()[end.payload()], player,
                           absl::MakeConstSpan(strengths_.data(), tree_.num_players()));
    }
    const double own_chips = tree_.OwnChips(player);
    if (end.kind() == EdgeKind::kFold) {
      const bool has_folded = static_cast<int>(end.payload()) == player;
      return own_chips + (has_folded ? -end.amount_chips : end.amount_chips);
    }
    const int32_t own = strengths_[player];
    const int32_t other = strengths_[1 - player];
    return own_chips + end.amount_chips * ((own > other) - (own < other));
  }

  const SeatMatch& match_;
  const PublicTree& tree_;
  const DealBatch& known_;
  const DealBatch& challenger_;
  const StreamName name_;
  // Of the deal that is played:
  int place_ = 0;
  uint32_t number_ = 0;
  std::vector<uint32_t> draws_;  // by depth, as far as any was needed
  std::array<int32_t, kPlayersMax> strengths_{};
  SeatChips chips_;
};

}  // namespace

void PlaySeat(const SeatMatch& match, const StreamName& name, uint32_t first_deal,
              absl::Span<SeatChips> chips) {
  const PublicTree& tree = *match.tree;
  const int n = static_cast<int>(chips.size());
  const bool is_shared = match.known.deals == match.challenger.deals;
  DealBatch known(tree.num_players(), tree.num_streets(), n);
  DealBatch challenger(tree.num_players(), tree.num_streets(), is_shared ? 0 : n);
  match.known.deals->Fill(name, first_deal, n, 0, &known);
  if (!is_shared) match.challenger.deals->Fill(name, first_deal, n, 0, &challenger);
  Walk walk(match, known, is_shared ? known : challenger, name);
  for (int i = 0; i < n; ++i) chips[i] = walk.Play(i, first_deal + i);
}

void SeatGain::Add(const SeatChips& chips) {
  known_.Add(chips.known);
  challenger_.Add(chips.challenger);
  gain_.Add(chips.challenger - chips.known);
}

}  // namespace nash
