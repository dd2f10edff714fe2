// Which orders of hands there are. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_CARDS_RANKING_H_
#define NASHVILLE_SOLVER_CARDS_RANKING_H_

#include <cstdint>

namespace nash {

// docs/formats/games.md says what beats what.
enum class Ranking : uint8_t {
  kStandard = 0,
  kShortDeck = 1,  // 36 cards: a flush beats a full house, and A-6-7-8-9 is a straight
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_RANKING_H_
