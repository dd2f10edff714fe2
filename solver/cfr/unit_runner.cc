// A unit leaves the table as it found it, whether it comes to its end (UnitSealer takes rows back
// as it reads their changes) or is stopped between two batches (TakeBack). So a replica may run any
// unit at any time between rounds, run it twice, or throw it away.
//
// CheckOwn() is a border: a line's own delta comes back from the coordinator with lag 1, and must
// hold what a unit could have sent: rows ascending, no part across sections, regrets within the
// limit of one unit. LineStart trusts what passed here.
#include "solver/cfr/unit_runner.h"

#include <algorithm>
#include <vector>

#include "common/status_macros.h"
#include "solver/cfr/delta_rows.h"

namespace nash {

UnitRunner::UnitRunner(const TrainingSetup& setup, TableSnapshot* undo)
    : setup_(setup),
      undo_(undo),
      traverser_(setup),
      start_(setup.options, setup.shape, setup.table, setup.pool),
      sealer_(setup.options, setup.shape, &start_, setup.table, setup.pool) {}

std::optional<UnitDelta> UnitRunner::Run(const Unit& unit, const std::vector<EncodedRows>* own,
                                         const std::optional<Unit>& next, TableSnapshot* snapshot,
                                         const Interlude& interlude) {
  undo_->Begin();
  start_.Enter(own, undo_, snapshot);
  const std::optional<uint64_t> touches =
      traverser_.Run(unit, next, {.undo = undo_, .snapshot = snapshot}, interlude);
  if (!touches.has_value()) {
    TakeBack(*undo_, setup_.table);
    return std::nullopt;
  }
  UnitDelta delta;
  delta.touches = *touches;
  sealer_.Seal(*undo_, &delta);
  return delta;
}

absl::Status UnitRunner::CheckOwn(const std::vector<EncodedRows>& own) const {
  const auto limit = static_cast<int32_t>(
      std::min<uint32_t>(LimitsOfUnit(setup_.options, setup_.shape).regret, kRegretCeiling));
  DeltaBounds bounds;  // of regrets only: LineStart does not read the sums
  bounds.lanes[kRegretLane].lowest = -limit;
  bounds.lanes[kRegretLane].highest = limit;
  uint64_t next_row = 0;
  for (const EncodedRows& part : own) {
    ASSIGN_OR_RETURN(const SparseDelta delta, DecodeDelta(part.bytes, rows(), bounds));
    if (delta.rows.empty()) return absl::InvalidArgumentError("a part without rows");
    const uint64_t first = delta.rows.front(), last = delta.rows.back();
    if (first < next_row) return absl::InvalidArgumentError("parts whose rows do not ascend");
    if (start_.sections().SectionOf({first}) != start_.sections().SectionOf({last})) {
      return absl::InvalidArgumentError("a part with rows of two sections");
    }
    next_row = last + 1;
  }
  return absl::OkStatus();
}

}  // namespace nash
