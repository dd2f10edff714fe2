#include "solver/evaluation/leaf_values.h"

#include <array>
#include <bit>

namespace nash {

struct LeafValues::Sum {
  absl::Span<const int32_t> strengths;
  const std::vector<std::vector<double>>& reach;
  std::array<int32_t, kPlayersMax> strength_of{};  // by position, as far as hands are chosen
};

LeafValues::LeafValues(const PublicTree& tree, const HandSpace& space, const PublicEdge& edge,
                       int responder)
    : tree_(tree), space_(space), responder_(responder) {
  uint32_t in_hand = ~uint32_t{0};
  switch (edge.kind()) {
    case EdgeKind::kDecision:
      break;
    case EdgeKind::kFold:
      chips_ = edge.payload() == static_cast<uint32_t>(responder) ? -edge.amount_chips
                                                                  : edge.amount_chips;
      break;
    case EdgeKind::kShowdown:
      is_showdown_ = true;
      chips_ = edge.amount_chips;
      break;
    case EdgeKind::kMultiway:
      terminal_ = &tree.terminals()[edge.payload()];
      in_hand = terminal_->in_hand;
      is_showdown_ = std::popcount(in_hand) > 1;
      break;
  }
  for (const bool wanted : {true, false}) {
    for (int player = 0; player < tree.num_players(); ++player) {
      const bool is_in_hand = (in_hand >> player) & 1;
      if (player == responder || is_in_hand != wanted) continue;
      others_.push_back(player);
      num_others_in_hand_ += is_in_hand;
    }
  }
}

void LeafValues::AddTo(CardSet board, absl::Span<const int32_t> strengths,
                       const std::vector<std::vector<double>>& reach, double factor,
                       std::vector<double>* values) const {
  Sum sum = {strengths, reach};
  for (uint32_t h = 0; h < space_.num_hands(); ++h) {
    const CardSet hand = space_.hands()[h];
    if ((hand & board) != 0) continue;
    const int32_t strength = is_showdown_ ? strengths[h] : 0;
    if (terminal_ == nullptr) {
      (*values)[h] += factor * TwoPlayers(sum, hand | board, strength);
    } else {
      sum.strength_of[responder_] = strength;
      (*values)[h] += factor * Multiway(&sum, 0, hand | board, 1, 0);
    }
  }
}

double LeafValues::TwoPlayers(const Sum& sum, CardSet used, int32_t strength) const {
  const std::vector<double>& reach = sum.reach[others_[0]];
  const absl::Span<const CardSet> hands = space_.hands();
  double total = 0;
  for (size_t h = 0; h < hands.size(); ++h) {
    if ((hands[h] & used) != 0) continue;
    const int sign =
        is_showdown_ ? (strength > sum.strengths[h]) - (strength < sum.strengths[h]) : 1;
    total += sign * reach[h];
  }
  return chips_ * total;
}

// The sum over hands of others_[index] and those after it, given the hands of those before.
// reach: the product of theirs; chips: what the responder wins, once that is known.
double LeafValues::Multiway(Sum* sum, size_t index, CardSet used, double reach,
                            double chips) const {
  if (index == num_others_in_hand_) {
    chips = MultiwayValue(*terminal_, responder_,
                          absl::MakeConstSpan(sum->strength_of.data(), tree_.num_players()));
  }
  if (index == others_.size()) return reach * chips;
  const int player = others_[index];
  double total = 0;
  for (uint32_t h = 0; h < space_.num_hands(); ++h) {
    const CardSet hand = space_.hands()[h];
    const double next = reach * sum->reach[player][h];
    if ((hand & used) != 0 || next == 0) continue;
    if (is_showdown_) sum->strength_of[player] = sum->strengths[h];
    total += Multiway(sum, index + 1, used | hand, next, chips);
  }
  return total;
}

}  // namespace nash
