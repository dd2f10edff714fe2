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
// One pass from the weakest up reads the sums before and after each group of equals, which gives
// what is beaten and, with the totals of the end, what beats:
//     (before - (total - after)).
// One hole card: no other hand shares a card, so that C is left out, and r where h is in the sum.
//
// Bound of the error. A running sum of n numbers >= 0 is off by at most (n - 1) u times its value
// (Higham, "Accuracy and stability of numerical algorithms", s. 4.2), u being 2^-24 or 2^-53. So a
// value is off by at most kErrorUnits * n * u * (sum of the range) * chips, n the number of hands;
// the tests check it against the quadratic sum.
//
// Order of summation: that of the positions of the hands; no lane looks at another. No allocation.
// Thread-safe: pure functions but for their scratch.
#ifndef NASHVILLE_SOLVER_RANGES_HAND_VALUES_H_
#define NASHVILLE_SOLVER_RANGES_HAND_VALUES_H_

#include <cstdint>

#include "solver/cards/card.h"
#include "solver/ranges/board_hands.h"
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
// All of it.
template <typename P>
struct WholeRange {
  NASH_ALWAYS_INLINE P Of(const P* reach, int hand) const { return reach[hand]; }
};

// Sums of a range, in all and by card. A card is told by its step (board_hands.h).
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
  // Nothing for a hand of one card: it shares it with no other hand.
  template <bool kPair>
  NASH_ALWAYS_INLINE P OfHand(uint16_t low, uint16_t high) const {
    return kPair ? At(low) + At(high) : P::Zero();
  }

  void Clear() {
    total = P::Zero();
    for (P& sum : by_card) sum = P::Zero();
  }
  void MultiplyBy(const P& factor) {
    total *= factor;
    for (P& sum : by_card) sum *= factor;
  }
  void Add(const CardSums& other) {
    total += other.total;
    for (int c = 0; c < kCardsMax; ++c) by_card[c] += other.by_card[c];
  }
  void Subtract(const CardSums& other) {
    total = total - other.total;
    for (int c = 0; c < kCardsMax; ++c) by_card[c] = by_card[c] - other.by_card[c];
  }
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
        low_(hands.low_steps().data()),
        high_(hands.high_steps().data()),
        groups_(hands.groups().data()),
        num_groups_(hands.groups().empty() ? 0 : hands.num_groups()) {}

  // The responder chooses among its ends: combine(i, v) is called for each hand i in their order
  // with the most that fold and showdown are worth. The range's sums are written. scratch: [hands],
  // written.
  template <typename Combine>
  void OwnEnds(const HandEnds<P>& ends, SummedRange<P>* range, P* scratch,
               const Combine& combine) const {
    EachOwnEnd(ends, range, scratch,
               [&]<bool kFold, bool kShow>(int i, const P& fold, const P& show) {
                 combine(i, kFold && kShow ? Max(show, fold) : kFold ? fold : show);
               });
  }
  // The same without a choice: combine.operator()<kFold, kShow>(i, fold, show) is called with what
  // each of the ends that are there is worth.
  template <typename Combine>
  void EachOwnEnd(const HandEnds<P>& ends, SummedRange<P>* range, P* scratch,
                  const Combine& combine) const {
    WithKinds(ends, [&]<bool kPair, bool kFold, bool kShow>() {
      OwnEndsOf<kPair, kFold, kShow>(ends, range->reach, scratch, range->sums, combine);
    });
    range->has_sums = true;
  }

  // The opponent has chosen: combine(i, v) is called with the sum of what its ends are worth, each
  // against the part of the range that goes there. rest: the sums of the part that takes one of
  // the ends, in which those who fold are what the others leave; or null: then folds are added up.
  template <typename Combine>
  void OpponentEnds(const HandEnds<P>& ends, const P* reach, const ActionShare<P>& fold,
                    const ActionShare<P>& show, const CardSums<P>* rest, P* scratch,
                    const Combine& combine) const {
    WithKinds(ends, [&]<bool kPair, bool kFold, bool kShow>() {
      OpponentEndsOf<kPair, kFold, kShow>(ends, reach, fold, show, rest, scratch, combine);
    });
  }

  // The sums of what takes none of the actions whose sums are in `taken`; rest: written.
  void TakeRest(SummedRange<P>* range, const CardSums<P>& taken, CardSums<P>* rest) const {
    if (!range->has_sums) AddUp(range);
    *rest = *range->sums;
    rest->Subtract(taken);
  }

 private:
  void AddUp(SummedRange<P>* range) const {
    if (is_pair_) {
      Sum<true>(range->reach, WholeRange<P>(), range->sums);
    } else {
      Sum<false>(range->reach, WholeRange<P>(), range->sums);
    }
    range->has_sums = true;
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

  template <bool kPair, bool kFold, bool kShow, typename Combine>
  void OwnEndsOf(const HandEnds<P>& ends, const P* reach, P* scratch, CardSums<P>* range_sums,
                 const Combine& combine) const {
    if constexpr (kShow) {
      SweepUp<kPair>(reach, WholeRange<P>(), scratch, range_sums);
    } else {
      Sum<kPair>(reach, WholeRange<P>(), range_sums);
    }
    const CardSums<P>& sums = *range_sums;
    const P total = sums.total;
    const P show_chips = ends.showdown_chips;
    const P fold_chips = ends.fold_chips;
    const uint16_t* __restrict const low = low_;
    const uint16_t* __restrict const high = high_;
    for (int i = 0, n = n_; i < n; ++i) {
      const P cards = sums.template OfHand<kPair>(low[i], high[i]);
      P fold = P::Zero(), show = P::Zero();
      if constexpr (kShow) show = show_chips * ((scratch[i] + cards) - total);
      if constexpr (kFold) {
        fold = fold_chips * (kPair ? (total + reach[i]) - cards : total - reach[i]);
      }
      combine.template operator()<kFold, kShow>(i, fold, show);
    }
  }

  // What all hands have in common is multiplied by the chips once a card, not once a hand.
  template <bool kPair, bool kFold, bool kShow, typename Combine>
  void OpponentEndsOf(const HandEnds<P>& ends, const P* reach, const ActionShare<P>& fold_share,
                      const ActionShare<P>& show_share, const CardSums<P>* rest, P* scratch,
                      const Combine& combine) const {
    // In registers: what a reference leads to, a store to a vector might have changed.
    const ActionShare<P> fold = fold_share;
    const ActionShare<P> show = show_share;
    CardSums<P> sums;  // in chips: of showdowns, less those of folds
    sums.Clear();
    if constexpr (kShow) SweepUp<kPair>(reach, show, scratch, &sums);
    if constexpr (kFold) {
      CardSums<P> folds;
      if (rest != nullptr) {
        folds = *rest;
        folds.Subtract(sums);
      } else {
        Sum<kPair>(reach, fold, &folds);
      }
      folds.MultiplyBy(ends.fold_chips);
      if constexpr (kShow) sums.MultiplyBy(ends.showdown_chips);
      sums.Subtract(folds);
    } else {
      sums.MultiplyBy(ends.showdown_chips);
    }
    const P total = sums.total;
    const P show_chips = ends.showdown_chips;
    const P fold_chips = ends.fold_chips;
    const uint16_t* __restrict const low = low_;
    const uint16_t* __restrict const high = high_;
    for (int i = 0, n = n_; i < n; ++i) {
      P value = sums.template OfHand<kPair>(low[i], high[i]) - total;
      if constexpr (kShow) value += show_chips * scratch[i];
      if constexpr (kFold) {
        const P own = fold_chips * fold.Of(reach, i);
        value = kPair ? value + own : value - own;
      }
      combine(i, value);
    }
  }

  // scratch[i]: the sums before and after the group of hand i, without its cards.
  template <bool kPair, typename Share>
  NASH_ALWAYS_INLINE void SweepUp(const P* reach, const Share& share, P* scratch,
                                  CardSums<P>* sums) const;
  template <bool kPair, typename Share>
  NASH_ALWAYS_INLINE void Sum(const P* reach, const Share& share, CardSums<P>* sums) const;

  const int n_;
  const bool is_pair_;
  const uint16_t* const low_;  // steps
  const uint16_t* const high_;
  const uint16_t* const groups_;
  const int num_groups_;
};

template <typename P>
template <bool kPair, typename Share>
NASH_ALWAYS_INLINE void HandValues<P>::SweepUp(const P* __restrict reach, const Share& share,
                                               P* __restrict scratch,
                                               CardSums<P>* __restrict sums) const {
  sums->Clear();
  const uint16_t* __restrict const low = low_;
  const uint16_t* __restrict const high = high_;
  const uint16_t* __restrict group = groups_;
  P total = P::Zero();
  for (const uint16_t* const last = group + num_groups_; group != last; ++group) {
    const int begin = group[0];
    const int end = group[1];
    const P before = total;
    if constexpr (!kPair) {
      for (int i = begin; i < end; ++i) total += share.Of(reach, i);
      for (int i = begin; i < end; ++i) scratch[i] = before + total;
      continue;
    }
    for (int i = begin; i < end; ++i) scratch[i] = sums->At(low[i]) + sums->At(high[i]);
    for (int i = begin; i < end; ++i) {
      const P own = share.Of(reach, i);
      sums->At(low[i]) += own;
      sums->At(high[i]) += own;
      total += own;
    }
    const P both = before + total;
    for (int i = begin; i < end; ++i) {
      scratch[i] = both - (scratch[i] + (sums->At(low[i]) + sums->At(high[i])));
    }
  }
  sums->total = total;
}

template <typename P>
template <bool kPair, typename Share>
NASH_ALWAYS_INLINE void HandValues<P>::Sum(const P* __restrict reach, const Share& share,
                                           CardSums<P>* __restrict sums) const {
  sums->Clear();
  const uint16_t* __restrict const low = low_;
  const uint16_t* __restrict const high = high_;
  P total = P::Zero();
  for (int i = 0, n = n_; i < n; ++i) {
    const P own = share.Of(reach, i);
    if constexpr (kPair) {
      sums->At(low[i]) += own;
      sums->At(high[i]) += own;
    }
    total += own;
  }
  sums->total = total;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_HAND_VALUES_H_
