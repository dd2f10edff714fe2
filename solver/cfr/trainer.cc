#include "solver/cfr/trainer.h"

#include <utility>

#include "common/status_macros.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/sweep.h"

namespace nash {

absl::StatusOr<std::unique_ptr<Trainer>> Trainer::Make(const TrainingSetup& setup,
                                                       const Progress& start) {
  RETURN_IF_ERROR(CheckTrainingSetup(setup));
  std::unique_ptr<TableSnapshot> undo;
  if (setup.shape.units > 1) {
    ASSIGN_OR_RETURN(undo, TableSnapshot::Make(*setup.table, setup.pool->num_threads()));
  }
  return std::unique_ptr<Trainer>(new Trainer(setup, start, std::move(undo)));
}

Trainer::Trainer(const TrainingSetup& setup, const Progress& start,
                 std::unique_ptr<TableSnapshot> undo)
    : setup_(setup), progress_(start) {
  if (undo == nullptr) {
    traverser_ = std::make_unique<UnitTraverser>(setup);
  } else {
    units_ = std::make_unique<Units>(setup, start, std::move(undo));
  }
}

uint64_t Trainer::RunOneUnit(TableSnapshot* snapshot, const Interlude& interlude) {
  const uint64_t touches = *traverser_->Run({progress_.rounds, 0}, Unit{progress_.rounds + 1, 0},
                                            {.undo = nullptr, .snapshot = snapshot}, interlude);
  SweepTable(setup_.options, setup_.shape, progress_.rounds, snapshot, setup_.pool, setup_.table);
  return touches;
}

uint64_t Trainer::RunUnits(TableSnapshot* snapshot, const Interlude& interlude) {
  uint64_t touches = 0;
  units_->parts.clear();
  const PartSink keep = [this](const SparseDelta& part) { units_->parts.push_back(part); };
  for (uint32_t unit = 0; unit < setup_.shape.units; ++unit) {
    const bool is_last = unit + 1 == setup_.shape.units;
    const Unit next = {progress_.rounds + is_last, is_last ? 0 : unit + 1};
    touches += *units_->runner.Run({progress_.rounds, unit}, next, snapshot, interlude, keep);
  }
  units_->undo->Begin();
  units_->master.set_snapshot(snapshot);
  for (const SparseDelta& part : units_->parts) units_->merger.Add(part);
  units_->merger.Finish([](const SparseDelta&) {});
  return touches;
}

void Trainer::RunRound(TableSnapshot* snapshot, const std::function<void()>& interlude) {
  const Interlude go_on = [&interlude] {
    interlude();
    return true;
  };
  progress_.touches += units_ == nullptr ? RunOneUnit(snapshot, go_on) : RunUnits(snapshot, go_on);
  ++progress_.rounds;
  progress_.iterations = IterationsAfter(setup_.shape, progress_.rounds);
}

}  // namespace nash
