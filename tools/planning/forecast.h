// How long a run takes, alone and with workers: calibrated rates put into the model of `simulate`
// (docs/scaling.md).
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_FORECAST_H_
#define NASHVILLE_TOOLS_PLANNING_FORECAST_H_

#include <cstdint>
#include <vector>

#include "solver/cfr/options.h"
#include "tools/planning/calibration.h"
#include "tools/planning/run_plan.h"
#include "tools/simulation/costs.h"

namespace nash {

struct ForecastOptions {
  int hosts = 1;            // the most workers looked at
  double gbit_per_s = 10;   // of every machine's link
  uint64_t iterations = 0;  // of the run
  double visits = 1000;     // of an infoset, in the mean
};

struct Forecast {
  int workers = 0;  // 0: one process
  int units = 1;    // of a round
  double iterations_per_s = 0;
  double touches_per_s = 0;
  double round_s = 0;
  double seconds = 0;         // to the iterations
  double seconds_visits = 0;  // to the visits
  // Of a cluster.
  double bytes_up_per_iteration = 0, bytes_down_per_iteration = 0;  // of a worker's link
  double log_bytes_per_hour = 0;
};

// Of rounds of `shape` by so many workers, each with the calibration's threads. Rounds have as many
// units as workers where the shape gives fewer. workers: 0 is one process.
Forecast ForecastOf(const RoundShape& shape, int workers, const RunPlan& plan,
                    const Calibration& calibration, const ClusterCosts& costs,
                    const ForecastOptions& options);

// One process first, then 1, 2, 4, ... workers and `hosts`.
std::vector<Forecast> ForecastsOf(const RoundShape& shape, const RunPlan& plan,
                                  const Calibration& calibration, const ClusterCosts& costs,
                                  const ForecastOptions& options);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_FORECAST_H_
