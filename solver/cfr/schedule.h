// What happens to the table at the end of a round, and when: discounts and halvings.
//
// Everything is a function of the round's number, in integers, so that master and replicas, resumed
// and uninterrupted runs do the same. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_SCHEDULE_H_
#define NASHVILLE_SOLVER_CFR_SCHEDULE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"

namespace nash {

// A factor in [0, 1] as a multiple of 2^-31.
using Fraction = uint32_t;
inline constexpr Fraction kOne = Fraction{1} << 31;

// x * fraction, rounded towards zero.
inline int32_t Scale(int32_t x, Fraction fraction) {
  const int64_t product = static_cast<int64_t>(x) * fraction;
  return static_cast<int32_t>(product / kOne);
}

struct RoundEnd {
  bool sweeps = false;  // whether the table changes at all
  Fraction positive = kOne;
  Fraction negative = kOne;
  Fraction sums = kOne;
};

// The end of round `round` (from 0). Discounts: Brown & Sandholm 2019, section 3: the t-th discount
// multiplies positive regrets by t^alpha / (t^alpha + 1), negative ones by t^beta / (t^beta + 1)
// and sums by (t / (t + 1))^gamma. Exponents are multiples of 1/2: then IEEE arithmetic gives the
// same factor on every machine, which pow() does not promise.
RoundEnd EndOfRound(const CfrOptions& options, const RoundShape& shape, uint64_t round);

// The same for iterations done so far, which is what a resumed run knows.
inline uint64_t IterationsAfter(const RoundShape& shape, uint64_t rounds) {
  return rounds * shape.DealsPerRound();
}

// Applies `end` to the rows of a node; sums above kSumLimit are halved with their row. Regrets are
// clamped to [regret_floor, kRegretCeiling].
void SweepNode(const RoundEnd& end, int32_t regret_floor, NodeIndex node, Table* table);

// The most a single deal may add to a strategy sum.
int32_t SumUnitsPerDealMax(Sampler sampler);

// The lowest regret of a run, in stored units.
int32_t RegretFloorOf(const CfrOptions& options);

// Whether no value can ever wrap, and every schedule fits the round's shape. chips_max: the most a
// player can win or lose. Error: InvalidArgument, naming the key, what was found and what fits.
absl::Status CheckSchedule(const CfrOptions& options, const RoundShape& shape, int64_t chips_max);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_SCHEDULE_H_
