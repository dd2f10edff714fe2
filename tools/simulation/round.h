// A discrete-event simulation of training rounds on a cluster.
//
// Workers, coordinators, and the two directions of each machine's link are queues: first come,
// first served. A worker runs a unit, seals and encodes its delta part by part, and each part goes
// through the worker's link, the coordinator's link and a merging thread. When the last part of a
// round has come, the coordinator merges and gives out, part by part, and logs the round; each part
// goes to every worker, or down a tree of workers, as soon as it is there (with lag, when all are);
// each decodes and applies it. A worker may start
// a unit of a round when it has applied all rounds before it but the last `lag`. docs/scaling.md
// has the details and limits.
//
// Costs: about 6 events for each part. A delta is cut into at most kSimulatedPartsMax parts for
// each coordinator, four times as many where workers pass them on, larger than real ones where it
// has more: what is lost is the time of one part, and of one more on each level of the tree.
#ifndef NASHVILLE_TOOLS_SIMULATION_ROUND_H_
#define NASHVILLE_TOOLS_SIMULATION_ROUND_H_

#include "tools/simulation/plan.h"

namespace nash {

inline constexpr int kSimulatedPartsMax = 16;

struct SimulatedRate {
  double touches_per_s = 0;
  double round_s = 0;
  // Shares of the workers' time; they sum to 1. An idle worker's time goes to what the round is
  // waiting for.
  double computing = 0;  // traversing
  double rows = 0;       // sealing, encoding, decoding, applying
  double merging = 0;    // idle: the coordinator merges or gives out
  double wire = 0;       // idle: bytes are on their way
  double waiting = 0;    // idle: for slower units, or latency
  // Bytes a second into and out of all coordinators.
  double bytes_in_per_s = 0;
  double bytes_out_per_s = 0;
};

// Simulates whole periods of all streets after a first one. Deterministic. Needs a plan with
// positive numbers.
SimulatedRate Simulate(const ClusterPlan& plan, const ClusterCosts& costs);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_SIMULATION_ROUND_H_
