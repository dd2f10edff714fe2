// A unit leaves the table as it found it, whether it comes to its end (UnitSealer takes rows back
// as it reads their changes) or is stopped between two batches (TakeBack). So a replica may run any
// unit at any time between rounds, run it twice, or throw it away.
//
// CheckStart() is a border: a line's own delta comes back from the coordinator with lag 1, and must
// hold what a unit could have sent: rows ascending, no part across sections, regrets within the
// limit of one unit. LineStart trusts what passed here.
#include "solver/cfr/unit_runner.h"

#include <algorithm>
#include <vector>

#include "common/status_macros.h"
#include "solver/cfr/delta_rows.h"

namespace nash {

UnitRunner::UnitRunner(const TrainingSetup& setup, UndoLog* undo)
    : setup_(setup),
      undo_(undo),
      traverser_(setup),
      start_(setup.options, setup.shape, setup.table, setup.pool),
      sealer_(setup.options, setup.shape, &start_, setup.table, setup.pool) {}

std::optional<UnitDelta> UnitRunner::Run(const UnitId& unit, const std::vector<EncodedRows>* start,
                                         const std::optional<UnitId>& next, UndoLog* checkpoint_log,
                                         const BetweenBatches& between_batches) {
  undo_->Begin();
  const UndoLogs logs = {.unit = undo_, .checkpoint = checkpoint_log};
  start_.Enter(start, logs);
  const std::optional<uint64_t> touches = traverser_.Run(unit, next, logs, between_batches);
  if (!touches.has_value()) {
    TakeBack(*undo_, setup_.table);
    return std::nullopt;
  }
  UnitDelta delta;
  delta.touches = *touches;
  sealer_.Seal(*undo_, &delta);
  return delta;
}

absl::Status UnitRunner::CheckStart(const std::vector<EncodedRows>& start) const {
  const auto limit = static_cast<int32_t>(
      std::min<uint32_t>(LimitsOfUnit(setup_.options, setup_.shape).regret, kRegretCeiling));
  DeltaBounds bounds;  // of regrets only: LineStart does not read the sums
  bounds.lanes[kRegretLane].lowest = -limit;
  bounds.lanes[kRegretLane].highest = limit;
  uint64_t next_row = 0;
  for (const EncodedRows& part : start) {
    ASSIGN_OR_RETURN(const RowsNamed named, CheckDelta(part.bytes, rows(), bounds));
    ASSIGN_OR_RETURN(const PartPlace place, CheckPart(named, start_.sections()));
    if (place.first_row < next_row) {
      return absl::InvalidArgumentError("parts whose rows do not ascend");
    }
    next_row = place.last_row + 1;
  }
  return absl::OkStatus();
}

}  // namespace nash
