// Regret matching on one row: from integer regrets to a strategy and a sampled action.
//
// Hart & Mas-Colell 2000: probabilities are proportional to positive regrets, uniform where none is
// positive. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_REGRET_MATCHING_H_
#define NASHVILLE_SOLVER_CFR_REGRET_MATCHING_H_

#include <bit>
#include <cstdint>

#include "solver/cfr/lanes.h"

namespace nash {

// A strategy before it is divided by its total, with running totals to sample from.
template <int W>
struct Weights {
  typename Lanes<W>::F weights;  // zero in lanes that are not allowed
  typename Lanes<W>::F prefix;   // inclusive prefix sums
  float total;                   // prefix of the last lane, positive

  typename Lanes<W>::F Probabilities() const { return weights / Broadcast<W>(total); }
  // The action at `uniform` in [0, 1): the first lane of positive weight whose prefix passes
  // uniform * total, or the last lane of positive weight if no prefix passes. Never a lane of
  // weight zero, and so never one beyond the row: weights are looked at, not only prefixes.
  // Prefixes alone would not do. Each lane's prefix is summed in an order of its own (lanes.h), so
  // that once sums pass 2^24 and are rounded, prefixes need not ascend: the total, and lanes of
  // weight zero before it, may lie an ulp above the prefix of the last lane of positive weight, and
  // a draw near 1 between the two. Or an ulp below, and then uniform * total still passes no lane
  // too many.
  int Sample(float uniform) const {
    using F = typename Lanes<W>::F;
    const typename Lanes<W>::I positive = weights > F{};
    const uint32_t passes = MaskBits<W>((prefix > Broadcast<W>(uniform * total)) & positive);
    if (passes != 0) [[likely]]
      return std::countr_zero(passes);
    return std::bit_width(MaskBits<W>(positive)) - 1;
  }
};

// The uniform strategy on `allowed` lanes (a mask), for rows without a positive regret.
template <int W>
inline Weights<W> UniformWeights(typename Lanes<W>::I allowed) {
  Weights<W> out;
  out.weights = BitsAsFloats<W>(BitsAsInts<W>(Broadcast<W>(1.0f)) & allowed);
  out.prefix = PrefixSums(out.weights);
  out.total = out.prefix[W - 1];
  return out;
}

// regrets: lanes outside `allowed` are ignored. uniform: UniformWeights(allowed), hoisted out of
// loops over rows with the same mask. Needs at least one allowed lane.
template <int W>
inline Weights<W> MatchRegrets(typename Lanes<W>::I regrets, typename Lanes<W>::I allowed,
                               const Weights<W>& uniform) {
  using F = typename Lanes<W>::F;
  using I = typename Lanes<W>::I;
  const I zero = {};
  const I positive = (regrets > zero ? regrets : zero) & allowed;
  Weights<W> out;
  out.weights = ToFloats<W>(positive);
  out.prefix = PrefixSums(out.weights);
  out.total = out.prefix[W - 1];
  // Selected lane by lane: whether a row has a positive regret is not predictable.
  const I some = Broadcast<W>(out.total) > F{};
  out.weights = some ? out.weights : uniform.weights;
  out.prefix = some ? out.prefix : uniform.prefix;
  out.total = out.prefix[W - 1];
  return out;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_REGRET_MATCHING_H_
