// What a simulated cluster is made of.
#ifndef NASHVILLE_TESTS_SIM_SIM_OPTIONS_H_
#define NASHVILLE_TESTS_SIM_SIM_OPTIONS_H_

#include <string>

#include "solver/coordinator/options.h"
#include "tests/sim/engine.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_network.h"
#include "worker/options.h"

namespace nash {

struct SimOptions {
  uint64_t seed = 1;
  const Engine* engine = nullptr;
  const ReferenceRun* reference = nullptr;  // of at least `rounds` rounds
  uint64_t rounds = 10;
  NetworkFaults network;
  // A unit takes so long on a worker of speed 1, give or take a quarter.
  Nanos unit_time = std::chrono::milliseconds(200);
  Nanos sync_time = std::chrono::milliseconds(3);
  Nanos restart_time = std::chrono::milliseconds(500);
  uint64_t checkpoint_every_rounds = 4;
  Nanos checkpoint_time = std::chrono::milliseconds(300);
  uint64_t bucket_bytes = 0;  // of the one bucket file; 0: there is none
  // Rounds may be wrong on the way, where not all of them are audited; only the end counts.
  bool may_merge_wrong = false;
  CoordinatorOptions coordinator;
  WorkerOptions worker;
};

// What kind of worker it is.
struct WorkerTraits {
  std::string identity;     // empty: one of its own
  double slowness = 1;      // its units take this many times as long
  double lying = 0;         // share of results that are false
  bool is_hostile = false;  // sends what no worker would send
  bool is_relay = false;    // passes merged rounds on to others
  double relay_lying = 0;   // share of the parts that it gives them, which are others
  uint64_t wrong_from = 0;  // lies and hostility begin in this round, as when memory begins to fail
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_OPTIONS_H_
