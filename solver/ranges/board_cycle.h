// Boards in turn instead of at random: every stretch of boards has its share of each kind of flop,
// and each flop comes back after nearly equal times.
//
// The picture: the sets of cards of the first dealt street (22,100 flops) lie on a circle of length
// 1, those that differ by the names of suits only side by side, similar ones near, and from board
// to board one steps along it by the golden section. So any run of consecutive boards is as even as
// it can be, and an arc comes back at three distances at most (the three-gap theorem, Sós 1958;
// Niederreiter 1992, "Random Number Generation and Quasi-Monte Carlo Methods", section 3.1, has the
// discrepancy of such sequences). Where the step ends within the arc of its set says which cards
// the next street deals, on a circle of their own that begins at a random place for each set; and
// so on to the last street. All circles begin at random by the run's seed, so that each board is as
// likely as any other.
//
// What it gains over drawing: the noise of a mean over n boards falls like 1/n instead of
// 1/sqrt(n), for what the first street decides. The order matters too: the same boards, shuffled by
// blocks of 2,048, gained far less (docs/measurements/public.md).
//
// Immutable and thread-safe.
#ifndef NASHVILLE_SOLVER_RANGES_BOARD_CYCLE_H_
#define NASHVILLE_SOLVER_RANGES_BOARD_CYCLE_H_

#include <cstdint>
#include <vector>

#include "common/rng.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"

namespace nash {

// Of the first street that deals cards: the most sets that may lie on the circle.
inline constexpr uint64_t kCycleSetsMax = uint64_t{1} << 22;

class BoardCycle {
 public:
  // Sets of cards that the first street with cards may deal; 1 where no street deals any.
  static uint64_t CountSets(const GameDefinition& game);

  // A game of at most kCycleSetsMax sets. A round has `units` units of
  // `boards_per_unit` boards.
  BoardCycle(const GameDefinition& game, uint32_t units, uint32_t boards_per_unit);

  // Writes the cards of board `number` of the stream `name`: street by street, ascending within
  // one.
  void Deal(const StreamName& name, uint32_t number, std::vector<Card>* board) const;

 private:
  struct Circle {
    int num_cards = 0;
    uint64_t num_sets = 1;  // each has an arc of the same length
  };

  const uint32_t units_;
  const uint32_t boards_per_unit_;
  const std::vector<Card> deck_;
  std::vector<Circle> circles_;  // of the streets that deal cards
  std::vector<CardSet> sets_;    // of the first one, as they lie on its circle
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_BOARD_CYCLE_H_
