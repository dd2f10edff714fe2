// What happens to the table at the end of a round, and when: discounts and halvings.
//
// Strategy sums are int32 and a run may be long: whenever the number of iterations passes a power
// of two from FirstHalving() on, all sums are halved and so is what later visits add. Every
// iteration keeps its weight, and no sum can pass kSumLimit. (Halving single rows when they are
// full would forget: measured, NashConv of Leduc then stops falling at 0.015;
// docs/measurements/convergence.md.)
//
// Everything is a function of the round's number, in integers, so that master and replicas, resumed
// and uninterrupted runs do the same. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_SCHEDULE_H_
#define NASHVILLE_SOLVER_CFR_SCHEDULE_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rng.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"

namespace nash {

// A factor in [0, 1] as a multiple of 2^-31.
using Fraction = uint32_t;
inline constexpr Fraction kOne = Fraction{1} << 31;

// x * fraction, rounded up or down so that the mean over all dithers is exact. dither: in
// [0, kOne), uniform. Rounding to nearest or towards zero would not do: a discount by 1 - 1/t
// changes a value below t by less than one, so nearest never discounts it, and towards zero takes a
// whole unit from it each time, until regrets are gone (docs/measurements/quantum.md).
inline int32_t Scale(int32_t x, Fraction fraction, uint32_t dither) {
  static_assert(kOne == Fraction{1} << 31);
  return static_cast<int32_t>((static_cast<int64_t>(x) * fraction + dither) >> 31);
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

// The most that a sampler weights what a visit adds to a sum.
int32_t SumWeightMax(Sampler sampler);

// Iterations after which sums are halved for the first time, unless a round is longer than that:
// 2^30 over what an iteration adds at most.
uint64_t FirstHalving(Sampler sampler);
// Deals of a unit are numbered by 32 bits, and a round's sums must fit.
inline constexpr uint64_t kDealsPerRoundMax = uint64_t{1} << 32;

// What a visit with probability 1 adds to a strategy sum in the round that follows `iterations`.
// Starts lower where rounds are longer than FirstHalving(), so that a round never adds more than
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

// Rounds what a round's end leaves of one row; all actions share it. Each in [0, kOne).
struct RowDither {
  uint32_t regrets = 0;
  uint32_t sums = 0;
};

// The dithers of the rows of a table at the end of a round: functions of (seed, round, row), so
// that master and replicas round alike. One draw serves two neighbouring rows. Thread-compatible.
class RowDithers {
 public:
  RowDithers(uint64_t seed, uint64_t round) : name_{seed, round, 0} {}
  RowDither Of(uint64_t row) {
    if (row / 2 != pair_) {
      pair_ = row / 2;
      name_.unit = static_cast<uint32_t>(pair_ >> 32);
      block_ = Draw(name_, DrawPurpose::kDiscount, static_cast<uint32_t>(pair_), 0);
    }
    return {block_[row % 2] >> 1, block_[2 + row % 2] >> 1};
  }

 private:
  StreamName name_;
  uint64_t pair_ = ~uint64_t{0};
  RandomBlock block_ = {};
};

// Applies `end` to a row. Values are rounded without bias (Scale()), and regrets clamped to
// [regret_floor, kRegretCeiling]. row: as it lies in the table.
inline void SweepRow(const RoundEnd& end, int32_t regret_floor, uint32_t num_actions, bool has_sums,
                     RowDither dither, int32_t* row) {
  for (uint32_t a = 0; a < num_actions; ++a) {
    const int32_t regret = Scale(row[a], row[a] > 0 ? end.positive : end.negative, dither.regrets);
    row[a] = std::clamp(regret, regret_floor, kRegretCeiling);
  }
  if (!has_sums) return;
  int32_t* sums = row + num_actions;
  for (uint32_t a = 0; a < num_actions; ++a) sums[a] = Scale(sums[a], end.sums, dither.sums);
}

// The finest quantum, in chips, at which no regret can wrap whatever a batch adds for all units of
// its round: see docs/determinism.md, "No value wraps". chips_max: the most a player can win or
// lose. Infinite where the batches are too large at any quantum.
double FinestQuantum(Sampler sampler, const RoundShape& shape, int64_t chips_max);

// How large the largest regret becomes, in stored units, by rule of thumb: of a bucket of the first
// street that is visited `visits` times. Regrets that noise drives grow with the square root of
// visits and the range of payoffs (docs/measurements/quantum.md).
double LargestRegretExpected(const CfrOptions& options, int64_t chips_max, double visits);

// The lowest regret of a run, in stored units.
int32_t RegretFloorOf(const CfrOptions& options);

// `quantum`, above 0, rounded up to a decimal of `digits` digits, as text: advice must be right
// when used.
std::string QuantumText(double quantum, int digits);

// Whether no value can ever wrap, and every schedule fits the round's shape. chips_max: the most a
// player can win or lose. Error: InvalidArgument, naming the key, what was found and what fits.
absl::Status CheckSchedule(const CfrOptions& options, const RoundShape& shape, int64_t chips_max);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_SCHEDULE_H_
