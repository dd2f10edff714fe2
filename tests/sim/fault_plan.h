// Faults of one simulated run, drawn from its seed.
#ifndef NASHVILLE_TESTS_SIM_FAULT_PLAN_H_
#define NASHVILLE_TESTS_SIM_FAULT_PLAN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "solver/coordinator/counters.h"
#include "tests/sim/engine.h"
#include "tests/sim/event_queue.h"

namespace nash {

// How a seed is to be run.
struct FaultPlan {
  const Engine* engine = nullptr;
  const ReferenceRun* reference = nullptr;
  uint64_t rounds = 0;
  bool prints = false;  // what happens, to stderr
};

// What happened in runs, summed up: shows that the faults were there.
struct FaultTally {
  Counters coordinator;
  uint64_t restarts = 0;  // of coordinators
  uint64_t tables_loaded = 0;
  uint64_t units_abandoned = 0;
  uint64_t divergences = 0;     // that workers noticed themselves
  uint64_t damaged_frames = 0;  // dropped by who got them
  // Of parts that workers pass on.
  uint64_t relay_served_bytes = 0;
  uint64_t relay_fetched_bytes = 0;
  uint64_t relay_fallbacks = 0;
  uint64_t parts_refused = 0;  // by workers
  uint64_t torn_logs = 0;      // whose ends were cut when a coordinator started
  Nanos recovery_max{0};       // from the last fault to the run's end
};

// Runs the cluster of this seed: faults for a while, then none until the run has ended. Error: what
// went wrong (see SimCluster::RunToEnd).
absl::Status RunWithFaults(const FaultPlan& plan, uint64_t seed, FaultTally* tally);

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_FAULT_PLAN_H_
