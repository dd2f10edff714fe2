// A second, slow reading of the server's betting rules, to compare BettingState with.
//
// Keeps seats and the log of the round, and answers every question by walking over them. Written
// from the rules as the server states them; shares no code with solver/game but the definition.
#ifndef NASHVILLE_TESTS_GAME_SLOW_HAND_H_
#define NASHVILLE_TESTS_GAME_SLOW_HAND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "solver/game/game_definition.h"

namespace nash {

class SlowHand {
 public:
  // A number that 1 to 10 winners divide: payoffs are in 1/2520 chips and so are exact.
  static constexpr int64_t kSharesPerChip = 2520;

  struct Seat {
    int64_t stack = 0;  // what is left after the ante
    int64_t spent = 0;
    int64_t ante = 0;
    bool folded = false;
  };

  explicit SlowHand(const GameDefinition& game);

  bool over() const { return over_; }
  int round() const { return round_; }
  const std::vector<Seat>& seats() const { return seats_; }
  int64_t round_start() const { return round_start_; }
  const std::string& history() const { return history_; }

  int Turn() const;
  int RaisesThisRound() const;
  int64_t HighestSpent() const;
  int64_t Pot() const;
  bool FoldLegal() const;
  // Least and greatest total to raise to, where a raise is legal.
  std::optional<std::pair<int64_t, int64_t>> RaiseLegal() const;

  // action: 'f', 'c' or 'r'; total: of a raise.
  void Play(char action, int64_t total = 0);

  // By seat, in 1/2520 chips.
  std::vector<int64_t> Payoffs(const std::vector<int>& strengths) const;

 private:
  struct Logged {
    int seat;
    char action;
  };

  bool CanAct(int seat) const {
    return !seats_[seat].folded && seats_[seat].spent < seats_[seat].stack;
  }
  int CountCanAct() const;
  int CountFolded() const;
  int CountCalled() const;
  void SeeWhetherTheRoundEnds();

  const GameDefinition& game_;
  std::vector<Seat> seats_;
  std::vector<Logged> log_;  // of this round
  std::string history_;
  int round_ = 0;
  int64_t round_start_ = 0;
  int64_t least_raise_to_ = 0;
  bool over_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_GAME_SLOW_HAND_H_
