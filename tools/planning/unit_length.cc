// batches:   1     2     4     8    16    32    64   ...
// share:   .21   .35   .52   .69   .82  [.90]               the first that reaches kClusterShare
// rounds: 8192  4096  2048  1024   512   256   128 ...      no further than kRoundsMin
//
// A length must also be a length of the definition: discounts and snapshots fall on ends of rounds,
// so that their periods are multiples of a round. Whether they are is asked of the reader of
// definitions, which knows: the definition is written with the number and read again.
//
// The run has as many workers as a round has units: more would idle, and with fewer each unit waits
// for another, which costs no rate.
#include "tools/planning/unit_length.h"

#include <glog/logging.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "tools/planning/forecast.h"

namespace nash {
namespace {

constexpr uint64_t kBatchesMax = uint64_t{1} << 24;

// The rate of a round, as a share of that of its machines if they did nothing but traverse.
double ShareOf(const RoundShape& shape, const RunPlan& plan, const Calibration& calibration,
               const ClusterCosts& costs, double gbit_per_s) {
  ForecastOptions options;
  options.gbit_per_s = gbit_per_s;
  const int workers = shape.units == 1 ? 0 : static_cast<int>(shape.units);
  const Forecast forecast = ForecastOf(shape, workers, plan, calibration, costs, options);
  return forecast.touches_per_s * calibration.batch_seconds /
         (calibration.batch_touches * std::max(workers, 1));
}

void LogChoice(const UnitLength& length, const RoundShape& shape, int threads, double gbit_per_s) {
  const std::string who = shape.units == 1 ? "one process"
                                           : absl::StrFormat("%d workers with links of %g Gbit/s",
                                                             shape.units, gbit_per_s);
  LOG(INFO) << absl::StrFormat(
      "round.batches: auto: %d, units of %.3g s with %d threads, %d rounds; %s: %.0f%% of the rate "
      "without rounds' ends",
      length.batches, length.unit_seconds, threads, length.rounds, who, 100 * length.share);
  if (!length.limit.empty()) {
    LOG(WARNING) << "warning: round.batches: auto: " << length.limit << ", so units are no longer";
  }
}

}  // namespace

absl::StatusOr<UnitLength> UnitLengthOf(const RunDefinition& definition, const RunPlan& plan,
                                        const Calibration& calibration, const ClusterCosts& costs,
                                        double gbit_per_s) {
  const double wanted = definition.round.units == 1 ? kProcessShare : kClusterShare;
  UnitLength best;
  for (uint64_t batches = 1; batches <= kBatchesMax; batches *= 2) {
    const absl::StatusOr<RunDefinition> with = WithBatches(definition, batches);
    const uint64_t rounds = with.ok() ? definition.iterations / with->round.DealsPerRound() : 0;
    if (!with.ok() && batches == 1) return with.status();
    if (!with.ok() || (rounds < kRoundsMin && batches > 1)) {
      best.limit = with.ok()
                       ? absl::StrCat("twice as long would leave less than ", kRoundsMin, " rounds")
                       : absl::StrCat("twice as long is no length of this definition (",
                                      with.status().message(), ")");
      return best;
    }
    best.batches = static_cast<uint32_t>(batches);
    best.unit_seconds = batches * calibration.batch_seconds;
    best.share = ShareOf(with->round, plan, calibration, costs, gbit_per_s);
    best.rounds = rounds;
    if (best.share >= wanted) return best;
  }
  return best;
}

absl::StatusOr<RunDefinition> ChooseBatches(const LoadedRun& run, const PlanRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request));
  if (request.calibration_seconds == 0) {
    return absl::InvalidArgumentError(
        "--calibrate=0: round.batches: auto needs times; give seconds, or the definition a number");
  }
  const RunPlan plan = PlanRun(run, request.threads);
  RETURN_IF_ERROR(CheckFits(plan.alone));
  ASSIGN_OR_RETURN(const ClusterCosts costs, CostsNamedBy(request));
  ASSIGN_OR_RETURN(const Calibration calibration, CalibrateShown(run, request));
  ASSIGN_OR_RETURN(const UnitLength length,
                   UnitLengthOf(run.definition(), plan, calibration, costs, request.gbit_per_s));
  LogChoice(length, run.definition().round, request.threads, request.gbit_per_s);
  return WithBatches(run.definition(), length.batches);
}

}  // namespace nash
