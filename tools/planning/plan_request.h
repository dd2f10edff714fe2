// What the command line asks of a plan, and what a plan is made from: the costs that it names and a
// calibration that it grants seconds for.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_PLAN_REQUEST_H_
#define NASHVILLE_TOOLS_PLANNING_PLAN_REQUEST_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/planning/calibration.h"
#include "tools/simulation/costs.h"
#include "tools/stored/loaded_run.h"

namespace nash {

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

// Error: InvalidArgument, naming the flag.
absl::Status CheckRequest(const PlanRequest& request);
// Errors: those of the costs file.
absl::StatusOr<ClusterCosts> CostsNamedBy(const PlanRequest& request);
// Says on a terminal that it goes on. Errors: as Calibrate().
absl::StatusOr<Calibration> CalibrateShown(const LoadedRun& run, const PlanRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_PLAN_REQUEST_H_
