// Hands lie in arrays by position, as every vector over them does. Sorting goes by one key of 64
// bits for each hand (strength, position), so that the sort compares integers and moves nothing
// else; equals are then laid out in grids, and the arrays follow. A strength may be negative, hence
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
  group_grids_.reserve(kRangeHandsMax + 1);
  keys_.reserve(kRangeHandsMax);
  sorted_.reserve(kRangeHandsMax);
  Set(0);
}

uint64_t BoardHands::HeapBytes() {
  return kRangeHandsMax * (2 * sizeof(uint16_t) + sizeof(uint64_t) + sizeof(HandGrids::Hand) +
                           sizeof(HandGrid) + sizeof(uint16_t));
}

void BoardHands::Place(int position, int number, Card low, Card high) {
  numbers_[position] = static_cast<uint16_t>(number);
  positions_[number] = static_cast<uint16_t>(position);
  low_[position] = low;
  high_[position] = high;
}

void BoardHands::Set(CardSet board) {
  board_ = board;
  size_ = 0;
  groups_.clear();
  group_grids_.clear();
  grids_.Clear();
  positions_.fill(kNoPosition);
  for (size_t j = 0; j < deck_.size(); ++j) {
    if ((board & SetOf(deck_[j])) != 0) continue;
    if (num_hole_cards_ == 1) {
      Place(size_++, HandNumber(deck_[j]), deck_[j], deck_[j]);
      continue;
    }
    CardSet lower = 0;
    for (size_t i = 0; i < j; ++i) {
      if ((board & SetOf(deck_[i])) != 0) continue;
      Place(size_++, HandNumber(deck_[i], deck_[j]), deck_[i], deck_[j]);
      lower |= SetOf(deck_[i]);
    }
    if (lower != 0) grids_.AddColumn(deck_[j], lower);
  }
}

void BoardHands::SortByStrength(absl::Span<const int32_t> strengths) {
  DCHECK_EQ(strengths.size(), static_cast<size_t>(size_));
  constexpr int kPositionBits = 11;
  static_assert(kRangeHandsMax <= 1 << kPositionBits);
  keys_.clear();
  sorted_.clear();
  for (int i = 0; i < size_; ++i) {
    // The sign bit is turned, so that keys compare as the strengths do.
    const uint64_t strength = static_cast<uint32_t>(strengths[i]) ^ (uint32_t{1} << 31);
    keys_.push_back(strength << kPositionBits | i);
  }
  std::sort(keys_.begin(), keys_.end());
  for (uint64_t key : keys_) {
    const int before = key & ((1 << kPositionBits) - 1);
    sorted_.emplace_back(low_[before], high_[before]);
  }
  const auto is_next_group = [&](int i) {
    return i == size_ || keys_[i] >> kPositionBits != keys_[i - 1] >> kPositionBits;
  };
  groups_.clear();
  grids_.Clear();
  group_grids_.clear();
  for (int begin = 0, end = 0; begin < size_; begin = end) {
    groups_.push_back(static_cast<uint16_t>(begin));
    for (++end; !is_next_group(end);) ++end;
    PlaceGroup(begin, end);
  }
  groups_.push_back(static_cast<uint16_t>(size_));
  group_grids_.push_back(static_cast<uint16_t>(grids_.grids().size()));
}

void BoardHands::PlaceGroup(int begin, int end) {
  const auto hands = absl::MakeConstSpan(sorted_).subspan(begin, end - begin);
  if (num_hole_cards_ == 1) {
    for (int i = begin; i < end; ++i) {
      Place(i, HandNumber(hands[i - begin].first), hands[i - begin].first, hands[i - begin].first);
    }
    return;
  }
  const auto order = absl::MakeSpan(order_).first(hands.size());
  group_grids_.push_back(static_cast<uint16_t>(grids_.grids().size()));
  grids_.Add(hands, order);
  for (int i = begin; i < end; ++i) {
    const auto [low, high] = order[i - begin];
    Place(i, HandNumber(low, high), low, high);
  }
}

double CountHandPairs(int live_cards, int num_hole_cards) {
  return static_cast<double>(Choose(live_cards, num_hole_cards)) *
         static_cast<double>(Choose(live_cards - num_hole_cards, num_hole_cards));
}

}  // namespace nash
