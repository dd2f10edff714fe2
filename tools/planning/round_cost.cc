#include "tools/planning/round_cost.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/status_macros.h"

namespace nash {
namespace {

// A round that is too short measures the clock and the threads' waking up.
constexpr double kRoundSecondsMin = 0.3;
constexpr uint32_t kBatchesMax = 1 << 16;
// A round that hardly grows with its batches is all end: the sweep of a large table.
constexpr double kHardlyGrows = 1.25;
constexpr uint32_t kLongStep = 8;
// Of the seconds, what may be spent on finding a length.
constexpr double kFindingShare = 0.6;

}  // namespace

absl::StatusOr<RoundCost> TimeRounds(
    double seconds, absl::FunctionRef<absl::StatusOr<TimedRound>(uint32_t batches)> run_round) {
  RoundCost out;
  const auto run = [&](uint32_t batches) -> absl::StatusOr<TimedRound> {
    ASSIGN_OR_RETURN(const TimedRound round, run_round(batches));
    out.spent_seconds += round.seconds;
    return round;
  };
  uint32_t batches = 1;
  ASSIGN_OR_RETURN(const TimedRound first, run(batches));
  TimedRound last = first;
  while (out.spent_seconds < kFindingShare * seconds && batches < kBatchesMax) {
    const bool can_tell = last.seconds >= kRoundSecondsMin && batches > 1;
    if (can_tell && last.seconds >= 2 * first.seconds) break;
    batches *= can_tell && last.seconds < kHardlyGrows * first.seconds ? kLongStep : 2;
    ASSIGN_OR_RETURN(last, run(batches));
  }
  if (last.seconds > seconds / 2) {
    out.batch_seconds = last.seconds / batches;
    out.batch_touches = last.touches / batches;
    return out;
  }
  std::array<std::vector<TimedRound>, 2> rounds;  // of `batches`, and of twice as many
  while (rounds[0].size() < 2 || rounds[1].size() < 2 || out.spent_seconds < seconds) {
    const int k = rounds[1].size() < rounds[0].size() ? 1 : 0;
    ASSIGN_OR_RETURN(const TimedRound round, run(batches << k));
    rounds[k].push_back(round);
  }
  const auto shortest = [&](int k) {
    return std::min_element(
               rounds[k].begin(), rounds[k].end(),
               [](const TimedRound& a, const TimedRound& b) { return a.seconds < b.seconds; })
        ->seconds;
  };
  out.round_seconds = std::clamp(2 * shortest(0) - shortest(1), 0.0, 0.9 * shortest(0));
  double measured = 0;
  for (int k = 0; k < 2; ++k) {
    for (const TimedRound& round : rounds[k]) {
      measured += batches << k;
      out.batch_seconds += round.seconds - out.round_seconds;
      out.batch_touches += round.touches;
    }
  }
  out.batch_seconds /= measured;
  out.batch_touches /= measured;
  return out;
}

}  // namespace nash
