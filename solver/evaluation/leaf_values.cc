// What the end of a hand is worth to each hand h of the responder: a sum over all hands of the
// others that share no card with h, the board or one another.
//
// Two players, at most two hole cards: linear in the number of hands. By inclusion and exclusion
// the sum over hands apart from h = {a, b} is
//
//   all  -  those with a  -  those with b  +  h itself, which was taken off twice
//
// (SumsByCard). A fold needs one such sum; a showdown sweeps hands by strength, once up and once
// down, so that the sums at each moment are of hands that are beaten, or that beat.
//
// Otherwise: a term for each joint hand, by recursion over the others. Those still in the hand come
// first, because once their hands are chosen the pots are settled; players who folded only take
// cards out of the deck, and that matters too, so they are summed over as well.
//
// nash_conv_test.cc compares values of both ways with explicit histories.
#include "solver/evaluation/leaf_values.h"

#include <array>
#include <bit>

namespace nash {

namespace {

// Hands that are left when some are ruled out by a card: sums of reach probabilities, in all and by
// card. A hand of two cards is found under both, and is itself the only one that is.
class SumsByCard {
 public:
  void Add(CardSet hand, double reach) {
    total_ += reach;
    for (; hand != 0; hand &= hand - 1) by_card_[std::countr_zero(hand)] += reach;
  }
  // The sum over hands that share no card with `hand`. own: the reach of `hand` if it was added,
  // else 0.
  double Apart(CardSet hand, double own) const {
    double sum = total_ + (std::has_single_bit(hand) ? 0 : own);
    for (; hand != 0; hand &= hand - 1) sum -= by_card_[std::countr_zero(hand)];
    return sum;
  }

 private:
  double total_ = 0;
  std::array<double, kCardsMax> by_card_{};
};

bool SumsAreLinear(const GameDefinition& game) {
  return game.num_players == 2 && game.num_hole_cards <= 2;
}

}  // namespace

struct LeafValues::JointHands {
  absl::Span<const int32_t> strengths;  // at a showdown
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
      others_[num_others_++] = player;
      num_others_in_hand_ += is_in_hand;
    }
  }
}

double LeafValues::CountTerms(const GameDefinition& game) {
  return SumsAreLinear(game) ? CountHands(game) : CountJointHands(game);
}

void LeafValues::AddTo(int street, uint32_t board, const std::vector<std::vector<double>>& reach,
                       double factor, std::vector<double>* values) const {
  const CardSet board_cards = space_.board(street, board);
  if (SumsAreLinear(tree_.game())) {
    const std::vector<double>& others = reach[others_[0]];
    if (is_showdown_) return AddShowdown(board, others, factor * chips_, values);
    return AddFold(board_cards, others, factor * chips_, values);
  }
  JointHands joint = {{}, reach};
  if (is_showdown_) joint.strengths = space_.strengths(board);
  for (uint32_t h = 0; h < space_.num_hands(); ++h) {
    const CardSet hand = space_.hands()[h];
    if ((hand & board_cards) != 0) continue;
    const int32_t strength = is_showdown_ ? joint.strengths[h] : 0;
    if (terminal_ == nullptr) {
      (*values)[h] += factor * TwoPlayers(joint, hand | board_cards, strength);
    } else {
      joint.strength_of[responder_] = strength;
      (*values)[h] += factor * Multiway(&joint, 0, hand | board_cards, 1, 0);
    }
  }
}

void LeafValues::AddFold(CardSet board, const std::vector<double>& reach, double factor,
                         std::vector<double>* values) const {
  const absl::Span<const CardSet> hands = space_.hands();
  SumsByCard sums;
  for (size_t h = 0; h < hands.size(); ++h) {
    if ((hands[h] & board) == 0) sums.Add(hands[h], reach[h]);
  }
  for (size_t h = 0; h < hands.size(); ++h) {
    if ((hands[h] & board) == 0) (*values)[h] += factor * sums.Apart(hands[h], reach[h]);
  }
}

// Hands in order of strength, from the weakest up and from the strongest down: what was passed
// before is beaten, or beats.
void LeafValues::AddShowdown(uint32_t board, const std::vector<double>& reach, double factor,
                             std::vector<double>* values) const {
  const absl::Span<const CardSet> hands = space_.hands();
  const absl::Span<const int32_t> strengths = space_.strengths(board);
  const absl::Span<const uint32_t> order = space_.order(board);
  const auto sweep = [&](auto first, auto last, double sign) {
    SumsByCard passed;
    while (first != last) {
      auto end = first;
      for (; end != last && strengths[*end] == strengths[*first]; ++end) {
        (*values)[*end] += sign * factor * passed.Apart(hands[*end], 0);
      }
      for (; first != end; ++first) passed.Add(hands[*first], reach[*first]);
    }
  };
  sweep(order.begin(), order.end(), 1);
  sweep(order.rbegin(), order.rend(), -1);
}

double LeafValues::TwoPlayers(const JointHands& joint, CardSet used, int32_t strength) const {
  const std::vector<double>& reach = joint.reach[others_[0]];
  const absl::Span<const CardSet> hands = space_.hands();
  double total = 0;
  for (size_t h = 0; h < hands.size(); ++h) {
    if ((hands[h] & used) != 0) continue;
    const int sign =
        is_showdown_ ? (strength > joint.strengths[h]) - (strength < joint.strengths[h]) : 1;
    total += sign * reach[h];
  }
  return chips_ * total;
}

// The sum over hands of others_[index] and those after it, given the hands of those before.
// reach: the product of theirs; chips: what the responder wins, once that is known.
double LeafValues::Multiway(JointHands* joint, size_t index, CardSet used, double reach,
                            double chips) const {
  if (index == num_others_in_hand_) {
    chips = MultiwayValue(tree_.game(), *terminal_, responder_,
                          absl::MakeConstSpan(joint->strength_of.data(), tree_.num_players()));
  }
  if (index == num_others_) return reach * chips;
  const int player = others_[index];
  double total = 0;
  for (uint32_t h = 0; h < space_.num_hands(); ++h) {
    const CardSet hand = space_.hands()[h];
    const double next = reach * joint->reach[player][h];
    if ((hand & used) != 0 || next == 0) continue;
    if (is_showdown_) joint->strength_of[player] = joint->strengths[h];
    total += Multiway(joint, index + 1, used | hand, next, chips);
  }
  return total;
}

}  // namespace nash
