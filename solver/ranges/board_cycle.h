// Boards in turn instead of at random: after as many boards as the first dealt street has, each of
// its sets of cards has come once, and on the way there every stretch of them is spread evenly.
//
// The picture: the sets of the first street (22,100 flops) lie on a circle, those that differ by
// the names of suits only side by side, and one steps along it by the golden section of its length.
// So any run of consecutive boards is as even as it can be (the three-gap theorem; Niederreiter
// 1992, "Random Number Generation and Quasi-Monte Carlo Methods", section 3.1, has the discrepancy
// of such sequences), and each set comes back after equal intervals. The second time that a set
// comes, the next street's cards are a step further on a circle of their own, which begins at a
// random place for each set; and so on to the last street. The circles begin at random by the run's
// seed, so that each board is as likely as any other.
//
// What it gains over drawing: the noise of a mean over n boards falls like 1/n instead of
// 1/sqrt(n), for what the first street decides. The order matters too: the same boards, shuffled by
// blocks of 2,048, gained a third as much (docs/measurements/public.md).
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
  // A circle: the next place is `step` places further.
  struct Circle {
    int num_cards = 0;
    uint64_t num_sets = 1;
    uint64_t step = 0;
  };

  const uint32_t units_;
  const uint32_t boards_per_unit_;
  const std::vector<Card> deck_;
  std::vector<Circle> circles_;  // of the streets that deal cards
  std::vector<CardSet> sets_;    // of the first one, as they lie on its circle
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_BOARD_CYCLE_H_
