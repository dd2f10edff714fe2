// One hand of two players, as it is played and as a strategy for a menu of bets sees it.
//
// The opponent may bet anything that the rules allow. The strategy knows the public tree of its
// menu only: each bet is taken for one on the menu (bet_size_mapping.h), and the strategy's own
// actions are turned back into chips of the hand as it is played, the same fraction of the pot.
// Which of two neighbours a bet is taken for is a function of (seed, hand, decision), so that a
// hand that is replayed is translated alike.
//
// Where the two hands cannot agree:
// - A small bet that is taken for a check or a call and would so end the street or the hand: the
//   strategy still has to answer. It raises as it would after the smallest bet of the menu, and
//   calls where it would not. A bet that is taken for nothing is never folded to.
// - A bet that is taken for an all-in but leaves chips behind, and is called: the tree ends there
//   and the hand goes on. It goes on in the tree after the largest smaller bet that does, or after
//   a call.
// - A raise of the strategy that is not legal in the hand as it is played is the nearest legal one,
//   or a call where none is.
// - A bet where the menu has none, as after its last raise, cannot be translated: CanTakeRaise().
//
// A small value but for the tree, which must outlive it: copying it costs a few hundred bytes.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_TRANSLATION_TRANSLATED_HAND_H_
#define NASHVILLE_SOLVER_TRANSLATION_TRANSLATED_HAND_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/game/betting_state.h"
#include "solver/game/public_tree.h"
#include "solver/translation/bet_size_mapping.h"

namespace nash {

struct TranslationOptions {
  TranslationKind kind = TranslationKind::kPseudoHarmonic;
  uint64_t seed = 1;
};

// Where a strategy looks up what to do now.
struct TranslatedDecision {
  NodeIndex node = 0;
  // What the node's strategy folds is called.
  bool never_folds = false;
  // There is nothing to look up: the strategy checks and calls. `node` is not set.
  bool always_calls = false;

  // Turns the probabilities at `node` into those that are played. Needs a fold at the node where
  // never_folds, which there is: it answers a bet.
  void Adjust(absl::Span<double> probabilities) const;
};

class TranslatedHand {
 public:
  // position: the strategy's. hand: its number, under which bets are drawn.
  TranslatedHand(const PublicTree& tree, int position, const TranslationOptions& options,
                 uint64_t hand);
  // The same, played for other stakes or with other stacks than the tree's: `played` has the tree's
  // players, streets and order of play, and every stack is larger than every blind. It must outlive
  // this. Bets keep their fraction of the pot; who is all-in at the table and not in the tree, or
  // the other way round, is as above.
  TranslatedHand(const PublicTree& tree, const GameDefinition& played, int position,
                 const TranslationOptions& options, uint64_t hand);

  // The hand as it is played.
  const BettingState& state() const { return state_; }
  bool is_strategys_turn() const { return state_.player() == position_; }

  // The opponent's turn. All need !is_strategys_turn().
  //
  // Whether the menu has any bet that a raise could be taken for.
  bool CanTakeRaise() const;
  // What a raise to `total_chips` is taken for: edges of the tree's node, of which the smaller may
  // be the call. Needs CanTakeRaise() and a legal raise.
  BetSizeMapping MeaningOf(int32_t total_chips) const;
  // Where the strategy would look if a raise were taken for `edge`.
  TranslatedDecision DecisionAfter(int edge) const;
  void TakeFold();
  void TakeCall();
  // A raise. If the menu has none, it is taken for a call.
  void TakeRaise(int32_t total_chips);
  // A raise that is taken for `edge`, one of the two of MeaningOf(). Needs CanTakeRaise().
  void TakeRaiseFor(int32_t total_chips, int edge);

  // The strategy's turn. All need is_strategys_turn().
  TranslatedDecision decision() const { return decision_; }
  // What an action of the decision's node is in the hand as it is played: kCallLabel, whatever the
  // edge, where it always calls.
  ActionLabel ActionOf(int edge) const;
  // The strategy takes the action of an edge of its decision's node; of any where it always calls.
  void Take(int edge);

  // What was done by who is on turn, in a hand that is told of later. Of the strategy's own actions
  // it is the edge whose ActionOf() it is that was taken; a raise that is none's is taken for the
  // nearest, and where the menu has none the strategy checks and calls from there on. Needs a legal
  // action.
  void TakeAction(ActionLabel action);

 private:
  static constexpr int kNoBet = -1;
  // A place in the tree.
  struct Place {
    BettingState state;
    NodeIndex node = 0;
    bool is_over = false;
  };
  Place Follow(const Place& from, int edge) const;
  int CallEdgeOf(NodeIndex node) const;
  // After a bet of `edge` at `bettor` and a call.
  Place AfterCallOf(const Place& bettor, int edge) const;
  // The tree goes on at `place`; off it, if it is over there and the hand is not.
  void MoveTo(const Place& place);
  // Where the strategy decides if the opponent's raise is taken for `edge`.
  Place AnswerTo(int edge) const;
  // The edge of the strategy's own action; kNoBet where there is none.
  int EdgeOf(ActionLabel action) const;
  void TakeAs(int edge, ActionLabel action);
  // The strategy has called.
  void CallInTree();

  const PublicTree* tree_;  // not owned
  int position_;
  TranslationOptions options_;
  uint64_t hand_;
  uint32_t num_decisions_ = 0;  // of either player
  BettingState state_;

  // In the tree: where the opponent acts, or where the strategy answers (its decision's node).
  Place place_;
  TranslatedDecision decision_;
  bool is_off_tree_ = false;
  // The bet that the strategy answers: where it was made, and what it was taken for.
  Place bettor_;
  int bet_edge_ = kNoBet;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_TRANSLATION_TRANSLATED_HAND_H_
