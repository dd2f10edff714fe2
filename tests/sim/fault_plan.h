// Faults of one simulated run, drawn from its seed.
#ifndef NASHVILLE_TESTS_SIM_FAULT_PLAN_H_
#define NASHVILLE_TESTS_SIM_FAULT_PLAN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tests/sim/engine.h"

namespace nash {

// How a seed is to be run.
struct FaultPlan {
  const Engine* engine = nullptr;
  const ReferenceRun* reference = nullptr;
  uint64_t rounds = 0;
  bool prints = false;  // what happens, to stderr
};

// Runs the cluster of this seed: faults for a while, then none until the run has ended. Error: what
// went wrong (see SimCluster::RunToEnd).
absl::Status RunWithFaults(const FaultPlan& plan, uint64_t seed);

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_FAULT_PLAN_H_
