// The hands that a board leaves possible: what a range is a vector over.
//
// A hand is one or two hole cards. It has a *number* that no board changes, and a *position* among
// the live hands of a board, which is its place in every vector over that board's hands. Positions
// follow the numbers, or the strengths at showdown: then equal hands are a group.
//
// Memory: some 50 KB. No allocation once made. Thread-compatible: holds one board at a time.
#ifndef NASHVILLE_SOLVER_RANGES_BOARD_HANDS_H_
#define NASHVILLE_SOLVER_RANGES_BOARD_HANDS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/ranges/hand_grids.h"

namespace nash {

// Hands of two cards of the full deck.
inline constexpr int kRangeHandsMax = kCardsMax * (kCardsMax - 1) / 2;
inline constexpr int kRangeHoleCardsMax = 2;
inline constexpr uint16_t kNoPosition = UINT16_MAX;

// Needs low < high.
constexpr int HandNumber(Card low, Card high) { return high * (high - 1) / 2 + low; }
// Of a hand of one card.
constexpr int HandNumber(Card card) { return card; }

class BoardHands {
 public:
  // deck: ascending. Needs num_hole_cards 1 or 2.
  BoardHands(absl::Span<const Card> deck, int num_hole_cards);
  // Beside the object itself.
  static uint64_t HeapBytes();

  // The hands of the deck without the cards of `board`, by number.
  void Set(CardSet board);
  // Orders the hands of Set() from the weakest up, equals grid by grid in an order of their cards
  // alone. strengths: [size()] by position as they are before.
  void SortByStrength(absl::Span<const int32_t> strengths);

  int num_hole_cards() const { return num_hole_cards_; }
  CardSet board() const { return board_; }
  int size() const { return size_; }
  // [size()] the hole cards, low < high; of hands of one card both are that card.
  absl::Span<const Card> low() const { return {low_.data(), static_cast<size_t>(size_)}; }
  absl::Span<const Card> high() const { return {high_.data(), static_cast<size_t>(size_)}; }
  // [size()] ascending unless sorted by strength.
  absl::Span<const uint16_t> numbers() const {
    return {numbers_.data(), static_cast<size_t>(size_)};
  }
  // kNoPosition for a hand that is not there.
  uint16_t PositionOf(int number) const { return positions_[number]; }

  // Sorted by strength only: positions [groups()[g], groups()[g + 1]) are equally strong, and of
  // hands of two cards they are the grids [group_grids()[g], group_grids()[g + 1]).
  absl::Span<const uint16_t> groups() const { return groups_; }
  absl::Span<const uint16_t> group_grids() const { return group_grids_; }
  int num_groups() const { return static_cast<int>(groups_.size()) - 1; }
  // All hands of two cards, in grids that follow the positions.
  const HandGrids& grids() const { return grids_; }

 private:
  void Place(int position, int number, Card low, Card high);
  // The equals at [begin, end) of sorted_.
  void PlaceGroup(int begin, int end);

  const std::vector<Card> deck_;
  const int num_hole_cards_;
  CardSet board_ = 0;
  int size_ = 0;
  std::array<Card, kRangeHandsMax> low_;
  std::array<Card, kRangeHandsMax> high_;
  std::array<uint16_t, kRangeHandsMax> numbers_;
  std::array<uint16_t, kRangeHandsMax> positions_;  // by number
  std::vector<uint16_t> groups_;
  std::vector<uint16_t> group_grids_;
  HandGrids grids_;
  // Sorting.
  std::vector<uint64_t> keys_;
  std::vector<HandGrids::Hand> sorted_;
  std::array<HandGrids::Hand, kRangeHandsMax> order_;
};

// Pairs of a hand of one player and a hand of the other, from `live_cards` cards.
double CountHandPairs(int live_cards, int num_hole_cards);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_BOARD_HANDS_H_
