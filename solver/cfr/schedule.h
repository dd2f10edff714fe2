// What happens to the table at the end of a round, and when: discounts and halvings.
//
// Strategy sums are int32 and a run may be long: whenever the number of iterations passes a power
// of two from kFirstHalving on, all sums are halved and so is what later visits add. Every
// iteration keeps its weight, and no sum can pass kSumLimit. (Halving single rows when they are
// full would forget: measured, NashConv of Leduc then stops falling at 0.015; docs/benchmarks.md.)
//
// Everything is a function of the round's number, in integers, so that master and replicas, resumed
// and uninterrupted runs do the same. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_SCHEDULE_H_
#define NASHVILLE_SOLVER_CFR_SCHEDULE_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"

namespace nash {

// A factor in [0, 1] as a multiple of 2^-31.
using Fraction = uint32_t;
inline constexpr Fraction kOne = Fraction{1} << 31;

// x * fraction, rounded towards zero.
inline int32_t ScaleRegret(int32_t x, Fraction fraction) {
  const int64_t product = static_cast<int64_t>(x) * fraction;
  return static_cast<int32_t>(product / kOne);
}

// x * fraction, rounded to nearest, ties to even. Needs x >= 0.
inline int32_t ScaleSum(int32_t x, Fraction fraction) {
  const uint64_t product = static_cast<uint64_t>(x) * fraction;
  const uint64_t floor = product / kOne, rest = product % kOne;
  return static_cast<int32_t>(floor + (rest > kOne / 2 || (rest == kOne / 2 && floor % 2 == 1)));
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

// Iterations after which sums are halved for the first time, unless a round is longer than that:
// kSumLimit / kSumUnit.
inline constexpr uint64_t kFirstHalving = uint64_t{kSumLimit} / kSumUnit;
// Deals of a unit are numbered by 32 bits, and a round's sums must fit.
inline constexpr uint64_t kDealsPerRoundMax = uint64_t{1} << 32;

// What a visit with probability 1 adds to a strategy sum in the round that follows `iterations`.
// Starts lower where rounds are longer than kFirstHalving, so that a round never adds more than
// kSumLimit. Below 1 when a run is long: what is added is then rounded up or down at random
// (external_walk.cc).
float SumUnitAt(Sampler sampler, const RoundShape& shape, uint64_t iterations);

// Whether the strategy after `iterations`, at a round's end, is one of those that the average of
// streets without sums is made of: at the multiples of snapshot_every_iterations, from where sums
// begin on.
bool IsSnapshotDue(const CfrOptions& options, uint64_t iterations);

// The rounds, in order, after which IsSnapshotDue() held in a run that has come to `iterations`.
std::vector<uint64_t> SnapshotRounds(const CfrOptions& options, const RoundShape& shape,
                                     uint64_t iterations);

// Applies `end` to a row. Regrets are rounded towards zero and clamped to [regret_floor,
// kRegretCeiling], sums are rounded to nearest, ties to even. row: as it lies in the table.
inline void SweepRow(const RoundEnd& end, int32_t regret_floor, uint32_t num_actions, bool has_sums,
                     int32_t* row) {
  for (uint32_t a = 0; a < num_actions; ++a) {
    const int32_t regret = ScaleRegret(row[a], row[a] > 0 ? end.positive : end.negative);
    row[a] = std::clamp(regret, regret_floor, kRegretCeiling);
  }
  if (!has_sums) return;
  int32_t* sums = row + num_actions;
  for (uint32_t a = 0; a < num_actions; ++a) sums[a] = ScaleSum(sums[a], end.sums);
}

// The lowest regret of a run, in stored units.
int32_t RegretFloorOf(const CfrOptions& options);

// Whether no value can ever wrap, and every schedule fits the round's shape. chips_max: the most a
// player can win or lose. Error: InvalidArgument, naming the key, what was found and what fits.
absl::Status CheckSchedule(const CfrOptions& options, const RoundShape& shape, int64_t chips_max);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_SCHEDULE_H_
