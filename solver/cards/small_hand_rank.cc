// A strength is the category and then up to five ranks, most telling first, as nibbles of one
// number, so that comparing numbers compares hands. Ranks count from 1: a hand of fewer cards has
// zeros where others have kickers.
//
// at_least[n] holds the ranks of which there are n or more, which answers every question of pairs:
// trips and a different rank held twice make a full house, even if that one is held three times as
// well. Up to ten cards can hold two flushes, two trips or five pairs, which the ranker of five to
// seven cards (hand_rank.h) need not think of, and this one must. small_hand_rank_test.cc compares
// the two in order, and ten cards with all ways to choose five.
#include "solver/cards/small_hand_rank.h"

#include <algorithm>
#include <array>
#include <bit>

#include "glog/logging.h"
#include "solver/cards/hand_class.h"

namespace nash {
namespace {

// The category and up to five ranks, most telling first, as nibbles. Ranks count from 1, so that
// a missing one is lower than a deuce.
class StrengthDigits {
 public:
  StrengthDigits(HandCategory category, Ranking ranking) : value_(PlaceOf(category, ranking) + 1) {}

  // Appends the `n` highest of `ranks`.
  StrengthDigits& Append(RankSet ranks, int n) {
    for (; n > 0 && ranks != 0; --n) {
      const int top = std::bit_width(ranks) - 1;
      value_ = value_ << 4 | (top + 1);
      ++digits_;
      ranks &= ~(RankSet{1} << top);
    }
    return *this;
  }
  int32_t value() const { return value_ << 4 * (5 - digits_); }

 private:
  int32_t value_;
  int digits_ = 0;
};

RankSet TopOf(RankSet ranks) { return std::bit_floor(ranks); }

// What cards have in common, as sets of ranks.
struct HeldRanks {
  std::array<RankSet, kSuitsMax + 1> at_least{};  // at_least[n]: ranks held n times or more
  RankSet flush = 0;                              // the best five of one suit; 0: none
  int straight_flush = -1;                        // its top rank; -1: none
};

HeldRanks RanksOf(absl::Span<const Card> cards, Ranking ranking) {
  HeldRanks held;
  std::array<RankSet, kSuitsMax> suits{};
  for (Card card : cards) {
    const RankSet bit = RankSet{1} << RankOf(card);
    suits[SuitOf(card)] |= bit;
    int n = 1;
    while (held.at_least[n] & bit) ++n;
    held.at_least[n] |= bit;
  }
  for (RankSet suit : suits) {
    if (std::popcount(suit) < 5) continue;
    held.straight_flush = std::max(held.straight_flush, StraightTop(suit, ranking));
    // Ten cards can hold two flushes: the best five of each compare as numbers.
    RankSet five = suit;
    while (std::popcount(five) > 5) five &= five - 1;
    held.flush = std::max(held.flush, five);
  }
  return held;
}

}  // namespace

int32_t RankSmallHand(absl::Span<const Card> cards, Ranking ranking) {
  DCHECK_GE(cards.size(), 1);
  DCHECK_LE(cards.size(), kSmallHandCardsMax);
  const HeldRanks held = RanksOf(cards, ranking);
  const auto& [at_least, flush, straight_flush] = held;
  const RankSet all = at_least[1];
  if (straight_flush >= 0) {
    return StrengthDigits(HandCategory::kStraightFlush, ranking)
        .Append(1u << straight_flush, 1)
        .value();
  }
  if (at_least[4] != 0) {
    const RankSet quad = TopOf(at_least[4]);
    return StrengthDigits(HandCategory::kQuads, ranking)
        .Append(quad, 1)
        .Append(all & ~quad, 1)
        .value();
  }
  const auto flush_value = [&, flush = held.flush] {
    return StrengthDigits(HandCategory::kFlush, ranking).Append(flush, 5).value();
  };
  if (flush != 0 && ranking == Ranking::kShortDeck) return flush_value();
  const RankSet trips = TopOf(at_least[3]);
  if (trips != 0 && (at_least[2] & ~trips) != 0) {
    return StrengthDigits(HandCategory::kFullHouse, ranking)
        .Append(trips, 1)
        .Append(at_least[2] & ~trips, 1)
        .value();
  }
  if (flush != 0) return flush_value();
  if (const int top = StraightTop(all, ranking); top >= 0) {
    return StrengthDigits(HandCategory::kStraight, ranking).Append(1u << top, 1).value();
  }
  if (trips != 0) {
    return StrengthDigits(HandCategory::kTrips, ranking)
        .Append(trips, 1)
        .Append(all & ~trips, 2)
        .value();
  }
  if (std::popcount(at_least[2]) >= 2) {
    const RankSet high = TopOf(at_least[2]);
    const RankSet pairs = high | TopOf(at_least[2] & ~high);
    return StrengthDigits(HandCategory::kTwoPair, ranking)
        .Append(pairs, 2)
        .Append(all & ~pairs, 1)
        .value();
  }
  if (at_least[2] != 0) {
    const RankSet pair = at_least[2];
    return StrengthDigits(HandCategory::kPair, ranking)
        .Append(pair, 1)
        .Append(all & ~pair, 3)
        .value();
  }
  return StrengthDigits(HandCategory::kHighCard, ranking).Append(all, 5).value();
}

void RankSmallHands(const Card* const* slots, int num_slots, int n, int32_t* strengths,
                    Ranking ranking) {
  CHECK_GE(num_slots, 1);
  CHECK_LE(num_slots, kSmallHandCardsMax);
  std::array<Card, kSmallHandCardsMax> cards;
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < num_slots; ++k) cards[k] = slots[k][i];
    strengths[i] = RankSmallHand(absl::MakeConstSpan(cards.data(), num_slots), ranking);
  }
}

}  // namespace nash
