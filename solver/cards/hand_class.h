// The 7,462 classes of five-card hands, numbered from 1 (7-5-4-3-2 offsuit) to 7,462 (royal flush).
//
// Slow and exact: fills the tables of hand_rank.h. Hands of six and seven cards have the class of
// their best five. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_HAND_CLASS_H_
#define NASHVILLE_SOLVER_CARDS_HAND_CLASS_H_

#include <array>
#include <cstdint>

#include "solver/cards/card.h"

namespace nash {

// Bit r is set for every rank r in the set.
using RankSet = uint32_t;

inline constexpr int kRankSets = 1 << kRanksMax;
inline constexpr int kHandClasses = 7462;

enum class HandCategory : uint8_t {
  kHighCard = 0,
  kPair = 1,
  kTwoPair = 2,
  kTrips = 3,
  kStraight = 4,
  kFlush = 5,
  kFullHouse = 6,
  kQuads = 7,
  kStraightFlush = 8,
};
inline constexpr int kHandCategories = 9;

// Number of classes in each category.
inline constexpr std::array<int, kHandCategories> kClassesOfCategory = {
    1277,  // high card: C(13,5) sets of ranks less 10 straights
    2860,  // pair: 13 * C(12,3)
    858,   // two pair: C(13,2) * 11
    858,   // trips: 13 * C(12,2)
    10,    // straight: five-high to ace-high
    1277,  // flush: as high card
    156,   // full house: 13 * 12
    156,   // quads: 13 * 12
    10,    // straight flush
};

// The lowest class of `category`.
constexpr int FirstClass(HandCategory category) {
  int first = 1;
  for (int c = 0; c < static_cast<int>(category); ++c) first += kClassesOfCategory[c];
  return first;
}
static_assert(FirstClass(HandCategory::kStraightFlush) +
                  kClassesOfCategory[static_cast<int>(HandCategory::kStraightFlush)] ==
              kHandClasses + 1);

// The category of a class. Needs 1 <= hand_class <= kHandClasses.
HandCategory CategoryOf(int hand_class);

// Top rank of the best straight in `ranks`, or -1. The ace also counts below the deuce.
int StraightTop(RankSet ranks);

// Class of five to seven cards without a flush, from the number of cards of each rank.
int ClassOfRankCounts(const std::array<int, kRanksMax>& counts);

// Class of the best flush among the cards of one suit. Needs five ranks or more.
int ClassOfFlush(RankSet ranks);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_HAND_CLASS_H_
