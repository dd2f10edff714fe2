// The 7,462 classes of five-card hands, numbered from 1 (7-5-4-3-2 offsuit) to 7,462 (royal flush).
//
// With the short deck's ranking flushes and full houses change places, and the ace plays low below
// the six. Classes that a deck of 36 cards cannot deal keep their numbers, unused; A-6-7-8-9 has
// the number of 5-6-7-8-9.
//
// Slow and exact: fills the tables of hand_rank.h. Hands of six and seven cards have the class of
// their best five. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_HAND_CLASS_H_
#define NASHVILLE_SOLVER_CARDS_HAND_CLASS_H_

#include <array>
#include <cstdint>

#include "solver/cards/card.h"
#include "solver/cards/ranking.h"

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

// How many categories `category` beats.
constexpr int PlaceOf(HandCategory category, Ranking ranking) {
  if (ranking == Ranking::kShortDeck) {
    if (category == HandCategory::kFlush) return static_cast<int>(HandCategory::kFullHouse);
    if (category == HandCategory::kFullHouse) return static_cast<int>(HandCategory::kFlush);
  }
  return static_cast<int>(category);
}

// The lowest class of `category`.
constexpr int FirstClass(HandCategory category, Ranking ranking = Ranking::kStandard) {
  int first = 1;
  for (int c = 0; c < kHandCategories; ++c) {
    const bool is_beaten =
        PlaceOf(static_cast<HandCategory>(c), ranking) < PlaceOf(category, ranking);
    if (is_beaten) first += kClassesOfCategory[c];
  }
  return first;
}
static_assert(FirstClass(HandCategory::kStraightFlush) +
                  kClassesOfCategory[static_cast<int>(HandCategory::kStraightFlush)] ==
              kHandClasses + 1);

// The category of a class. Needs 1 <= hand_class <= kHandClasses.
HandCategory CategoryOf(int hand_class, Ranking ranking = Ranking::kStandard);

// Top rank of the best straight in `ranks`, or -1. The ace also counts below the deuce, or below
// the six in a short deck.
int StraightTop(RankSet ranks, Ranking ranking = Ranking::kStandard);

// Class of five to seven cards without a flush, from the number of cards of each rank.
int ClassOfRankCounts(const std::array<int, kRanksMax>& counts,
                      Ranking ranking = Ranking::kStandard);

// Class of the best flush among the cards of one suit. Needs five ranks or more.
int ClassOfFlush(RankSet ranks, Ranking ranking = Ranking::kStandard);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_HAND_CLASS_H_
