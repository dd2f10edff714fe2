// Hands laid out so that sums by card stay in registers.
//
// What a vector over hands costs at the end of a hand is the sums by card: each hand of two cards
// reads and writes two of them (hand_values.h). Equal hands are mostly all pairs of a few cards
// with others, as queens with jacks are on a board of neither. Such hands make a grid:
//
//                columns    Qs   Qh   Qd   Qc
//     rows   Js              1    2    3    4        full rows
//            Jh              5    6    7    8
//            Jd              9   10   11   12
//            Jc             13   14   15             a short row, without the last column (a flush)
//
// The sums of its columns stay in registers, that of a row does while its hands go by, and a hand
// costs its own number alone. Any set of hands is a list of grids; a lone hand is one of one row
// and one column. Hands of a grid follow each other in all vectors, row by row.
//
// A river of hold'em has some 90 grids for its 1,081 hands, in 70 groups of equals.
//
// No allocation once made. Thread-compatible.
#ifndef NASHVILLE_SOLVER_RANGES_HAND_GRIDS_H_
#define NASHVILLE_SOLVER_RANGES_HAND_GRIDS_H_

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/card.h"

namespace nash {

// As many sums of 64 bytes as leave registers for the rest.
inline constexpr int kGridColumnsMax = 4;
// Bytes of the smallest pack (pack.h): what is kept by card is found without a multiplication.
inline constexpr int kCardStep = 32;

struct HandGrid {
  uint16_t first_hand;  // position
  uint16_t first_row;   // in HandGrids::rows()
  uint8_t num_full_rows;
  uint8_t num_short_rows;             // after the full ones; without the last column
  uint8_t num_columns;                // 1 to kGridColumnsMax
  uint16_t columns[kGridColumnsMax];  // cards times kCardStep
};

class HandGrids {
 public:
  using Hand = std::pair<Card, Card>;  // low, high

  HandGrids();

  void Clear();
  // Lays out hands in few grids, which follow those before: the card with the most hands is a
  // column, then whichever card shares the most rows with it. order: [hands.size()] the same hands
  // in the order of the grids; written. No hand may be there twice, low < high.
  void Add(absl::Span<const Hand> hands, absl::Span<Hand> order);
  // One grid: the hands of `column` with each of `rows`, which are not empty, lowest first.
  void AddColumn(Card column, CardSet rows);

  absl::Span<const HandGrid> grids() const { return grids_; }
  // Cards times kCardStep.
  absl::Span<const uint16_t> rows() const { return rows_; }
  int num_hands() const { return num_hands_; }

 private:
  // Of the hands that are left: what a grid's columns and rows are.
  struct Cards {
    std::array<Card, kGridColumnsMax> columns;
    int num_columns;
    CardSet full_rows;
    CardSet short_rows;
  };
  Cards FindGrid(CardSet cards) const;
  void AddGrid(const Cards& cards);
  // Takes the hands of these rows and columns from those left. Returns where the order goes on.
  Hand* Take(CardSet rows, absl::Span<const Card> columns, Hand* order);

  std::vector<HandGrid> grids_;
  std::vector<uint16_t> rows_;
  int num_hands_ = 0;
  std::array<CardSet, kCardsMax> partners_;  // by card, of the hands that are left; empty between
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_HAND_GRIDS_H_
