// train_blueprint --plan: what a run will take, printed before anything is taken.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_PLAN_COMMAND_H_
#define NASHVILLE_TOOLS_PLANNING_PLAN_COMMAND_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// A run whose table is larger than the memory by more is not counted node by node.
inline constexpr int kPlanMemoriesMax = 8;

struct PlanRequest {
  int threads = 1;                  // of this process, and of each worker
  double calibration_seconds = 10;  // 0: none, and no times
  int hosts = 8;                    // the most workers looked at
  double gbit_per_s = 10;
  uint64_t iterations = 0;  // 0: those of the definition
  double visits = 1000;
  double checkpoint_every_seconds = 600;
  std::string costs;  // file of costs, as simulate takes it; empty: configs/cluster/costs.json
  bool as_json = false;
};

// Prints to stdout. Errors: InvalidArgument, naming the flag; those of the costs file; Cancelled
// where a signal ended the calibration.
absl::Status PrintPlan(const LoadedRun& run, const PlanRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_PLAN_COMMAND_H_
