// One hand of three and more players, as it is played and as a strategy for a menu of bets sees it.
// Of two players see translated_hand.h.
//
// Both hands go side by side, as there, and every step across goes by fractions of the pot. With
// more players there is more that can come apart: who is all-in or has folded in one hand may have
// to act in the other. So:
// - A bet is taken for one on the menu (bet_size_mapping.h), drawn as a function of (seed, hand,
//   decision). One that would be taken for a check or a call is taken for the smallest bet, so that
//   the same players have to answer it, but the strategy does not fold to it.
// - Where the tree waits for somebody who has nothing to do at the table, that player checks or
//   calls there, or folds if that is what was done at the table.
// - What a player does who has nothing to do in the tree changes nothing there.
// - Where the tree does not come to the strategy's turn on this street, the strategy checks and
//   calls.
// - A raise where the menu has none is taken for a call.
//
// A small value but for the tree and the game, which must outlive it. Thread-compatible.
#ifndef NASHVILLE_SOLVER_TRANSLATION_MULTIWAY_HAND_H_
#define NASHVILLE_SOLVER_TRANSLATION_MULTIWAY_HAND_H_

#include <cstdint>

#include "solver/game/betting_state.h"
#include "solver/game/public_tree.h"
#include "solver/translation/translated_hand.h"

namespace nash {

class MultiwayHand {
 public:
  // played: the game at the table, as TranslatedHand takes it. position: the strategy's.
  MultiwayHand(const PublicTree& tree, const GameDefinition& played, int position,
               const TranslationOptions& options, uint64_t hand);

  // The hand as it is played.
  const BettingState& state() const { return state_; }
  bool is_strategys_turn() const { return state_.player() == position_; }

  // The strategy's turn: both need is_strategys_turn().
  TranslatedDecision decision() const;
  // What an action of the decision's node is in the hand as it is played; kCallLabel where the
  // strategy always calls.
  ActionLabel ActionOf(int edge) const;

  // What was done by who is on turn. Needs a legal action.
  void TakeAction(ActionLabel action);

 private:
  // Lets others act in the tree until it comes to who is on turn at the table; stays where it is if
  // it does not.
  void CatchUp();
  void Step(int edge);
  int EdgeOfOwn(ActionLabel action) const;
  // Of another player's raise. Sets never_folds_.
  int EdgeOfRaise(int32_t total_chips);

  const PublicTree* tree_;  // not owned
  int position_;
  TranslationOptions options_;
  uint64_t hand_;
  uint32_t num_decisions_ = 0;
  BettingState state_;

  // In the tree:
  BettingState tree_state_;
  NodeIndex node_ = 0;
  bool is_over_ = false;
  bool is_in_step_ = false;   // the node is that of who is on turn at the table
  bool never_folds_ = false;  // the last bet is less than it seems in the tree
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_TRANSLATION_MULTIWAY_HAND_H_
