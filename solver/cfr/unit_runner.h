// Runs units of work: batches in sequence on a replica of the table, as if the round's other units
// did the same.
//
// While a unit runs, its own regret changes are added multiplied by the round's amplification,
// which is the number of its units unless the definition says less (docs/determinism.md: without
// this, units that run side by side overshoot together). At its end the rows' old values, kept
// aside at their first change, give the delta (unit_delta.h) and take the table back. So a unit's
// delta is a pure function of the table, the round, the unit's number and, with lag, its line's
// delta of the round before (line_start.h). Thread-compatible; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_UNIT_RUNNER_H_
#define NASHVILLE_SOLVER_CFR_UNIT_RUNNER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "solver/cfr/line_start.h"
#include "solver/cfr/undo_log.h"
#include "solver/cfr/unit_delta.h"
#include "solver/cfr/unit_traverser.h"

namespace nash {

class UnitRunner {
 public:
  // Needs CheckTrainingSetup(setup).ok(). undo: of the setup's table, for our use alone; outlives
  // us.
  UnitRunner(const TrainingSetup& setup, UndoLog* undo);
  UnitRunner(const UnitRunner&) = delete;
  UnitRunner& operator=(const UnitRunner&) = delete;

  // Runs `unit` and leaves the table as it was. start: the parts of the line's delta of the round
  // before (lines.h), whose rows ascend from part to part, both lanes; null where the round is a
  // meeting. next: the unit that will probably follow. checkpoint_log: told before rows change, or
  // null. Nothing when between_batches said to stop.
  std::optional<UnitDelta> Run(const UnitId& unit, const std::vector<EncodedRows>* start,
                               const std::optional<UnitId>& next, UndoLog* checkpoint_log,
                               const BetweenBatches& between_batches);

  // Whether parts from outside may be given to Run() as `start`: what it trusts. Error:
  // InvalidArgument, what is wrong (without a place).
  absl::Status CheckStart(const std::vector<EncodedRows>& start) const;

  const RowSpace& rows() const { return start_.rows(); }

  // As UnitTraverser's.
  double prepare_waited_seconds() const { return traverser_.prepare_waited_seconds(); }

 private:
  const TrainingSetup setup_;
  UndoLog* undo_;
  UnitTraverser traverser_;
  LineStart start_;
  const UnitSealer sealer_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNIT_RUNNER_H_
