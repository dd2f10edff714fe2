// One hand's betting under the rules of the ACPC server, for 2 to 10 players.
//
// Knows who acts, what is legal and when the hand is over; no cards, no menu. Rules:
// docs/formats/games.md. A small value: copying it costs about what reading it does, which is how
// trees are built. Thread-compatible.
#ifndef NASHVILLE_SOLVER_GAME_BETTING_STATE_H_
#define NASHVILLE_SOLVER_GAME_BETTING_STATE_H_

#include <array>
#include <cstdint>

#include "solver/game/game_definition.h"

namespace nash {

class BettingState {
 public:
  // The state after antes and blinds. The game must outlive this and all copies, and must be one
  // that ParseGameDefinition() and CheckDeadChips() would accept.
  explicit BettingState(const GameDefinition* game);

  // True when no player has to act any more: all but one have folded, the last street is done, or
  // at most one player has chips left to bet with.
  bool is_over() const { return pending_ == 0; }
  // Position on turn. Needs !is_over().
  int player() const { return player_; }
  // The last street that had betting: an all-in before the river does not move it on.
  int street() const { return street_; }
  // Bets and raises on this street; blinds do not count.
  int raises_made() const { return raises_made_; }
  // Bit p: position p has not folded.
  uint16_t in_hand() const { return in_hand_; }

  // Bet over the whole hand by position, without dead chips; the pot, with all dead chips; and what
  // was bet by who bet most.
  int32_t spent_chips(int position) const { return spent_chips_[position]; }
  int32_t pot_chips() const { return pot_chips_; }
  int32_t max_spent_chips() const { return max_spent_chips_; }
  // What each player still betting had put in when this street started: 0 on the first street.
  int32_t street_start_chips() const { return street_start_chips_; }
  // What the player on turn lacks to max_spent_chips(); more than the player has, at times.
  int32_t owed_chips() const { return max_spent_chips_ - spent_chips_[player_]; }

  // Check or call is always legal. All of these need !is_over().
  bool CanFold() const { return owed_chips() > 0; }
  bool CanRaise() const;
  // Least and greatest legal total of a raise, put in over the whole hand; one and the same in
  // limit games and when only an undersized all-in is left. Need CanRaise().
  int32_t MinRaiseTo() const;
  int32_t MaxRaiseTo() const;
  // The least of the legal totals that puts every other player all-in who calls it: all above it
  // are the same action, since what nobody can call comes back. MaxRaiseTo() where somebody has as
  // many chips as the player. Needs CanRaise().
  int32_t MaxCalledRaiseTo() const;

  void Fold();
  void Call();
  // Needs CanRaise() and a total in [MinRaiseTo(), MaxRaiseTo()].
  void RaiseTo(int32_t total_chips);

 private:
  void Pay(int32_t total_chips);
  void FinishAction();
  void StartStreet(int street);
  int NextPending(int position) const;

  const GameDefinition* game_;  // not owned
  std::array<int32_t, kPlayersMax> spent_chips_{};
  int32_t pot_chips_ = 0;
  int32_t max_spent_chips_ = 0;
  int32_t street_start_chips_ = 0;
  int32_t min_raise_to_chips_ = 0;  // no-limit; above the stack, at times
  int32_t big_blind_chips_ = 0;     // the largest blind
  uint16_t in_hand_ = 0;
  uint16_t can_act_ = 0;  // in the hand, with chips behind
  uint16_t pending_ = 0;  // can act, and has not since the last raise or the street's start
  uint8_t player_ = 0;
  uint8_t street_ = 0;
  uint8_t raises_made_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_BETTING_STATE_H_
