// Chooses round.batches for a definition that leaves them open (`batches: auto`).
//
// Short units learn more from each deal and long ones waste less time on the exchange
// (docs/measurements/speedup.md). The length chosen is the shortest of which a cluster loses a
// tenth, by the model of `simulate` (docs/scaling.md) with rates that are calibrated on this
// machine.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_UNIT_LENGTH_H_
#define NASHVILLE_TOOLS_PLANNING_UNIT_LENGTH_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "solver/run/run_definition.h"
#include "tools/planning/calibration.h"
#include "tools/planning/plan_request.h"
#include "tools/planning/run_plan.h"
#include "tools/simulation/costs.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Of the rate of machines that need no exchange, what a cluster should keep; and of a process
// alone, which has only its rounds' ends to pay.
inline constexpr double kClusterShare = 0.9;
inline constexpr double kProcessShare = 0.98;
// A run of fewer rounds learns little from the exchange, however long it takes.
inline constexpr uint64_t kRoundsMin = 256;

struct UnitLength {
  uint32_t batches = 1;
  double unit_seconds = 0;
  double share = 0;     // of the rate of as many machines that need no exchange
  uint64_t rounds = 0;  // of the whole run
  std::string limit;    // why it is not longer, where the share is not reached; or empty
};

// By powers of two, for one worker a unit, or one process where a round has one unit. Error:
// InvalidArgument where no power of two fits the definition, not even one.
absl::StatusOr<UnitLength> UnitLengthOf(const RunDefinition& definition, const RunPlan& plan,
                                        const Calibration& calibration, const ClusterCosts& costs,
                                        double gbit_per_s);

// Calibrates, chooses, says on the log what was chosen and why, and returns the definition with it.
// run: of the same definition. Errors: as above; of the request's flags; Cancelled on a signal.
absl::StatusOr<RunDefinition> ChooseBatches(const LoadedRun& run, const PlanRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_UNIT_LENGTH_H_
