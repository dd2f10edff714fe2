// Two hands run side by side, state_ as it is played and place_ in the tree, and agree on who acts
// and on the street. What differs are chips, so that every step across goes by fractions of the
// pot.
//
//     the opponent raises    TakeRaise: a size of the menu, drawn; place_ is where it is answered
//     the strategy answers   Take: fold and call are themselves, a raise keeps its share of the pot
//     nothing fits           is_off_tree_: from here on the strategy checks and calls
//
// A bet that was drawn as a call is the hard case. If the street goes on after the call in the
// tree, the strategy acts there as if nobody had bet, but cannot fold. If it does not, place_ is
// where the strategy would answer the smallest bet, bettor_ and bet_edge_ remember what the tree
// believes, and the strategy's call then leads to where a call of the tree's bet does.
//
// The tests play by hand what the header promises, case by case, in tests/translation.
#include "solver/translation/translated_hand.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "solver/game/betting_text.h"
#include "solver/translation/pot_fraction.h"

namespace nash {
void TranslatedDecision::Adjust(absl::Span<double> probabilities) const {
  if (!never_folds) return;
  probabilities[1] += probabilities[0];
  probabilities[0] = 0;
}

TranslatedHand::TranslatedHand(const PublicTree& tree, int position,
                               const TranslationOptions& options, uint64_t hand)
    : TranslatedHand(tree, tree.game(), position, options, hand) {}

TranslatedHand::TranslatedHand(const PublicTree& tree, const GameDefinition& played, int position,
                               const TranslationOptions& options, uint64_t hand)
    : tree_(&tree),
      position_(position),
      options_(options),
      hand_(hand),
      state_(&played),
      place_{BettingState(&tree.game()), 0, false},
      bettor_(place_) {
  CHECK_EQ(tree.num_players(), 2);
}

TranslatedHand::Place TranslatedHand::Follow(const Place& from, int edge) const {
  Place to = from;
  ApplyAction(tree_->LabelsOf(from.node)[edge], &to.state);
  const PublicEdge& taken = tree_->EdgesOf(from.node)[edge];
  to.is_over = taken.kind() != EdgeKind::kDecision;
  DCHECK_EQ(to.is_over, to.state.is_over());
  if (!to.is_over) to.node = taken.payload();
  return to;
}

int TranslatedHand::CallEdgeOf(NodeIndex node) const {
  return tree_->LabelsOf(node)[0] == kFoldLabel ? 1 : 0;
}

bool TranslatedHand::CanTakeRaise() const {
  DCHECK(!is_strategys_turn());
  return !is_off_tree_ && state_.CanRaise() && IsRaise(tree_->LabelsOf(place_.node).back());
}

BetSizeMapping TranslatedHand::MeaningOf(int32_t total_chips) const {
  DCHECK(CanTakeRaise());
  const absl::Span<const ActionLabel> labels = tree_->LabelsOf(place_.node);
  const int call = CallEdgeOf(place_.node);
  std::array<double, kActionsMax> sizes;
  int num_sizes = 0;
  sizes[num_sizes++] = 0;  // the call
  for (size_t edge = call + 1; edge < labels.size(); ++edge) {
    sizes[num_sizes++] = RaiseSize(place_.state, labels[edge]);
  }
  BetSizeMapping mapping = MapBetSize(absl::MakeConstSpan(sizes.data(), num_sizes),
                                      RaiseSize(state_, total_chips), options_.kind);
  mapping.low += call;
  mapping.high += call;
  return mapping;
}

TranslatedHand::Place TranslatedHand::AnswerTo(int edge) const {
  const Place child = Follow(place_, edge);
  const PublicNode& before = tree_->nodes()[place_.node];
  const bool goes_on = !child.is_over && tree_->nodes()[child.node].street == before.street;
  if (goes_on) return child;
  // The call ends the street: the strategy answers the smallest bet instead.
  return edge + 1 < before.num_actions ? Follow(place_, edge + 1) : child;
}

TranslatedDecision TranslatedHand::DecisionAfter(int edge) const {
  DCHECK(!is_strategys_turn());
  if (is_off_tree_) return {.always_calls = true};
  const Place answer = AnswerTo(edge);
  const ActionLabel label = tree_->LabelsOf(place_.node)[edge];
  const bool is_node =
      !answer.is_over && tree_->nodes()[answer.node].street == tree_->nodes()[place_.node].street;
  if (!is_node) return {.always_calls = true};
  const bool is_next_bet =
      answer.state.max_spent_chips() > std::max(label, place_.state.max_spent_chips());
  return {.node = answer.node, .never_folds = is_next_bet};
}

void TranslatedHand::MoveTo(const Place& place) {
  bet_edge_ = kNoBet;
  if (state_.is_over()) return;
  place_ = place;
  is_off_tree_ |= place.is_over;
  decision_ = {.node = place.node, .always_calls = is_off_tree_};
  DCHECK(is_off_tree_ || place.state.street() == state_.street());
  DCHECK(is_off_tree_ || place.state.player() == state_.player());
}

void TranslatedHand::TakeFold() {
  DCHECK(!is_strategys_turn());
  ++num_decisions_;
  state_.Fold();
}

void TranslatedHand::TakeCall() {
  DCHECK(!is_strategys_turn());
  ++num_decisions_;
  state_.Call();
  MoveTo(is_off_tree_ ? place_ : Follow(place_, CallEdgeOf(place_.node)));
}

void TranslatedHand::TakeRaise(int32_t total_chips) {
  DCHECK(!is_strategys_turn());
  int edge = is_off_tree_ ? kNoBet : CallEdgeOf(place_.node);
  if (CanTakeRaise()) {
    const BetSizeMapping meaning = MeaningOf(total_chips);
    const bool is_low =
        meaning.low == meaning.high ||
        DrawTranslation(options_.seed, hand_, num_decisions_) < meaning.low_probability;
    edge = is_low ? meaning.low : meaning.high;
  }
  TakeRaiseFor(total_chips, edge);
}

void TranslatedHand::TakeRaiseFor(int32_t total_chips, int edge) {
  ++num_decisions_;
  decision_ = DecisionAfter(edge);
  state_.RaiseTo(total_chips);
  if (is_off_tree_) return;
  bettor_ = place_;
  bet_edge_ = edge;
  place_ = AnswerTo(edge);
}

ActionLabel TranslatedHand::ActionOf(int edge) const {
  DCHECK(is_strategys_turn());
  if (decision_.always_calls) return kCallLabel;
  const ActionLabel label = tree_->LabelsOf(decision_.node)[edge];
  if (label == kFoldLabel) {
    return decision_.never_folds || !state_.CanFold() ? kCallLabel : kFoldLabel;
  }
  if (label == kCallLabel || !state_.CanRaise()) return kCallLabel;
  return SameRaise(place_.state, label, state_);
}

TranslatedHand::Place TranslatedHand::AfterCallOf(const Place& bettor, int edge) const {
  const Place child = Follow(bettor, edge);
  const bool is_answered = !child.is_over && child.state.player() == position_ &&
                           child.state.street() == bettor.state.street();
  return is_answered ? Follow(child, CallEdgeOf(child.node)) : child;
}

void TranslatedHand::CallInTree() {
  if (is_off_tree_ || state_.is_over()) {
    return MoveTo(place_);
  }
  if (bet_edge_ == kNoBet) return MoveTo(Follow(place_, CallEdgeOf(place_.node)));
  const int call = CallEdgeOf(bettor_.node);
  int edge = bet_edge_;
  Place after = AfterCallOf(bettor_, edge);
  while (after.is_over && edge > call) after = AfterCallOf(bettor_, --edge);
  MoveTo(after);
}

void TranslatedHand::Take(int edge) { TakeAs(edge, ActionOf(edge)); }

void TranslatedHand::TakeAs(int edge, ActionLabel action) {
  ++num_decisions_;
  if (action == kFoldLabel) {
    state_.Fold();
  } else if (action == kCallLabel) {
    state_.Call();
    CallInTree();
  } else {
    state_.RaiseTo(action);
    if (edge == kNoBet) {
      is_off_tree_ = true;
    } else {
      MoveTo(Follow(place_, edge));
    }
  }
}

int TranslatedHand::EdgeOf(ActionLabel action) const {
  if (decision_.always_calls) return kNoBet;
  const absl::Span<const ActionLabel> labels = tree_->LabelsOf(decision_.node);
  int nearest = kNoBet;
  for (size_t edge = 0; edge < labels.size(); ++edge) {
    const ActionLabel own = ActionOf(static_cast<int>(edge));
    if (own == action) return static_cast<int>(edge);
    if (!IsRaise(own) || !IsRaise(labels[edge])) continue;
    if (nearest == kNoBet || std::abs(own - action) < std::abs(ActionOf(nearest) - action)) {
      nearest = static_cast<int>(edge);
    }
  }
  return nearest;
}

void TranslatedHand::TakeAction(ActionLabel action) {
  if (is_strategys_turn()) return TakeAs(EdgeOf(action), action);
  if (action == kFoldLabel) {
    TakeFold();
  } else if (action == kCallLabel) {
    TakeCall();
  } else {
    TakeRaise(action);
  }
}

}  // namespace nash
