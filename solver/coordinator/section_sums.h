// Adds up sections of a round as soon as their parts have come of all units, while later ones are
// on their way.
//
// What is left for the round's end is then to merge one part where there was one of each unit, and
// the parts that were added up need not be held: with many units that is nearly all of the time
// that everybody would wait for, and of the memory. The table is not touched, so that nothing has
// to be undone when a claim does not fit its parts: sums are forgotten with them
// (OpenRound::RollBack). Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_SECTION_SUMS_H_
#define NASHVILLE_SOLVER_COORDINATOR_SECTION_SUMS_H_

#include "absl/status/status.h"
#include "solver/coordinator/counters.h"
#include "solver/coordinator/master.h"
#include "solver/coordinator/open_round.h"
#include "solver/coordinator/options.h"
#include "solver/coordinator/part_spool.h"

namespace nash {

class SectionSums {
 public:
  // All outlive us.
  SectionSums(const CoordinatorOptions& options, Master* master, PartSpool* spool,
              Counters* counters)
      : options_(options), master_(master), spool_(spool), counters_(counters) {}

  // Whether TakeStep() has something to do: enough sections for all threads have come. round: may
  // be null.
  bool IsDue(const OpenRound* round) const;
  // Adds up the next sections. Needs IsDue(), and that no round is being merged. Where the spool
  // has no room, or sums are hardly shorter, the rest of the round is left to its end. Errors:
  // those of master and spool.
  absl::Status TakeStep(OpenRound* round);

 private:
  const CoordinatorOptions& options_;
  Master* const master_;
  PartSpool* const spool_;
  Counters* const counters_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_SECTION_SUMS_H_
