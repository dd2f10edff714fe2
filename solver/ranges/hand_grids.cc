// Hands are edges between cards, so a card's partners are a set of bits, and what two cards have in
// common is one operation. Columns are taken one by one as long as they cover more hands.
#include "solver/ranges/hand_grids.h"

#include <algorithm>
#include <bit>

namespace nash {
namespace {

Card LowestOf(CardSet cards) { return static_cast<Card>(std::countr_zero(cards)); }

uint16_t StepOf(Card card) { return static_cast<uint16_t>(card * kCardStep); }

// The card with the most of `rows` for partners, the lowest of such; needs cards.
Card WithMost(const std::array<CardSet, kCardsMax>& partners, CardSet cards, CardSet rows) {
  Card best = LowestOf(cards);
  int most = -1;
  for (; cards != 0; cards &= cards - 1) {
    const Card card = LowestOf(cards);
    const int count = std::popcount(partners[card] & rows);
    if (count > most) {
      most = count;
      best = card;
    }
  }
  return best;
}

}  // namespace

HandGrids::HandGrids() {
  constexpr int kHandsMax = kCardsMax * (kCardsMax - 1) / 2;
  grids_.reserve(kHandsMax);
  rows_.reserve(kHandsMax);
  partners_.fill(0);
}

void HandGrids::Clear() {
  grids_.clear();
  rows_.clear();
  num_hands_ = 0;
}

void HandGrids::Add(absl::Span<const Hand> hands, absl::Span<Hand> order) {
  CardSet cards = 0;
  for (const auto& [low, high] : hands) {
    partners_[low] |= SetOf(high);
    partners_[high] |= SetOf(low);
    cards |= SetOf(low) | SetOf(high);
  }
  Hand* next = order.data();
  while (next != order.data() + order.size()) {
    const Cards found = FindGrid(cards);
    AddGrid(found);
    const auto columns = absl::MakeConstSpan(found.columns).first(found.num_columns);
    next = Take(found.full_rows, columns, next);
    next = Take(found.short_rows, columns.first(columns.size() - 1), next);
  }
}

void HandGrids::AddColumn(Card column, CardSet rows) { AddGrid({{column}, 1, rows, 0}); }

void HandGrids::AddGrid(const Cards& cards) {
  HandGrid grid = {};
  grid.first_hand = static_cast<uint16_t>(num_hands_);
  grid.first_row = static_cast<uint16_t>(rows_.size());
  grid.num_full_rows = static_cast<uint8_t>(std::popcount(cards.full_rows));
  grid.num_short_rows = static_cast<uint8_t>(std::popcount(cards.short_rows));
  grid.num_columns = static_cast<uint8_t>(cards.num_columns);
  for (int c = 0; c < cards.num_columns; ++c) grid.columns[c] = StepOf(cards.columns[c]);
  grids_.push_back(grid);
  for (CardSet rows : {cards.full_rows, cards.short_rows}) {
    for (; rows != 0; rows &= rows - 1) rows_.push_back(StepOf(LowestOf(rows)));
  }
  num_hands_ +=
      grid.num_full_rows * grid.num_columns + grid.num_short_rows * (grid.num_columns - 1);
}

HandGrids::Cards HandGrids::FindGrid(CardSet cards) const {
  Cards best = {};
  int most_hands = 0;
  std::array<Card, kGridColumnsMax> columns;
  CardSet rows_before = 0;
  CardSet rows = ~CardSet{0};
  for (int c = 0; c < kGridColumnsMax; ++c) {
    columns[c] = WithMost(partners_, cards, rows);
    cards &= ~SetOf(columns[c]);
    rows_before = rows & ~SetOf(columns[c]);
    rows &= partners_[columns[c]];
    if (rows == 0) break;
    const CardSet short_rows = c == 0 ? 0 : rows_before & ~rows;
    const int hands = (c + 1) * std::popcount(rows) + c * std::popcount(short_rows);
    if (hands <= most_hands) continue;
    most_hands = hands;
    best = {columns, c + 1, rows, short_rows};
  }
  return best;
}

HandGrids::Hand* HandGrids::Take(CardSet rows, absl::Span<const Card> columns, Hand* order) {
  CardSet all_columns = 0;
  for (Card column : columns) {
    all_columns |= SetOf(column);
    partners_[column] &= ~rows;
  }
  for (; rows != 0; rows &= rows - 1) {
    const Card row = LowestOf(rows);
    partners_[row] &= ~all_columns;
    for (Card column : columns) *order++ = std::minmax(row, column);
  }
  return order;
}

}  // namespace nash
