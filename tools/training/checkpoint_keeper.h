// The checkpoints of a run that is being trained: when they are due, what became of them.
//
// A checkpoint that fails is told of (and again, rarely, while they go on failing) and tried again
// later, so that a full disk costs no work; the last one must succeed. Snapshots (where the run's
// average needs them) are written after the rounds they are due at, before any later checkpoint;
// one that fails ends the run, with no checkpoint after it, so that a resumed run comes to it
// again. With lag all are of meetings (lines.h): a run can be taken up there only.
//
// Thread-compatible: for the thread that trains.
#ifndef NASHVILLE_TOOLS_TRAINING_CHECKPOINT_KEEPER_H_
#define NASHVILLE_TOOLS_TRAINING_CHECKPOINT_KEEPER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/reminder.h"
#include "solver/cfr/trainer.h"
#include "tools/stored/loaded_run.h"
#include "tools/training/background_checkpoint.h"
#include "tools/training/run_reporter.h"

namespace nash {

class CheckpointKeeper {
 public:
  // Called before a checkpoint is begun, and when one (no snapshot) is there; an error of the first
  // means that there will be none.
  struct Hooks {
    std::function<absl::Status()> before = [] { return absl::OkStatus(); };
    std::function<absl::Status(uint64_t round)> after = [](uint64_t) { return absl::OkStatus(); };
    // Asked where one can be begun: whether it should be, before its time has come.
    std::function<bool()> is_due = [] { return false; };
  };
  // every_seconds: between checkpoints. All outlive us.
  CheckpointKeeper(const LoadedRun& run, double every_seconds, const std::string& run_folder,
                   const Table& table, UndoLog* checkpoint_log, ThreadPool* pool,
                   RunReporter* reporter);
  // Of training, or of what else the caller does; see BackgroundCheckpoint.
  void set_share_of_time(double share) { checkpoint_.set_share_of_time(share); }
  void set_confirmed_round(uint64_t round) { checkpoint_.set_confirmed_round(round); }
  void set_hooks(const Hooks& hooks) { hooks_ = hooks; }
  // The run has a checkpoint of this round already.
  void set_saved_rounds(uint64_t rounds) { saved_rounds_ = rounds; }

  // Of what was written so far.
  CheckpointSample sample() const { return {written_, last_seconds_, checkpoint_.pause_seconds()}; }
  // To be told before rows change; null while nobody needs to be.
  UndoLog* checkpoint_log() const { return checkpoint_.log(); }
  bool is_writing() const { return checkpoint_.is_writing(); }
  // A turn of writing, if it is time for one: between batches.
  void Step() { checkpoint_.Step(); }
  // Does what is left of a checkpoint that is being written, for whoever is about to change the
  // table without telling.
  absl::Status FinishWriting();
  // At the end of each round, `seconds` after the start of training.
  absl::Status EndRound(const Progress& progress, double seconds);
  // While rounds do not go on, for want of room: begins a checkpoint of where the run is, unless
  // there is one or none can be. Returns whether one is being written.
  absl::StatusOr<bool> CatchUp(const Progress& progress, double seconds);
  // The checkpoint to end with. Needs a meeting.
  absl::Status SaveLast(const Progress& progress);

 private:
  absl::Status Start(const Progress& progress, CheckpointKind kind);
  absl::Status StartRecent(const Progress& progress, double seconds);
  absl::Status TakeIfFinished();
  absl::Status TakeFailure(const absl::Status& status);
  absl::Status Take(const FinishedCheckpoint& finished);
  absl::Status Tell(const FinishedCheckpoint& finished);
  absl::Status SnapshotFailed(const absl::Status& status);

  const std::string definition_;
  const std::string fingerprint_;
  const bool needs_snapshots_;
  const CfrOptions algorithm_;
  const RoundShape shape_;
  const double every_seconds_;
  BackgroundCheckpoint checkpoint_;
  RunReporter* const reporter_;
  Hooks hooks_;
  uint64_t saved_rounds_ = 0;
  uint64_t written_ = 0;
  double last_seconds_ = 0;
  double next_seconds_;
  double retry_seconds_ = 0;  // not before, after one that failed
  Reminder failures_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_CHECKPOINT_KEEPER_H_
