// train_blueprint --plan: what a run will take, printed before anything is taken.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_PLAN_COMMAND_H_
#define NASHVILLE_TOOLS_PLANNING_PLAN_COMMAND_H_

#include "absl/status/status.h"
#include "tools/planning/plan_request.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// A run whose table is larger than the memory by more is not counted node by node.
inline constexpr int kPlanMemoriesMax = 8;

// Prints to stdout. Errors: InvalidArgument, naming the flag; those of the costs file; Cancelled
// where a signal ended the calibration.
absl::Status PrintPlan(const LoadedRun& run, const PlanRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_PLAN_COMMAND_H_
