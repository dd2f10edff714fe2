// Hands lie in arrays by position, as every vector over them does. Sorting goes by one key of 64
// bits for each hand (strength, difference of cards, low card, position), so that the sort compares
// integers and moves nothing else; the arrays follow in one pass. A strength may be negative, hence
// the turned sign bit.
#include "solver/ranges/board_hands.h"

#include <glog/logging.h>

#include <algorithm>

#include "solver/cards/combinations.h"

namespace nash {

BoardHands::BoardHands(absl::Span<const Card> deck, int num_hole_cards)
    : deck_(deck.begin(), deck.end()), num_hole_cards_(num_hole_cards) {
  CHECK_GE(num_hole_cards, 1);
  CHECK_LE(num_hole_cards, kRangeHoleCardsMax);
  groups_.reserve(kRangeHandsMax + 1);
  keys_.reserve(kRangeHandsMax);
  Set(0);
}

void BoardHands::Place(int position, int number, Card low, Card high) {
  numbers_[position] = static_cast<uint16_t>(number);
  positions_[number] = static_cast<uint16_t>(position);
  low_[position] = low;
  high_[position] = high;
  low_steps_[position] = static_cast<uint16_t>(low * kCardStep);
  high_steps_[position] = static_cast<uint16_t>(high * kCardStep);
}

void BoardHands::Set(CardSet board) {
  board_ = board;
  size_ = 0;
  groups_.clear();
  positions_.fill(kNoPosition);
  for (size_t j = 0; j < deck_.size(); ++j) {
    if ((board & SetOf(deck_[j])) != 0) continue;
    if (num_hole_cards_ == 1) {
      Place(size_++, HandNumber(deck_[j]), deck_[j], deck_[j]);
      continue;
    }
    for (size_t i = 0; i < j; ++i) {
      if ((board & SetOf(deck_[i])) == 0) {
        Place(size_++, HandNumber(deck_[i], deck_[j]), deck_[i], deck_[j]);
      }
    }
  }
}

// Among equals, hands with one difference of cards come together: neighbours share no card then,
// and no sum by card has to wait for the one just before it (hand_values.h).
void BoardHands::SortByStrength(absl::Span<const int32_t> strengths) {
  DCHECK_EQ(strengths.size(), static_cast<size_t>(size_));
  constexpr int kPositionBits = 11;
  constexpr int kCardBits = 6;
  static_assert(kRangeHandsMax <= 1 << kPositionBits && kCardsMax <= 1 << kCardBits);
  keys_.clear();
  for (int i = 0; i < size_; ++i) {
    // The sign bit is turned, so that keys compare as the strengths do.
    const uint64_t strength = static_cast<uint32_t>(strengths[i]) ^ (uint32_t{1} << 31);
    const uint64_t difference = high_[i] - low_[i];
    keys_.push_back(((strength << kCardBits | difference) << kCardBits | low_[i]) << kPositionBits |
                    i);
  }
  std::sort(keys_.begin(), keys_.end());
  const std::array<Card, kRangeHandsMax> low = low_;
  const std::array<Card, kRangeHandsMax> high = high_;
  const std::array<uint16_t, kRangeHandsMax> numbers = numbers_;
  const auto strength_of = [](uint64_t key) { return key >> (2 * kCardBits + kPositionBits); };
  groups_.clear();
  for (int i = 0; i < size_; ++i) {
    const int before = keys_[i] & ((1 << kPositionBits) - 1);
    if (i == 0 || strength_of(keys_[i]) != strength_of(keys_[i - 1])) {
      groups_.push_back(static_cast<uint16_t>(i));
    }
    Place(i, numbers[before], low[before], high[before]);
  }
  groups_.push_back(static_cast<uint16_t>(size_));
}

double CountHandPairs(int live_cards, int num_hole_cards) {
  return static_cast<double>(Choose(live_cards, num_hole_cards)) *
         static_cast<double>(Choose(live_cards - num_hole_cards, num_hole_cards));
}

}  // namespace nash
