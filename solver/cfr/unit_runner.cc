#include "solver/cfr/unit_runner.h"

#include <vector>

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

}  // namespace nash
