// Three sets of positions, as bits, say who is where:
//
//   in_hand_   has not folded
//   can_act_   has not folded and has chips left
//   pending_   has yet to act before this street's betting ends; a subset of can_act_
//
// A fold leaves all three, a call leaves pending_, a player whose chips are gone leaves can_act_,
// and a raise puts all others that can act back into pending_. Betting on a street ends when
// pending_ is empty; the hand ends with it where one player is left, on the last street, or where
// at most one can still act, since a player alone has no one to bet against. Cards yet to come are
// not our business, so street_ then stays where the last betting was.
//
// Dead chips (antes) are in the pot from the start and nowhere else: nobody has bet them, so they
// only make stacks smaller (GameDefinition::BetChipsMax). Amounts are totals over the whole hand,
// not bets: then a call is "up to max_spent_chips_", all-ins for less need no case of their own,
// and side pots follow from what each has put in (MultiwayValue() in public_tree.h).
//
// The rules are those of the ACPC server, also where casinos have others: an undersized all-in
// counts as a raise and opens the betting again. betting_state_test.cc plays many random hands
// against a slow, separate program of the rules (slow_hand.h).
#include "solver/game/betting_state.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>

namespace nash {

BettingState::BettingState(const GameDefinition* game) : game_(game) {
  for (int p = 0; p < game->num_players; ++p) {
    spent_chips_[p] = game->blind_chips[p];
    pot_chips_ += spent_chips_[p] + game->dead_chips[p];
    big_blind_chips_ = std::max(big_blind_chips_, spent_chips_[p]);
    in_hand_ |= 1 << p;
    if (spent_chips_[p] < game->BetChipsMax(p)) can_act_ |= 1 << p;
  }
  max_spent_chips_ = big_blind_chips_;
  StartStreet(0);
  street_start_chips_ = 0;  // blinds are bets of the first street
}

bool BettingState::CanRaise() const {
  DCHECK(!is_over());
  if (raises_made_ >= game_->max_raises[street_]) return false;
  if (std::popcount(can_act_) <= 1) return false;  // no one could call
  return game_->BetChipsMax(player_) > max_spent_chips_;
}

int32_t BettingState::MinRaiseTo() const {
  const int32_t least = game_->betting == BettingKind::kLimit
                            ? max_spent_chips_ + game_->raise_chips[street_]
                            : min_raise_to_chips_;
  return std::min(least, game_->BetChipsMax(player_));
}

int32_t BettingState::MaxRaiseTo() const {
  return game_->betting == BettingKind::kLimit ? MinRaiseTo() : game_->BetChipsMax(player_);
}

int32_t BettingState::MaxCalledRaiseTo() const {
  int32_t most = 0;
  for (int p = 0; p < game_->num_players; ++p) {
    const bool can_call = p != player_ && (can_act_ >> p & 1) != 0;
    if (can_call) most = std::max(most, game_->BetChipsMax(p));
  }
  return std::clamp(most, MinRaiseTo(), MaxRaiseTo());
}

void BettingState::Fold() {
  DCHECK(CanFold());
  const uint16_t others = ~(1 << player_);
  in_hand_ &= others;
  can_act_ &= others;
  pending_ &= others;
  FinishAction();
}

void BettingState::Call() {
  DCHECK(!is_over());
  Pay(std::min(max_spent_chips_, game_->BetChipsMax(player_)));
  pending_ &= ~(1 << player_);
  FinishAction();
}

void BettingState::RaiseTo(int32_t total_chips) {
  DCHECK(CanRaise());
  DCHECK_GE(total_chips, MinRaiseTo());
  DCHECK_LE(total_chips, MaxRaiseTo());
  // The next raise must be at least as large as this one: total + (total - what was to be called).
  // An undersized all-in raises by less than the last raise did, and must not lower the minimum.
  min_raise_to_chips_ = std::max(min_raise_to_chips_, 2 * total_chips - max_spent_chips_);
  max_spent_chips_ = total_chips;
  ++raises_made_;
  Pay(total_chips);
  pending_ = can_act_ & ~(1 << player_);
  FinishAction();
}

void BettingState::Pay(int32_t total_chips) {
  pot_chips_ += total_chips - spent_chips_[player_];
  spent_chips_[player_] = total_chips;
  if (total_chips == game_->BetChipsMax(player_)) can_act_ &= ~(1 << player_);
}

void BettingState::FinishAction() {
  if (std::has_single_bit(in_hand_)) {
    pending_ = 0;
  } else if (pending_ != 0) {
    player_ = NextPending(player_ + 1);
  } else if (std::popcount(can_act_) > 1 && street_ + 1 < game_->num_streets) {
    StartStreet(street_ + 1);
  }
}

void BettingState::StartStreet(int street) {
  street_ = street;
  raises_made_ = 0;
  street_start_chips_ = max_spent_chips_;
  min_raise_to_chips_ = max_spent_chips_ + std::max(big_blind_chips_, 1);
  pending_ = can_act_;
  if (pending_ != 0) player_ = NextPending(game_->first_player[street]);
}

// The first position at or after `position`, in turn, that has to act. Needs a pending one.
int BettingState::NextPending(int position) const {
  const uint32_t at_or_after = pending_ >> position;
  if (at_or_after != 0) return position + std::countr_zero(at_or_after);
  return std::countr_zero(pending_);
}

}  // namespace nash
