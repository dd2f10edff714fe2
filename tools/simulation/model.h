// The cost model of a round in formulas (docs/scaling.md): quick, smooth, and a check of the
// simulation. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_SIMULATION_MODEL_H_
#define NASHVILLE_TOOLS_SIMULATION_MODEL_H_

#include "tools/simulation/plan.h"

namespace nash {

// What the stages of a round take, in seconds, each on its own.
struct StageSeconds {
  double compute = 0;  // until the slowest unit is done
  double seal = 0;     // a worker: seal and encode
  double in = 0;       // the coordinator's link
  double check = 0;    // all its threads: each part decoded when it comes
  double merge = 0;    // the same, once all parts are there: decoded, added up, given out
  double log = 0;
  double out = 0;     // the links out by which all workers get it: the coordinator's, or a worker's
  double follow = 0;  // a worker: decode and apply
};

// Of round number `round`: streets with periods make rounds differ.
StageSeconds Stages(const ClusterPlan& plan, const ClusterCosts& costs, int round);

// The mean time of a round: computing and exchange follow one another, the stages of either half of
// the exchange overlap, and 1 + lag rounds are under way at a time; unless workers, threads, a link
// or the log are busy all the time with less. The length of one part at the ends of pipelines is
// left out, and what early workers do meanwhile.
double RoundSeconds(const ClusterPlan& plan, const ClusterCosts& costs);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_SIMULATION_MODEL_H_
