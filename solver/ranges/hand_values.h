// The end of a hand for all hands of a player at once: folds and showdowns against a range.
//
// A range is a vector over the hands of a board, in each lane the probability that the opponent
// plays to here with the hand. The value of a hand is the sum over the opponent's hands that share
// no card with it. Both are linear in the number of hands (Johanson, Waugh, Bowling, Zinkevich
// 2011, "Accelerating best response calculation in large extensive games", s. 3.3). With T the sum
// of the range and C[c] that of its hands that hold card c, both up to a strength, hand h = {a, b}
// of reach r beats
//     T - C[a] - C[b]           of those weaker than it: none of them holds both cards,
// and of all hands
//     T - C[a] - C[b] + r       share no card with it: both C contain h itself.
// What all hands sum up to is known first. Then one pass goes from the weakest up, with sums that
// begin at minus half of that: those before and after a group of equals together are
//     before - (total - after),
// what is beaten less what beats. Neither pass keeps anything by hand; sums of cards are read and
// written once a row or column of a grid (hand_grids.h).
// One hole card: no other hand shares a card, so that C is left out, and r where h is in the sum.
//
// Bound of the error. A running sum of n numbers >= 0 is off by at most (n - 1) u times its value
// (Higham, "Accuracy and stability of numerical algorithms", s. 4.2), u being 2^-24 or 2^-53. So a
// value is off by at most kErrorUnits * n * u * (sum of the range) * chips, n the number of hands;
// the tests check it against the quadratic sum.
//
// Order of summation: that of the positions of the hands; no lane looks at another. No allocation.
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_RANGES_HAND_VALUES_H_
#define NASHVILLE_SOLVER_RANGES_HAND_VALUES_H_

#include <algorithm>
#include <cstdint>

#include "solver/cards/card.h"
#include "solver/ranges/board_hands.h"
#include "solver/ranges/card_sums.h"
#include "solver/ranges/pack.h"

namespace nash {

inline constexpr int kErrorUnits = 8;

// Vectors over hands that are used together should lie this many packs apart: their distance is
// then far from a multiple of 4 KiB, where a load waits for earlier stores to the other vector of
// which it knows only the low 12 bits of the address. (A fold took 1.4 times as long.)
template <typename P>
inline constexpr size_t kVectorStride = ((kRangeHandsMax * sizeof(P) + 4095) / 4096 * 4096 + 1600) /
                                        sizeof(P);

// The ends that one decision may lead to at once: at most one fold, at most one showdown.
template <typename P>
struct HandEnds {
  bool has_fold = false;
  bool has_showdown = false;
  P fold_chips;      // won by the responder; negative where it is the one who folds
  P showdown_chips;  // won by the responder where it is the stronger
};

// The part of a range that takes one of the actions of a node. Nothing is owned.
template <typename P>
class ActionShare {
 public:
  // rows: [bucket][action] probabilities. buckets: [hands].
  ActionShare(const P* rows, const uint32_t* buckets, int num_actions, int action)
      : first_row_(reinterpret_cast<const char*>(rows + action)),
        row_bytes_(num_actions * sizeof(P)),
        buckets_(buckets) {}

  NASH_ALWAYS_INLINE const P& ProbabilityOf(int hand) const {
    return *reinterpret_cast<const P*>(first_row_ + buckets_[hand] * row_bytes_);
  }
  NASH_ALWAYS_INLINE P Of(const P* reach, int hand) const {
    return reach[hand] * ProbabilityOf(hand);
  }
  // Asks for what Of() will read, far enough ahead that it is there then.
  NASH_ALWAYS_INLINE void AskFor(int hand) const { __builtin_prefetch(&ProbabilityOf(hand)); }
  // Of each of n hands; shared: [n], written.
  NASH_ALWAYS_INLINE void TakeFrom(const P* __restrict reach, int n, P* __restrict shared) const {
    const ActionShare own = *this;  // in registers
    for (int i = 0; i < n; ++i) shared[i] = own.Of(reach, i);
  }

 private:
  const char* first_row_;
  size_t row_bytes_;
  const uint32_t* buckets_;
};

// What HandValues adds up: of(i) is the part of a range that hand i is; of.Near(i) is called some
// time before.
template <typename P>
struct WholeRange {
  const P* reach;

  NASH_ALWAYS_INLINE P operator()(int i) const { return reach[i]; }
  NASH_ALWAYS_INLINE void Near(int) const {}
};
// The part that takes an action. Rows of strategies come from the second-level cache or from
// further away, in an order that no processor foresees: they follow the strengths.
template <typename P>
struct SharedRange {
  static constexpr int kHandsAhead = 64;

  const P* reach;  // [hands]
  ActionShare<P> share;
  int last_hand;

  NASH_ALWAYS_INLINE P operator()(int i) const { return share.Of(reach, i); }
  NASH_ALWAYS_INLINE void Near(int i) const { share.AskFor(std::min(i + kHandsAhead, last_hand)); }
};
// The same, and asks for what another action takes of the same hands as well.
template <typename P>
struct SharedRangeAndNext {
  SharedRange<P> range;
  SharedRange<P> next;

  NASH_ALWAYS_INLINE P operator()(int i) const { return range(i); }
  NASH_ALWAYS_INLINE void Near(int i) const {
    range.Near(i);
    next.Near(i);
  }
};
// The same as SharedRange, and keeps each hand's part once it is asked for.
template <typename P>
struct TakenRange {
  SharedRange<P> range;
  P* shared;  // [hands], written

  NASH_ALWAYS_INLINE P operator()(int i) const { return shared[i] = range(i); }
  NASH_ALWAYS_INLINE void Near(int i) const { range.Near(i); }
};

// A range, and its sums where somebody has added them up already. Who does writes them down for the
// others: they are the same to the last bit, whoever it is.
template <typename P>
struct SummedRange {
  const P* reach;  // [hands]
  CardSums<P>* sums;
  bool has_sums = false;
};

// The hands of one board, for P's lanes. Needs the hands of `hands` while it is used.
template <typename P>
class HandValues {
 public:
  // hands: sorted by strength where there are showdowns.
  explicit HandValues(const BoardHands& hands)
      : n_(hands.size()),
        is_pair_(hands.num_hole_cards() == 2),
        grids_(hands.grids().grids().data()),
        num_grids_(static_cast<int>(hands.grids().grids().size())),
        rows_(hands.grids().rows().data()),
        groups_(hands.groups().data()),
        group_grids_(hands.group_grids().data()),
        num_groups_(hands.groups().empty() ? 0 : hands.num_groups()) {}

  // The responder chooses among its ends: combine(i, v) is called for each hand i in their order
  // with the most that fold and showdown are worth. The range's sums are written.
  template <typename Combine>
  void OwnEnds(const HandEnds<P>& ends, SummedRange<P>* range, const Combine& combine) const {
    EachOwnEnd(ends, range,
               [&]<bool kFold, bool kShow>(int i, const P& fold, const P& show) NASH_INLINE_LAMBDA {
                 combine(i, kFold && kShow ? Max(show, fold) : kFold ? fold : show);
               });
  }
  // The same without a choice: combine.operator()<kFold, kShow>(i, fold, show) is called with what
  // each of the ends that are there is worth.
  template <typename Combine>
  void EachOwnEnd(const HandEnds<P>& ends, SummedRange<P>* range, const Combine& combine) const {
    AddUp(range);
    WithKinds(ends, [&]<bool kPair, bool kFold, bool kShow>() {
      OwnEndsOf<kPair, kFold, kShow>(ends, range->reach, *range->sums, combine);
    });
  }

  // The opponent has chosen: combine(i, v) is called with the sum of what its ends are worth, each
  // against the part of the range that goes there. folds, shows: the sums of these parts, where
  // there is such an end.
  template <typename Combine>
  void OpponentEnds(const HandEnds<P>& ends, const P* reach, const ActionShare<P>& fold,
                    const CardSums<P>& folds, const ActionShare<P>& show, const CardSums<P>& shows,
                    const Combine& combine) const {
    WithKinds(ends, [&]<bool kPair, bool kFold, bool kShow>() {
      OpponentEndsOf<kPair, kFold, kShow>(ends, reach, fold, folds, show, shows, combine);
    });
  }

  // Writes a range's sums unless it has them.
  void AddUp(SummedRange<P>* range) const {
    if (range->has_sums) return;
    AddUp(WholeRange<P>{range->reach}, range->sums);
    range->has_sums = true;
  }
  // The sums of the part of a range that takes an action.
  void AddUpShare(const ActionShare<P>& share, const P* reach, CardSums<P>* sums) const {
    AddUp(SharedRange<P>{reach, share, n_ - 1}, sums);
  }
  // That part itself as well. shared: [hands], written.
  void TakeShare(const ActionShare<P>& share, const P* reach, P* shared, CardSums<P>* sums) const {
    AddUp(TakenRange<P>{{reach, share, n_ - 1}, shared}, sums);
  }

 private:
  template <typename Of>
  void AddUp(const Of& of, CardSums<P>* sums) const {
    if (is_pair_) {
      Sum<true>(of, sums);
    } else {
      Sum<false>(of, sums);
    }
  }

  template <typename Run>
  NASH_ALWAYS_INLINE void WithKinds(const HandEnds<P>& ends, const Run& run) const {
    const auto with_pair = [&]<bool kPair>() {
      if (ends.has_fold && ends.has_showdown) {
        run.template operator()<kPair, true, true>();
      } else if (ends.has_fold) {
        run.template operator()<kPair, true, false>();
      } else if (ends.has_showdown) {
        run.template operator()<kPair, false, true>();
      }
    };
    if (is_pair_) {
      with_pair.template operator()<true>();
    } else {
      with_pair.template operator()<false>();
    }
  }

  // What hands have in common is multiplied by the chips once a card, not once a hand.
  template <bool kPair, bool kFold, bool kShow, typename Combine>
  void OwnEndsOf(const HandEnds<P>& ends, const P* reach, const CardSums<P>& all,
                 const Combine& combine) const {
    const P show_chips = ends.showdown_chips;
    const P fold_chips = ends.fold_chips;
    const WholeRange<P> of = {reach};
    if constexpr (kFold && kShow) {
      using Numbers = TwoNumbers<P>;
      Sweep<kPair>(
          of, all, all,
          [&](const P& both, const P& sum) NASH_INLINE_LAMBDA {
            return Numbers{show_chips * both, fold_chips * sum};
          },
          [&](int i, const Numbers& others) NASH_INLINE_LAMBDA {
            const P fold = WithOwn<kPair>(others.second, fold_chips * reach[i]);
            combine.template operator()<true, true>(i, fold, others.first);
          });
    } else if constexpr (kShow) {
      Sweep<kPair>(
          of, all, all,
          [&](const P& both, const P&) NASH_INLINE_LAMBDA { return show_chips * both; },
          [&](int i, const P& others) NASH_INLINE_LAMBDA {
            combine.template operator()<false, true>(i, P::Zero(), others);
          });
    } else {
      EachHand<kPair>(all, fold_chips, [&](int i, const P& others) NASH_INLINE_LAMBDA {
        const P fold = WithOwn<kPair>(others, fold_chips * reach[i]);
        combine.template operator()<true, false>(i, fold, P::Zero());
      });
    }
  }

  template <bool kPair, bool kFold, bool kShow, typename Combine>
  void OpponentEndsOf(const HandEnds<P>& ends, const P* reach, const ActionShare<P>& fold_share,
                      const CardSums<P>& folds, const ActionShare<P>& show_share,
                      const CardSums<P>& shows, const Combine& combine) const {
    // In registers: what a reference leads to, a store to a vector might have changed.
    const SharedRange<P> fold = {reach, fold_share, n_ - 1};
    const SharedRange<P> show = {reach, show_share, n_ - 1};
    const P show_chips = ends.showdown_chips;
    const P fold_chips = ends.fold_chips;
    const auto each = [&](int i, const P& others) NASH_INLINE_LAMBDA {
      combine(i, kFold ? WithOwn<kPair>(others, fold_chips * fold(i)) : others);
    };
    if constexpr (kShow) {
      Sweep<kPair>(
          SharedRangeAndNext<P>{show, fold}, shows, folds,
          [&](const P& both, const P& folded) NASH_INLINE_LAMBDA {
            return kFold ? show_chips * both + fold_chips * folded : show_chips * both;
          },
          each);
    } else {
      EachHand<kPair>(folds, fold_chips, each);
    }
  }

  // others: of all hands without those of the own cards, among which a hand of two cards was taken
  // off twice, and one of one card was not.
  template <bool kPair>
  static NASH_ALWAYS_INLINE P WithOwn(const P& others, const P& own) {
    return kPair ? others + own : others - own;
  }

  // Calls run(a GridSums) for grids [begin, end).
  template <typename Run>
  NASH_ALWAYS_INLINE void ForGrids(int begin, int end, const Run& run) const {
    const uint16_t* const rows = rows_;
    for (const HandGrid *at = grids_ + begin, *last = grids_ + end; at != last; ++at) {
      WithGrid<P>(*at, rows, run);
    }
  }
  // The sums of of(i), the part of a range that is hand i.
  template <bool kPair, typename Of>
  NASH_ALWAYS_INLINE void Sum(const Of& of, CardSums<P>* sums) const;
  // Calls each(i, others) with the chips times the sum of all hands less those of both cards of
  // hand i. A hand of one card shares it with no other: all sums by card are 0 then.
  template <bool kPair, typename Each>
  NASH_ALWAYS_INLINE void EachHand(const CardSums<P>& sums, const P& chips, const Each& each) const;
  // The same group by group for number(both, beside), where `both` is what is beaten less what
  // beats, of all that of(i) is or of a card's part of it, and `beside` the like sum of another
  // range. all: Sum() of `of`.
  template <bool kPair, typename Of, typename Number, typename Each>
  NASH_ALWAYS_INLINE void Sweep(const Of& of, const CardSums<P>& all, const CardSums<P>& beside,
                                const Number& number, const Each& each) const;

  const int n_;
  const bool is_pair_;
  const HandGrid* const grids_;
  const int num_grids_;
  const uint16_t* const rows_;
  const uint16_t* const groups_;
  const uint16_t* const group_grids_;
  const int num_groups_;
};

template <typename P>
template <bool kPair, typename Of>
NASH_ALWAYS_INLINE void HandValues<P>::Sum(const Of& of, CardSums<P>* __restrict sums) const {
  sums->Clear();
  P total = P::Zero();
  if constexpr (kPair) {
    ForGrids(0, num_grids_,
             [&](const auto& grid) NASH_INLINE_LAMBDA { grid.Add(of, sums, &total); });
  } else {
    for (int i = 0, n = n_; i < n; ++i) total += of(i);
  }
  sums->total = total;
}

template <typename P>
template <bool kPair, typename Each>
NASH_ALWAYS_INLINE void HandValues<P>::EachHand(const CardSums<P>& sums, const P& chips,
                                                const Each& each) const {
  const P all = chips * sums.total;
  if constexpr (kPair) {
    const auto card = [&](uint16_t step) NASH_INLINE_LAMBDA { return chips * sums.At(step); };
    ForGrids(0, num_grids_,
             [&](const auto& grid) NASH_INLINE_LAMBDA { grid.Read(card, all, each); });
  } else {
    for (int i = 0, n = n_; i < n; ++i) each(i, all);
  }
}

template <typename P>
template <bool kPair, typename Of, typename Number, typename Each>
NASH_ALWAYS_INLINE void HandValues<P>::Sweep(const Of& of, const CardSums<P>& all,
                                             const CardSums<P>& beside, const Number& number,
                                             const Each& each) const {
  CardSums<P> sums = all.MultipliedBy(P::Broadcast(-0.5));
  CardSums<P> before;  // the group
  P total = sums.total;
  for (int g = 0, n = num_groups_; g < n; ++g) {
    const P total_before = total;
    const auto of_all = [&]() NASH_INLINE_LAMBDA {
      return number(total_before + total, beside.total);
    };
    if constexpr (!kPair) {
      for (int i = groups_[g]; i < groups_[g + 1]; ++i) total += of(i);
      for (int i = groups_[g]; i < groups_[g + 1]; ++i) each(i, of_all());
      continue;
    }
    const int begin = group_grids_[g];
    const int end = group_grids_[g + 1];
    if (begin + 1 == end) {
      const auto card = [&](uint16_t step, const P& both)
                            NASH_INLINE_LAMBDA { return number(both, beside.At(step)); };
      ForGrids(begin, end, [&](const auto& grid) NASH_INLINE_LAMBDA {
        grid.AddAndRead(of, &sums, &total, card, of_all, each);
      });
      continue;
    }
    ForGrids(begin, end, [&](const auto& grid) NASH_INLINE_LAMBDA { grid.Keep(sums, &before); });
    ForGrids(begin, end, [&](const auto& grid) NASH_INLINE_LAMBDA { grid.Add(of, &sums, &total); });
    const auto card = [&](uint16_t step) NASH_INLINE_LAMBDA {
      return number(before.At(step) + sums.At(step), beside.At(step));
    };
    ForGrids(begin, end,
             [&](const auto& grid) NASH_INLINE_LAMBDA { grid.Read(card, of_all(), each); });
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_HAND_VALUES_H_
