#include "solver/cfr/unit_runner.h"

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/unit_delta.h"

namespace nash {

UnitRunner::UnitRunner(const TrainingSetup& setup, TableSnapshot* undo)
    : setup_(setup), undo_(undo), traverser_(setup) {}

std::optional<uint64_t> UnitRunner::Run(const Unit& unit, const std::optional<Unit>& next,
                                        TableSnapshot* snapshot, const Interlude& interlude,
                                        const PartSink& sink) {
  undo_->Begin();
  const std::optional<uint64_t> touches =
      traverser_.Run(unit, next, {.undo = undo_, .snapshot = snapshot}, interlude);
  if (touches.has_value()) {
    SealUnit(setup_.options, setup_.shape, *undo_, setup_.table, setup_.pool, sink);
  } else {
    TakeBack(*undo_, setup_.table);
  }
  return touches;
}

}  // namespace nash
