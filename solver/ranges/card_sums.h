// Sums of a range, in all and by card, read and added up grid by grid (hand_grids.h).
//
// Thread-safe: pure functions but for the sums they are called with. No allocation.
#ifndef NASHVILLE_SOLVER_RANGES_CARD_SUMS_H_
#define NASHVILLE_SOLVER_RANGES_CARD_SUMS_H_

#include <cstdint>
#include <type_traits>
#include <utility>

#include "solver/cards/card.h"
#include "solver/ranges/hand_grids.h"
#include "solver/ranges/pack.h"

namespace nash {

// A card is told by its step (hand_grids.h).
template <typename P>
struct CardSums {
  P by_card[kCardsMax];
  P total;

  NASH_ALWAYS_INLINE P& At(uint16_t step) {
    return *reinterpret_cast<P*>(reinterpret_cast<char*>(by_card) + step * (sizeof(P) / kCardStep));
  }
  NASH_ALWAYS_INLINE const P& At(uint16_t step) const {
    return const_cast<CardSums*>(this)->At(step);
  }

  void Clear() {
    total = P::Zero();
    for (P& sum : by_card) sum = P::Zero();
  }
  void Add(const CardSums& other) {
    Set([](const P& own, const P& more) { return own + more; }, *this, other);
  }
  void Subtract(const CardSums& other) {
    Set([](const P& own, const P& less) { return own - less; }, *this, other);
  }
  CardSums MultipliedBy(const P& factor) const {
    CardSums out;
    out.Set([&](const P& own, const P&) { return own * factor; }, *this, *this);
    return out;
  }

 private:
  template <typename Operation>
  NASH_ALWAYS_INLINE void Set(const Operation& operation, const CardSums& a, const CardSums& b) {
    total = operation(a.total, b.total);
    for (int c = 0; c < kCardsMax; ++c) by_card[c] = operation(a.by_card[c], b.by_card[c]);
  }
};

// What is done for each hand of a grid, with what its columns have in registers. The number of
// columns is known when this is compiled, so that no loop is left over them.
//
// Where hands are read, card(step) is a number of a card and all one of all hands; each(i, others)
// is called for the hands in their order with all less the two numbers of hand i: that of the hands
// that share no card with it.
template <typename P, int kColumns>
class GridSums {
 public:
  // rows: HandGrids::rows().
  NASH_ALWAYS_INLINE GridSums(const HandGrid& grid, const uint16_t* rows)
      : grid_(grid), rows_(rows + grid.first_row) {}

  template <typename CardNumber, typename Number, typename Each>
  NASH_ALWAYS_INLINE void Read(const CardNumber& card, const Number& all, const Each& each) const {
    Number columns[kColumns];
    ForColumns<kColumns>([&](auto c) NASH_INLINE_LAMBDA { columns[c] = card(grid_.columns[c]); });
    ForRows([&](auto width, int i, int, uint16_t step) NASH_INLINE_LAMBDA {
      const Number row = all - card(step);
      ForColumns<width>([&](auto c) NASH_INLINE_LAMBDA { each(i + c, row - columns[c]); });
    });
  }

  // Adds of(i), the part of the range that is hand i, to the sums and to *total.
  template <typename Of>
  NASH_ALWAYS_INLINE void Add(const Of& of, CardSums<P>* sums, P* total) const {
    P columns[kColumns];
    AddRows(of, columns, total,
            [&](int, uint16_t step, const P& row) NASH_INLINE_LAMBDA { sums->At(step) += row; });
    ForColumns<kColumns>([&](auto c)
                             NASH_INLINE_LAMBDA { sums->At(grid_.columns[c]) += columns[c]; });
  }

  // Add() and Read() together: card(step, both) gets the card's sums before and after, added, and
  // all() is called between.
  template <typename Of, typename CardNumber, typename All, typename Each>
  NASH_ALWAYS_INLINE void AddAndRead(const Of& of, CardSums<P>* sums, P* total,
                                     const CardNumber& card, const All& all,
                                     const Each& each) const {
    using Number = decltype(all());
    Number rows[kCardsMax];
    P added[kColumns];
    const auto add = [&](uint16_t step, const P& more) NASH_INLINE_LAMBDA {
      P& sum = sums->At(step);
      const P before = sum;
      const P after = before + more;
      sum = after;
      return card(step, before + after);
    };
    AddRows(of, added, total, [&](int number, uint16_t step, const P& row) NASH_INLINE_LAMBDA {
      rows[number] = add(step, row);
    });
    Number columns[kColumns];
    ForColumns<kColumns>([&](auto c)
                             NASH_INLINE_LAMBDA { columns[c] = add(grid_.columns[c], added[c]); });
    const Number of_all = all();
    ForRows([&](auto width, int i, int number, uint16_t) NASH_INLINE_LAMBDA {
      const Number row = of_all - rows[number];
      ForColumns<width>([&](auto c) NASH_INLINE_LAMBDA { each(i + c, row - columns[c]); });
    });
  }

  // Copies the sums of this grid's cards.
  NASH_ALWAYS_INLINE void Keep(const CardSums<P>& sums, CardSums<P>* kept) const {
    const auto keep = [&](uint16_t step) NASH_INLINE_LAMBDA { kept->At(step) = sums.At(step); };
    ForColumns<kColumns>([&](auto c) NASH_INLINE_LAMBDA { keep(grid_.columns[c]); });
    ForRows([&](auto, int, int, uint16_t step) NASH_INLINE_LAMBDA { keep(step); });
  }

 private:
  // Calls run with the numbers of the columns, as constants.
  template <int kCount, typename Run>
  static NASH_ALWAYS_INLINE void ForColumns(const Run& run) {
    [&]<int... kColumn>(std::integer_sequence<int, kColumn...>) NASH_INLINE_LAMBDA {
      (run(std::integral_constant<int, kColumn>()), ...);
    }
    (std::make_integer_sequence<int, kCount>());
  }
  // Sums of columns, in order; gives that of each row away.
  template <typename Of, typename TakeRow>
  NASH_ALWAYS_INLINE void AddRows(const Of& of, P* columns, P* total, const TakeRow& take) const {
    ForColumns<kColumns>([&](auto c) NASH_INLINE_LAMBDA { columns[c] = P::Zero(); });
    ForRows([&](auto width, int i, int number, uint16_t step) NASH_INLINE_LAMBDA {
      of.Near(i);
      P row = P::Zero();
      ForColumns<width>([&](auto c) NASH_INLINE_LAMBDA {
        const P own = of(i + c);
        columns[c] += own;
        row += own;
      });
      take(number, step, row);
      *total += row;
    });
  }
  // Calls run(width, first hand, number of the row, its card's step) row by row.
  template <typename Run>
  NASH_ALWAYS_INLINE void ForRows(const Run& run) const {
    int i = grid_.first_hand;
    int number = 0;
    for (; number < grid_.num_full_rows; ++number, i += kColumns) {
      run(std::integral_constant<int, kColumns>(), i, number, rows_[number]);
    }
    if constexpr (kColumns > 1) {
      const int end = number + grid_.num_short_rows;
      for (; number < end; ++number, i += kColumns - 1) {
        run(std::integral_constant<int, kColumns - 1>(), i, number, rows_[number]);
      }
    }
  }

  const HandGrid& grid_;
  const uint16_t* const rows_;
};

// Two numbers of a card, read together.
template <typename P>
struct TwoNumbers {
  P first, second;
  friend NASH_ALWAYS_INLINE TwoNumbers operator-(const TwoNumbers& a, const TwoNumbers& b) {
    return {a.first - b.first, a.second - b.second};
  }
};

// Calls run(GridSums) for a grid.
template <typename P, typename Run>
NASH_ALWAYS_INLINE void WithGrid(const HandGrid& grid, const uint16_t* rows, const Run& run) {
  switch (grid.num_columns) {
    case 1:
      return run(GridSums<P, 1>(grid, rows));
    case 2:
      return run(GridSums<P, 2>(grid, rows));
    case 3:
      return run(GridSums<P, 3>(grid, rows));
    default:
      static_assert(kGridColumnsMax == 4);
      return run(GridSums<P, 4>(grid, rows));
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_CARD_SUMS_H_
