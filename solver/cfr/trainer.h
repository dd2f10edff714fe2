// Trains a table round by round in one process: the round's units one after the other, their deltas
// merged, then the round's end (schedule.h).
//
// With lag 1 (lines.h) the units of the next round run before this one is merged, unless that is a
// meeting; their deltas are kept. Table and progress are those of merged rounds all the same, and
// what is kept ahead is nowhere else: a trainer can be made anew at a meeting only.
//
// With one unit a round the table is changed in place and no delta is made. The table after a round
// depends on the run definition and the round's number only: not on threads, not on when a run was
// interrupted, not on whether a cluster did it. Thread-compatible: one caller; the pool's threads
// do the work.
#ifndef NASHVILLE_SOLVER_CFR_TRAINER_H_
#define NASHVILLE_SOLVER_CFR_TRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/cfr/enumerator.h"
#include "solver/cfr/round_merger.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"
#include "solver/cfr/unit_runner.h"
#include "solver/cfr/unit_traverser.h"

namespace nash {

// How far a run has come. Part of a checkpoint.
struct Progress {
  uint64_t rounds = 0;
  uint64_t iterations = 0;  // deals; each was traversed once for every player
  uint64_t touches = 0;     // rows visited
};

class Trainer {
 public:
  // Memory: with several units a round, the rows that a unit changes as they were, and the encoded
  // deltas of a round (with lag: of two). Errors: InvalidArgument where values could overflow, the
  // shape is impossible or `start` is no meeting; ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<Trainer>> Make(const TrainingSetup& setup,
                                                       const Progress& start);

  // Completes the next round. checkpoint_log: told before rows change; null when no checkpoint is
  // being taken. between_batches: called between batches.
  void RunRound(
      UndoLog* checkpoint_log, const std::function<void()>& between_batches = [] {});

  const Progress& progress() const { return progress_; }
  // As UnitTraverser's.
  double prepare_waited_seconds() const {
    if (units_ != nullptr) return units_->runner.prepare_waited_seconds();
    return traverser_ != nullptr ? traverser_->prepare_waited_seconds() : 0;
  }

 private:
  // What rounds of several units need.
  struct Units {
    Units(const TrainingSetup& setup, const Progress& start, std::unique_ptr<UndoLog> rows)
        : undo(std::move(rows)),
          runner(setup, undo.get()),
          master(setup, start.rounds),
          merger(&master) {}
    std::unique_ptr<UndoLog> undo;
    UnitRunner runner;
    RoundTable master;
    RoundMerger merger;
    std::vector<UnitDelta> ahead;  // by unit: of the next round; empty where that is a meeting
  };

  Trainer(const TrainingSetup& setup, const Progress& start) : setup_(setup), progress_(start) {}
  uint64_t RunOneUnit(UndoLog* checkpoint_log, const BetweenBatches& between_batches);
  uint64_t RunSeveralUnits(UndoLog* checkpoint_log, const BetweenBatches& between_batches);
  uint64_t RunIterations(UndoLog* checkpoint_log, const BetweenBatches& between_batches);
  // starts: by unit, of the round before; null for a meeting.
  std::vector<UnitDelta> RunUnits(uint64_t round, const std::vector<UnitDelta>* starts,
                                  UndoLog* checkpoint_log, const BetweenBatches& between_batches);
  void Merge(std::vector<UnitDelta> deltas, UndoLog* checkpoint_log);

  const TrainingSetup setup_;
  Progress progress_;
  std::unique_ptr<UnitTraverser> traverser_;  // of one unit a round
  std::unique_ptr<Units> units_;              // of several
  std::unique_ptr<Enumerator> enumerator_;    // where chance is enumerated
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TRAINER_H_
