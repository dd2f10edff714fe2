// Two states side by side, and the question after each action of the table: is the tree where the
// table is?
//
//   state_        the hand as it is played, by its own chips
//   tree_state_   the same hand in the tree, at node_
//   is_in_step_   the tree stands on this street with the same player to act
//
// CatchUp() lets players check, call or fold in the tree until both wait for the same player, on a
// copy that is dropped if that never happens; then the strategy calls until the hand or the street
// is over. Nothing is repaired any further, because a tree that went on with another pot, or with
// players who have folded, would be answered from rows that were learned for something else.
//
// Raises go across as fractions of the pot after calling. tests/translation/multiway_hand_test.cc
// plays random hands with other stacks and sees that every answer is legal.
#include "solver/translation/multiway_hand.h"

#include <glog/logging.h>

#include <array>
#include <cstdlib>

#include "solver/game/betting_text.h"
#include "solver/translation/pot_fraction.h"

namespace nash {
namespace {

int CallEdge(absl::Span<const ActionLabel> labels) { return labels[0] == kFoldLabel ? 1 : 0; }

}  // namespace

MultiwayHand::MultiwayHand(const PublicTree& tree, const GameDefinition& played, int position,
                           const TranslationOptions& options, uint64_t hand)
    : tree_(&tree),
      position_(position),
      options_(options),
      hand_(hand),
      state_(&played),
      tree_state_(&tree.game()) {
  CatchUp();
}

TranslatedDecision MultiwayHand::decision() const {
  DCHECK(is_strategys_turn());
  if (!is_in_step_) return {.always_calls = true};
  return {.node = node_, .never_folds = never_folds_ && tree_->LabelsOf(node_)[0] == kFoldLabel};
}

ActionLabel MultiwayHand::ActionOf(int edge) const {
  const TranslatedDecision where = decision();
  if (where.always_calls) return kCallLabel;
  const ActionLabel label = tree_->LabelsOf(node_)[edge];
  if (label == kFoldLabel) {
    return where.never_folds || !state_.CanFold() ? kCallLabel : kFoldLabel;
  }
  if (label == kCallLabel || !state_.CanRaise()) return kCallLabel;
  return SameRaise(tree_state_, label, state_);
}

void MultiwayHand::Step(int edge) {
  const PublicEdge& taken = tree_->EdgesOf(node_)[edge];
  ApplyAction(tree_->LabelsOf(node_)[edge], &tree_state_);
  is_over_ = taken.kind() != EdgeKind::kDecision;
  if (!is_over_) node_ = taken.payload();
}

void MultiwayHand::CatchUp() {
  is_in_step_ = false;
  if (state_.is_over()) return;
  MultiwayHand ahead = *this;
  while (!ahead.is_over_ && ahead.tree_state_.street() <= state_.street()) {
    const int actor = ahead.tree_state_.player();
    if (ahead.tree_state_.street() == state_.street() && actor == state_.player()) {
      *this = ahead;
      is_in_step_ = true;
      return;
    }
    const bool has_folded = (state_.in_hand() >> actor & 1) == 0;
    ahead.Step(has_folded ? 0 : CallEdge(tree_->LabelsOf(ahead.node_)));
  }
}

int MultiwayHand::EdgeOfOwn(ActionLabel action) const {
  const absl::Span<const ActionLabel> labels = tree_->LabelsOf(node_);
  int nearest = CallEdge(labels);
  int64_t distance = INT64_MAX;
  for (size_t edge = 0; edge < labels.size(); ++edge) {
    const ActionLabel own = ActionOf(static_cast<int>(edge));
    if (own == action) return static_cast<int>(edge);
    if (!IsRaise(action) || !IsRaise(own)) continue;
    const int64_t off = std::abs(int64_t{own} - action);
    if (off >= distance) continue;
    distance = off;
    nearest = static_cast<int>(edge);
  }
  return action == kFoldLabel ? 0 : nearest;
}

int MultiwayHand::EdgeOfRaise(int32_t total_chips) {
  const absl::Span<const ActionLabel> labels = tree_->LabelsOf(node_);
  const int call = CallEdge(labels);
  never_folds_ = false;
  if (!IsRaise(labels.back())) return call;
  std::array<double, kActionsMax> sizes;
  int num_sizes = 0;
  sizes[num_sizes++] = 0;  // the call
  for (size_t edge = call + 1; edge < labels.size(); ++edge) {
    sizes[num_sizes++] = RaiseSize(tree_state_, labels[edge]);
  }
  const BetSizeMapping meaning = MapBetSize(absl::MakeConstSpan(sizes.data(), num_sizes),
                                            RaiseSize(state_, total_chips), options_.kind);
  const bool is_low =
      meaning.low == meaning.high ||
      DrawTranslation(options_.seed, hand_, num_decisions_) < meaning.low_probability;
  const int size = is_low ? meaning.low : meaning.high;
  // Size 0 stands for the call, which would skip those who have to answer: it becomes the smallest
  // raise.
  never_folds_ = size == 0;
  return call + std::max(size, 1);
}

void MultiwayHand::TakeAction(ActionLabel action) {
  if (is_in_step_) {
    const absl::Span<const ActionLabel> labels = tree_->LabelsOf(node_);
    if (is_strategys_turn()) {
      const int edge = EdgeOfOwn(action);
      if (IsRaise(action)) never_folds_ = false;
      Step(edge);
    } else if (IsRaise(action)) {
      Step(EdgeOfRaise(action));
    } else {
      Step(action == kFoldLabel ? 0 : CallEdge(labels));
    }
  }
  ++num_decisions_;
  const int street = state_.street();
  ApplyAction(action, &state_);
  if (state_.street() != street) never_folds_ = false;
  CatchUp();
}

}  // namespace nash
