#include "tests/game/slow_hand.h"

#include <algorithm>

namespace nash {

SlowHand::SlowHand(const GameDefinition& game) : game_(game), seats_(game.num_players) {
  for (int i = 0; i < game.num_players; ++i) {
    seats_[i].ante = game.dead_chips[i];
    seats_[i].stack = game.stack_chips[i] - seats_[i].ante;
    seats_[i].spent = game.blind_chips[i];
  }
  // "Minimum raise-to starts at twice the largest blind"; without blinds a bet is one chip.
  least_raise_to_ = std::max<int64_t>(2 * HighestSpent(), 1);
  if (CountCanAct() == 0) over_ = true;
}

int SlowHand::CountCanAct() const {
  int count = 0;
  for (size_t i = 0; i < seats_.size(); ++i) count += CanAct(i);
  return count;
}

int SlowHand::CountFolded() const {
  int count = 0;
  for (const Seat& seat : seats_) count += seat.folded;
  return count;
}

// Walks back through the round to its last raise: who raised or called since has called.
int SlowHand::CountCalled() const {
  int count = 0;
  for (auto it = log_.rbegin(); it != log_.rend(); ++it) {
    if (it->action != 'f' && CanAct(it->seat)) ++count;
    if (it->action == 'r') break;
  }
  return count;
}

int SlowHand::Turn() const {
  int seat = log_.empty() ? game_.first_player[round_] : (log_.back().seat + 1) % seats_.size();
  while (!CanAct(seat)) seat = (seat + 1) % seats_.size();
  return seat;
}

int SlowHand::RaisesThisRound() const {
  return std::count_if(log_.begin(), log_.end(), [](const Logged& l) { return l.action == 'r'; });
}

int64_t SlowHand::HighestSpent() const {
  int64_t highest = 0;
  for (const Seat& seat : seats_) highest = std::max(highest, seat.spent);
  return highest;
}

int64_t SlowHand::Pot() const {
  int64_t pot = 0;
  for (const Seat& seat : seats_) pot += seat.ante + seat.spent;
  return pot;
}

bool SlowHand::FoldLegal() const {
  // Nobody who is all-in is ever on turn.
  return seats_[Turn()].spent < HighestSpent();
}

std::optional<std::pair<int64_t, int64_t>> SlowHand::RaiseLegal() const {
  if (RaisesThisRound() >= game_.max_raises[round_] || CountCanAct() <= 1) return std::nullopt;
  const int64_t stack = seats_[Turn()].stack;
  if (stack <= HighestSpent()) return std::nullopt;
  if (game_.betting == BettingKind::kLimit) {
    const int64_t total = std::min(stack, HighestSpent() + game_.raise_chips[round_]);
    return std::make_pair(total, total);
  }
  if (least_raise_to_ > stack) return std::make_pair(stack, stack);
  return std::make_pair(least_raise_to_, stack);
}

void SlowHand::Play(char action, int64_t total) {
  const int seat = Turn();
  history_ += action;
  if (action == 'f') {
    seats_[seat].folded = true;
  } else if (action == 'c') {
    seats_[seat].spent = std::min(seats_[seat].stack, HighestSpent());
  } else {
    // "After a raise to X over the previous total M it becomes at least X + (X - M)."
    least_raise_to_ = std::max(least_raise_to_, total + (total - HighestSpent()));
    seats_[seat].spent = total;
    history_ += std::to_string(total);
  }
  log_.push_back({seat, action});
  SeeWhetherTheRoundEnds();
}

void SlowHand::SeeWhetherTheRoundEnds() {
  if (CountFolded() + 1 == seats_.size()) {
    over_ = true;
    return;
  }
  if (CountCalled() < CountCanAct()) return;
  if (CountCanAct() <= 1 || round_ + 1 == game_.num_streets) {
    over_ = true;
    return;
  }
  ++round_;
  log_.clear();
  history_ += '/';
  round_start_ = HighestSpent();
  int64_t least_bet = 1;
  for (int i = 0; i < game_.num_players; ++i) {
    least_bet = std::max<int64_t>(least_bet, game_.blind_chips[i]);
  }
  least_raise_to_ = round_start_ + least_bet;
}

// Peels off what everybody who still has chips in the middle can match, pot by pot.
std::vector<int64_t> SlowHand::Payoffs(const std::vector<int>& strengths) const {
  std::vector<int64_t> left, payoffs(seats_.size(), 0);
  for (const Seat& seat : seats_) left.push_back(seat.spent);
  // The antes are the pot that lies in the middle first: whoever holds cards may win it.
  int64_t antes = 0;
  int best = -1;
  for (size_t i = 0; i < seats_.size(); ++i) {
    antes += seats_[i].ante;
    payoffs[i] -= seats_[i].ante * kSharesPerChip;
    if (!seats_[i].folded) best = std::max(best, strengths[i]);
  }
  int64_t best_seats = 0;
  for (size_t i = 0; i < seats_.size(); ++i) {
    best_seats += !seats_[i].folded && strengths[i] == best;
  }
  for (size_t i = 0; i < seats_.size(); ++i) {
    if (!seats_[i].folded && strengths[i] == best) {
      payoffs[i] += antes * kSharesPerChip / best_seats;
    }
  }
  while (true) {
    int64_t slice = 0;
    for (int64_t chips : left) {
      if (chips > 0 && (slice == 0 || chips < slice)) slice = chips;
    }
    if (slice == 0) return payoffs;
    std::vector<int> winners;
    int64_t pot = 0;
    for (size_t i = 0; i < seats_.size(); ++i) {
      if (left[i] == 0) continue;
      left[i] -= slice;
      payoffs[i] -= slice * kSharesPerChip;
      pot += slice;
      if (seats_[i].folded) continue;
      if (!winners.empty() && strengths[i] > strengths[winners[0]]) winners.clear();
      if (winners.empty() || strengths[i] == strengths[winners[0]]) winners.push_back(i);
    }
    for (int winner : winners) {
      payoffs[winner] += pot * kSharesPerChip / static_cast<int64_t>(winners.size());
    }
  }
}

}  // namespace nash
