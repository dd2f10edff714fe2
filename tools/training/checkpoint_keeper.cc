// After every round, in this order:
//
//   is one that was being written done?           tell of it (hooks_.after)
//   is this round a meeting?                      else nothing: no run can be taken up between them
//   is a snapshot due?                            finish what is being written, begin the snapshot
//   is a checkpoint due, and none being written?  begin it (hooks_.before)
//
// A snapshot goes first because a checkpoint of this round promises that the snapshots up to it are
// there: a resumed run would never come back to write them. For the same reason one that fails ends
// the run, while a checkpoint that fails is only told of and tried again. saved_rounds_ is what a
// restart goes back to. The hooks are a coordinator's, whose log and checkpoints must fit together.
//
// SaveLast() waits, and its failure is the program's: there is no later try.
// tests/tools/training_loop_test.cc and full_disk_test.sh have the failures.
#include "tools/training/checkpoint_keeper.h"

#include <chrono>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/cfr/schedule.h"
#include "solver/run/run_definition.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

// Between tries of a checkpoint that somebody waits for.
constexpr double kRetrySeconds = 10;

}  // namespace

CheckpointKeeper::CheckpointKeeper(const LoadedRun& run, double every_seconds,
                                   const std::string& run_folder, const Table& table,
                                   UndoLog* checkpoint_log, ThreadPool* pool, RunReporter* reporter)
    : definition_(CanonicalText(run.definition())),
      fingerprint_(Fingerprint(run.definition())),
      needs_snapshots_(NeedsSnapshots(run)),
      algorithm_(run.definition().algorithm),
      shape_(run.definition().round),
      every_seconds_(every_seconds),
      checkpoint_(table, run_folder, checkpoint_log, pool),
      reporter_(reporter),
      next_seconds_(every_seconds) {}

absl::Status CheckpointKeeper::EndRound(const Progress& progress, double seconds) {
  RETURN_IF_ERROR(TakeIfFinished());
  if (!IsMeeting(shape_, progress.rounds)) return absl::OkStatus();
  // First of all that is written: a checkpoint of this round must not be there without it.
  if (needs_snapshots_ && IsSnapshotDue(algorithm_, progress.iterations)) {
    RETURN_IF_ERROR(FinishWriting());
    RETURN_IF_ERROR(Start(progress, CheckpointKind::kSnapshot));
  }
  if (checkpoint_.is_writing()) return absl::OkStatus();
  const bool is_due = seconds >= next_seconds_ || (seconds >= retry_seconds_ && hooks_.is_due());
  return is_due ? StartRecent(progress, seconds) : absl::OkStatus();
}

absl::StatusOr<bool> CheckpointKeeper::CatchUp(const Progress& progress, double seconds) {
  RETURN_IF_ERROR(TakeIfFinished());
  const bool can = IsMeeting(shape_, progress.rounds) && saved_rounds_ < progress.rounds;
  if (can && !checkpoint_.is_writing() && seconds >= retry_seconds_) {
    RETURN_IF_ERROR(StartRecent(progress, seconds));
  }
  return checkpoint_.is_writing();
}

absl::Status CheckpointKeeper::StartRecent(const Progress& progress, double seconds) {
  next_seconds_ = seconds + every_seconds_;
  return TakeFailure(Start(progress, CheckpointKind::kRecent));
}

// A checkpoint that failed is tried again later, unless the process must end.
absl::Status CheckpointKeeper::TakeFailure(const absl::Status& status) {
  if (status.ok() || absl::IsAborted(status)) return status;
  retry_seconds_ = reporter_->Seconds() + kRetrySeconds;
  const std::chrono::duration<double> now(reporter_->Seconds());
  if (failures_.Lasts(std::chrono::duration_cast<Reminder::Nanos>(now))) {
    reporter_->Say(absl::StrCat("warning: ", status.message()));
  }
  return absl::OkStatus();
}

absl::Status CheckpointKeeper::TakeIfFinished() {
  const std::optional<FinishedCheckpoint> finished = checkpoint_.TakeFinished();
  return finished.has_value() ? Take(*finished) : absl::OkStatus();
}

absl::Status CheckpointKeeper::FinishWriting() {
  return checkpoint_.is_writing() ? Take(checkpoint_.Wait()) : absl::OkStatus();
}

absl::Status CheckpointKeeper::Start(const Progress& progress, CheckpointKind kind) {
  RETURN_IF_ERROR(hooks_.before());
  checkpoint_.Start(
      {definition_, fingerprint_, progress.rounds, progress.iterations, progress.touches}, kind);
  return absl::OkStatus();
}

// A snapshot's moment has passed when it fails: going back to the checkpoint before it is the one
// way to get it, so that none may be written after it.
absl::Status CheckpointKeeper::Take(const FinishedCheckpoint& finished) {
  const absl::Status status = Tell(finished);
  if (!status.ok() && finished.kind == CheckpointKind::kSnapshot) return SnapshotFailed(status);
  return TakeFailure(status);
}

absl::Status CheckpointKeeper::SnapshotFailed(const absl::Status& status) {
  return absl::Status(
      status.code(),
      absl::StrCat("a snapshot (algorithm.average.snapshot_every) could not be written, so the "
                   "run ends here; --resume goes on from its newest checkpoint and writes it "
                   "again: ",
                   status.message()));
}

absl::Status CheckpointKeeper::Tell(const FinishedCheckpoint& finished) {
  RETURN_IF_ERROR(finished.result.status());
  ++written_;
  last_seconds_ = finished.seconds;
  const Manifest& manifest = finished.result->manifest;
  const bool is_snapshot = finished.kind == CheckpointKind::kSnapshot;
  reporter_->Say(absl::StrFormat(
      "%s %s: %.2f GB in %.1f s, state hash %016x", is_snapshot ? "snapshot" : "checkpoint",
      finished.result->path, manifest.table_bytes() / 1e9, finished.seconds, manifest.state_hash));
  if (is_snapshot) return absl::OkStatus();
  saved_rounds_ = manifest.position.round;
  failures_.Ends();
  return hooks_.after(saved_rounds_);
}

absl::Status CheckpointKeeper::SaveLast(const Progress& progress) {
  if (stop_signal_received.load() != 0) {
    reporter_->Say(
        absl::StrFormat("stopping: saving round %d; once more ends at once", progress.rounds));
  }
  RETURN_IF_ERROR(FinishWriting());
  if (saved_rounds_ == progress.rounds && saved_rounds_ != 0) return absl::OkStatus();
  RETURN_IF_ERROR(Start(progress, CheckpointKind::kRecent));
  return Tell(checkpoint_.Wait());
}

}  // namespace nash
