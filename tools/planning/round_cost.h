// What a batch takes and what a round's end takes, from rounds of training of two lengths.
//
// A round of b batches takes  e + b * t:  e is its end (discount, sweep), t what a batch takes. Two
// lengths tell them apart:
//
//   b = 1, and more until a round is long enough for     the table is empty: this is the warm-up
//   the clock, and its batches take longer than its end
//   b, 2b, b, 2b, ... until the seconds are spent        T1 = e + b t,  T2 = e + 2 b t
//   e = 2 T1 - T2, of the shortest of each length        t = all seconds without ends, by batches
//
// The shortest rounds give e, because what disturbs a round makes it longer; all of them give t,
// because a run is disturbed as well. Rounds of the run's own length could not serve: they may take
// minutes. Thread-safe: a function only.
#ifndef NASHVILLE_TOOLS_PLANNING_ROUND_COST_H_
#define NASHVILLE_TOOLS_PLANNING_ROUND_COST_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace nash {

struct TimedRound {
  double seconds = 0;
  double touches = 0;
};

struct RoundCost {
  double batch_seconds = 0;
  double round_seconds = 0;  // what a round takes beside its batches
  double batch_touches = 0;
  double spent_seconds = 0;  // all rounds together
};

// run_round(batches) trains a round and times it; its errors are returned. Rounds take `seconds` in
// all and what has begun then. A round that takes longer than half of them is measured once, and
// has no end.
absl::StatusOr<RoundCost> TimeRounds(
    double seconds, absl::FunctionRef<absl::StatusOr<TimedRound>(uint32_t batches)> run_round);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_ROUND_COST_H_
