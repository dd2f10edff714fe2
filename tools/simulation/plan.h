// A cluster and the shape of its rounds, as the simulation and the formulas take them.
// Thread-safe: values only.
#ifndef NASHVILLE_TOOLS_SIMULATION_PLAN_H_
#define NASHVILLE_TOOLS_SIMULATION_PLAN_H_

#include <array>
#include <cmath>
#include <cstdint>

#include "tools/simulation/costs.h"

namespace nash {

struct ClusterPlan {
  int workers = 1;
  int units = 1;    // of a round
  int threads = 1;  // of a worker
  double unit_touches = 0;
  double gbit_per_s = 10;  // of every machine, each way
  int lag = 0;             // rounds that may be unmerged when a unit starts
  int coordinators = 1;    // the row space in as many equal shares, each on a machine of its own
  int merge_threads = 1;   // of a coordinator
  // To so many workers a coordinator sends merged deltas itself, and so does every worker, down a
  // tree; 0: to all.
  int relay_fanout = 0;
  // By street: the street is merged in every so many-th round, with what it has gathered.
  std::array<int, kCostStreetsMax> periods = {1, 1, 1, 1};

  double bytes_per_s() const { return gbit_per_s * 1e9 / 8; }
};

// Whether workers pass merged deltas on.
inline bool HasRelays(const ClusterPlan& plan) {
  return plan.relay_fanout > 0 && plan.relay_fanout < plan.workers;
}

// How many copies of a merged delta leave a coordinator.
inline int CopiesOut(const ClusterPlan& plan) {
  return HasRelays(plan) ? plan.relay_fanout : plan.workers;
}

// Whether coordinators, when they are idle, add a round's deltas up while they come
// (solver/coordinator/section_sums.h): of so many units, and where it leaves at most so much.
inline constexpr int kSummedUnits = 8;
inline constexpr double kSummedShare = 0.5;
inline bool IsSummed(const ClusterPlan& plan, double rows_sent, double rows_merged) {
  return plan.units >= kSummedUnits && rows_merged <= kSummedShare * plan.units * rows_sent;
}

// Whether `street` is merged at the end of `round`.
inline bool IsMerged(const ClusterPlan& plan, int street, int round) {
  return (round + 1) % plan.periods[street] == 0;
}

// Rows that `units` units (1: what one sends; all of a round: what is merged) hand over at the end
// of `round`. Units of one round draw different deals, so together they touch what one unit of
// their summed length would.
inline double RowsHandedOver(const ClusterPlan& plan, const ClusterCosts& costs, int units,
                             int round) {
  double rows = 0;
  for (int street = 0; street < costs.num_streets; ++street) {
    if (!IsMerged(plan, street, round)) continue;
    rows += costs.RowsOf(street, plan.unit_touches * units * plan.periods[street]);
  }
  return rows;
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_SIMULATION_PLAN_H_
