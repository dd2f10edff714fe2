// Every class of hands is numbered without a table: the category's first number plus the hand's
// place among those of its category, which is a mixed radix of ranks and colex ranks of sets of
// kickers.
//
// A kicker's rank is counted among the ranks that it may have: CloseGap() renumbers them as if the
// pair's own rank did not exist, so that places have no gaps and all 7,462 numbers are used.
// Straights are taken out of the sets of five ranks by counting those below (PlaceOfFiveRanks).
//
// Slow, and used for filling tables only. hand_rank_test.cc orders all classes by the rules.
#include "solver/cards/hand_class.h"

#include <bit>

#include "glog/logging.h"
#include "solver/cards/combinations.h"

namespace nash {
namespace {

int Top(RankSet ranks) { return std::bit_width(ranks) - 1; }
RankSet Without(RankSet ranks, int rank) { return ranks & ~(RankSet{1} << rank); }

// The `n` highest of `ranks`.
RankSet Highest(RankSet ranks, int n) {
  while (std::popcount(ranks) > n) ranks &= ranks - 1;
  return ranks;
}

// `ranks` renumbered as if `removed` did not exist. Needs removed not in ranks.
RankSet CloseGap(RankSet ranks, int removed) {
  const RankSet below = (RankSet{1} << removed) - 1;
  return (ranks & below) | ((ranks >> 1) & ~below);
}

// The number of the `place`-th hand of a category.
struct ClassNumbers {
  Ranking ranking;
  int operator()(HandCategory category, int place) const {
    return FirstClass(category, ranking) + place;
  }
};

// Place of five ranks that are no straight among all such sets, lowest first.
int PlaceOfFiveRanks(RankSet five) {
  const int rank = static_cast<int>(ColexRank(five));
  int straights_below = 0;
  for (int top = 3; top < kRanksMax; ++top) {
    const RankSet straight =
        top == 3 ? (RankSet{1} << (kRanksMax - 1)) | 0xf : RankSet{0x1f} << (top - 4);
    if (static_cast<int>(ColexRank(straight)) < rank) ++straights_below;
  }
  return rank - straights_below;
}

}  // namespace

HandCategory CategoryOf(int hand_class, Ranking ranking) {
  DCHECK_GE(hand_class, 1);
  DCHECK_LE(hand_class, kHandClasses);
  for (int c = 0; c < kHandCategories; ++c) {
    const auto category = static_cast<HandCategory>(c);
    const int place = hand_class - FirstClass(category, ranking);
    if (place >= 0 && place < kClassesOfCategory[c]) return category;
  }
  LOG(FATAL) << "no class of hands: " << hand_class;
}

int StraightTop(RankSet ranks, Ranking ranking) {
  if (ranking == Ranking::kShortDeck) {
    // No deck has fives: their place is the low ace's.
    constexpr int kFive = 3;
    ranks &= ~(RankSet{1} << kFive);
    ranks |= ((ranks >> (kRanksMax - 1)) & 1) << kFive;
  }
  // Bit 0 is the ace below the deuce.
  const RankSet line = (ranks << 1) | ((ranks >> (kRanksMax - 1)) & 1);
  const RankSet starts = line & (line >> 1) & (line >> 2) & (line >> 3) & (line >> 4);
  return starts == 0 ? -1 : Top(starts) + 3;
}

int ClassOfRankCounts(const std::array<int, kRanksMax>& counts, Ranking ranking) {
  const ClassNumbers class_in = {ranking};
  std::array<RankSet, 5> at_least{};  // at_least[n]: ranks held n times or more
  for (int rank = 0; rank < kRanksMax; ++rank) {
    for (int n = 1; n <= counts[rank]; ++n) at_least[n] |= RankSet{1} << rank;
  }
  const RankSet all = at_least[1];
  if (at_least[4] != 0) {
    const int quad = Top(at_least[4]);
    const RankSet kicker = CloseGap(Highest(Without(all, quad), 1), quad);
    return class_in(HandCategory::kQuads, quad * 12 + Top(kicker));
  }
  const int trips = at_least[3] != 0 ? Top(at_least[3]) : -1;
  if (trips >= 0 && Without(at_least[2], trips) != 0) {
    const RankSet pair = CloseGap(Highest(Without(at_least[2], trips), 1), trips);
    return class_in(HandCategory::kFullHouse, trips * 12 + Top(pair));
  }
  if (const int top = StraightTop(all, ranking); top >= 0) {
    return class_in(HandCategory::kStraight, top - 3);
  }
  if (trips >= 0) {
    const RankSet kickers = CloseGap(Highest(Without(all, trips), 2), trips);
    return class_in(HandCategory::kTrips, trips * 66 + ColexRank(kickers));  // C(12,2) = 66
  }
  if (std::popcount(at_least[2]) >= 2) {
    const RankSet pairs = Highest(at_least[2], 2);
    const int kicker = Top(all & ~pairs);
    const int place = kicker - std::popcount(pairs & ((RankSet{1} << kicker) - 1));
    return class_in(HandCategory::kTwoPair, ColexRank(pairs) * 11 + place);
  }
  if (at_least[2] != 0) {
    const int pair = Top(at_least[2]);
    const RankSet kickers = CloseGap(Highest(Without(all, pair), 3), pair);
    return class_in(HandCategory::kPair, pair * 220 + ColexRank(kickers));  // C(12,3) = 220
  }
  return class_in(HandCategory::kHighCard, PlaceOfFiveRanks(Highest(all, 5)));
}

int ClassOfFlush(RankSet ranks, Ranking ranking) {
  const ClassNumbers class_in = {ranking};
  DCHECK_GE(std::popcount(ranks), 5);
  if (const int top = StraightTop(ranks, ranking); top >= 0) {
    return class_in(HandCategory::kStraightFlush, top - 3);
  }
  return class_in(HandCategory::kFlush, PlaceOfFiveRanks(Highest(ranks, 5)));
}

}  // namespace nash
