// Nodes are in preorder, children after their parents: one pass from the last node to the first
// finds the values of all nodes for one deal in one seating, and no recursion is needed. A hand is
// then one path, and every term of it reads the values of the path's neighbours.
//
// aivat_match_test.cc compares with exact values on Leduc, with and without the strategy of the
// others, and with head_to_head.h.
#include "solver/evaluation/aivat_match.h"

#include <glog/logging.h>

#include <array>
#include <cmath>

#include "solver/evaluation/call_down.h"
#include "solver/evaluation/head_to_head.h"

namespace nash {

void MatchMean::Add(const MatchDeal& deal) {
  position_sums_.resize(deal.chips.size());
  double chips = 0;
  double corrected = 0;
  for (size_t p = 0; p < deal.chips.size(); ++p) {
    chips += deal.chips[p];
    corrected += deal.corrected[p];
    position_sums_[p] += deal.corrected[p];
  }
  chips_.Add(chips / deal.chips.size());
  corrected_.Add(corrected / deal.chips.size());
}

AivatMatch::AivatMatch(const PublicTree& tree, const MatchPlayer& measured,
                       const MatchPlayer& other, uint32_t walked_nodes_max)
    : tree_(tree),
      measured_(measured),
      other_(other),
      is_walked_(tree.nodes().size() <= walked_nodes_max),
      measured_deals_(tree.num_players(), tree.num_streets(), 1),
      other_deals_(tree.num_players(), tree.num_streets(), 1),
      luck_(tree.game()) {
  if (!is_walked_) return;
  walked_.resize(tree.nodes().size());
  reach_.resize(tree.nodes().size());
  taken_.resize(tree.edges().size());
  if (tree.num_players() != 2) return;
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    const PublicNode& n = tree.nodes()[node];
    for (uint32_t a = 0; a < n.num_actions; ++a) {
      const PublicEdge& edge = tree.EdgesOf(node)[a];
      const int next = StreetAfter(tree_, n.street, edge);
      if (next == n.street) continue;
      card_steps_.push_back(
          {node, n.first_edge + a, n.street, next, CalledEnd(tree_, edge).amount_chips});
    }
  }
}

void AivatMatch::Deal(const StreamName& name, uint32_t number) {
  measured_.deals->Fill(name, number, 1, 0, &measured_deals_);
  other_.deals->Fill(name, number, 1, 0, &other_deals_);
  if (expected_.empty()) luck_.Deal(name, number);
}

void AivatMatch::Probabilities(NodeIndex node, absl::Span<double> probabilities) const {
  const PublicNode& n = tree_.nodes()[node];
  const bool is_measured = n.player == position_;
  const DealBatch& deals = is_measured ? measured_deals_ : other_deals_;
  const MatchPlayer& player = is_measured ? measured_ : other_;
  player.policy->Probabilities(node, deals.buckets(n.street, n.player)[0], probabilities);
}

double AivatMatch::Payoff(const PublicEdge& end) const {
  std::array<int32_t, kPlayersMax> strengths;
  for (int p = 0; p < tree_.num_players(); ++p) strengths[p] = measured_deals_.strengths(p)[0];
  return PayoffOf(end, absl::MakeConstSpan(strengths.data(), tree_.num_players()));
}

double AivatMatch::PayoffOf(const PublicEdge& end, absl::Span<const int32_t> strengths) const {
  if (end.kind() == EdgeKind::kMultiway) {
    return MultiwayValue(tree_.game(), tree_.terminals()[end.payload()], position_, strengths);
  }
  const double own_chips = tree_.OwnChips(position_);
  if (end.kind() == EdgeKind::kFold) {
    const bool has_folded = static_cast<int>(end.payload()) == position_;
    return own_chips + (has_folded ? -end.amount_chips : end.amount_chips);
  }
  const int32_t own = strengths[position_];
  const int32_t other = strengths[1 - position_];
  return own_chips + end.amount_chips * ((own > other) - (own < other));
}

double AivatMatch::Value(const PublicEdge& edge) const {
  if (is_walked_ && edge.kind() == EdgeKind::kDecision) return walked_[edge.payload()];
  return Payoff(CalledEnd(tree_, edge));
}

double AivatMatch::Expected(const PublicEdge& end, int street) {
  if (end.kind() == EdgeKind::kShowdown) {
    const double edge = luck_.Edge(street);
    return tree_.OwnChips(position_) + end.amount_chips * (position_ == 0 ? edge : -edge);
  }
  return luck_.Mean(street,
                    [&](absl::Span<const int32_t> strengths) { return PayoffOf(end, strengths); });
}

double AivatMatch::TermOfCards(int street, const PublicEdge& edge) {
  const int next = StreetAfter(tree_, street, edge);
  if (next == street) return 0;
  const PublicEdge& end = CalledEnd(tree_, edge);
  return Expected(end, street) - Expected(end, next);
}

double AivatMatch::TermOfAllCards() {
  reach_[0] = 1;
  for (NodeIndex node = 0; node < tree_.nodes().size(); ++node) {
    const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
    const double* const taken = &taken_[tree_.nodes()[node].first_edge];
    for (size_t a = 0; a < edges.size(); ++a) {
      if (edges[a].kind() != EdgeKind::kDecision) continue;
      reach_[edges[a].payload()] = reach_[node] * taken[a];
    }
  }
  double terms = 0;
  for (const CardStep& step : card_steps_) {
    const double chips = reach_[step.node] * taken_[step.edge] * step.chips;
    if (chips != 0) terms += chips * (luck_.Edge(step.street) - luck_.Edge(step.next_street));
  }
  return position_ == 0 ? terms : -terms;
}

double AivatMatch::Walk() {
  std::array<double, kActionsMax> probabilities;
  for (NodeIndex node = static_cast<NodeIndex>(tree_.nodes().size()); node-- > 0;) {
    const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
    if (!PlayerIn(tree_.nodes()[node].player).is_known) {
      walked_[node] = Value(edges[CallEdgeOf(tree_, node)]);
      continue;
    }
    double* const taken = &taken_[tree_.nodes()[node].first_edge];
    Probabilities(node, absl::MakeSpan(probabilities.data(), edges.size()));
    double value = 0;
    for (size_t a = 0; a < edges.size(); ++a) {
      taken[a] = probabilities[a];
      if (probabilities[a] > 0) value += probabilities[a] * Value(edges[a]);
    }
    walked_[node] = value;
  }
  return walked_[0];
}

void AivatMatch::ExpectAllDeals() {
  const uint32_t deals = CountEnumeratedDeals(tree_.game());
  CHECK_GT(deals, 0u);
  CHECK(is_walked_);
  std::vector<double> sums(tree_.num_players());
  for (uint32_t number = 0; number < deals; ++number) {
    Deal(StreamName(), number);
    for (position_ = 0; position_ < tree_.num_players(); ++position_) sums[position_] += Walk();
  }
  for (double& sum : sums) sum /= deals;
  expected_ = sums;
}

// One hand: a path from the root, and a term for each draw on it.
double AivatMatch::PlayPath(const StreamName& name, uint32_t number, double* corrected) {
  double terms = 0;
  const bool goes_all_ways =
      is_walked_ && tree_.num_players() == 2 && measured_.is_known && other_.is_known;
  if (is_walked_) {
    const double value = Walk();
    if (!expected_.empty()) {
      terms += expected_[position_] - value;
    } else if (goes_all_ways) {
      terms += TermOfAllCards();
    }
  }
  const bool goes_one_way = expected_.empty() && !goes_all_ways;
  std::array<double, kActionsMax> kept;
  const StreamName draws = {name.seed, name.round, static_cast<uint32_t>(position_)};
  NodeIndex node = 0;
  while (true) {
    const PublicNode& n = tree_.nodes()[node];
    const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
    const absl::Span<double> probabilities = absl::MakeSpan(kept.data(), edges.size());
    Probabilities(node, probabilities);
    double left = Draw(draws, DrawPurpose::kSampling, number, n.depth)[0] / 4294967296.0;
    size_t taken = 0;
    for (size_t a = 0; a < edges.size(); ++a) {
      if (probabilities[a] == 0) continue;
      taken = a;
      left -= probabilities[a];
      if (left < 0) break;
    }
    if (keeps_actions_) actions_.push_back(tree_.LabelsOf(node)[taken]);
    if (PlayerIn(n.player).is_known) {
      for (size_t a = 0; a < edges.size(); ++a) {
        if (probabilities[a] > 0) terms += probabilities[a] * Value(edges[a]);
      }
      terms -= Value(edges[taken]);
    }
    if (goes_one_way) terms += TermOfCards(n.street, edges[taken]);
    if (edges[taken].kind() != EdgeKind::kDecision) {
      const double chips = Payoff(edges[taken]);
      *corrected = chips + terms;
      return chips;
    }
    node = edges[taken].payload();
  }
}

MatchDeal AivatMatch::Play(const StreamName& name, uint32_t number) {
  Deal(name, number);
  MatchDeal deal;
  for (position_ = 0; position_ < tree_.num_players(); ++position_) {
    double corrected = 0;
    actions_.clear();
    deal.chips.push_back(PlayPath(name, number, &corrected));
    deal.corrected.push_back(corrected);
    if (keeps_actions_) deal.actions.push_back(actions_);
  }
  return deal;
}

}  // namespace nash
