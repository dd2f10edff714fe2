#include "tools/training_loop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/cfr/schedule.h"
#include "tools/background_checkpoint.h"
#include "tools/stop_signals.h"
#include "tools/training_report.h"

namespace nash {
namespace {

// Rows that are looked at to estimate the share of infosets reached.
constexpr uint64_t kSampledRows = 200'000;

using Clock = std::chrono::steady_clock;

// The share of rows, in nodes spread evenly over the tree, that are not all zero.
double ReachedShare(const Table& table) {
  const TableLayout& layout = table.layout();
  const uint64_t stride = std::max<uint64_t>(1, layout.num_rows() / kSampledRows);
  std::vector<int32_t> values;
  uint64_t rows = 0, reached = 0;
  for (uint64_t node = 0; node < layout.num_nodes(); node += stride) {
    values.resize(layout.ValuesOf(static_cast<NodeIndex>(node)));
    table.CopyOut(static_cast<NodeIndex>(node), absl::MakeSpan(values));
    const uint32_t per_row = layout.ValuesPerRow(static_cast<NodeIndex>(node));
    for (size_t i = 0; i < values.size(); i += per_row) {
      ++rows;
      reached += std::any_of(values.begin() + i, values.begin() + i + per_row,
                             [](int32_t value) { return value != 0; });
    }
  }
  return rows == 0 ? 0 : static_cast<double>(reached) / rows;
}

class Loop {
 public:
  Loop(const LoopOptions& options, const LoadedRun& run, ThreadPool* pool, Trainer* trainer,
       Table* table, RunFolder* folder)
      : options_(options),
        pool_(pool),
        trainer_(trainer),
        table_(table),
        folder_(folder),
        definition_(CanonicalText(run.definition())),
        fingerprint_(Fingerprint(run.definition())),
        needs_snapshots_(NeedsSnapshots(run)),
        algorithm_(run.definition().algorithm),
        checkpoint_(*table, folder->path(), options.snapshot, pool),
        saved_rounds_(trainer->progress().rounds),
        report_(pool->num_threads(), Sample(),
                {TargetIterations(run.definition().round), options.time_budget_seconds}) {}

  absl::Status Run() {
    double next_report = FirstReport(), next_checkpoint = options_.checkpoint_every_seconds;
    double next_line = report_.is_terminal() ? 1 : next_report;
    while (!IsDone()) {
      trainer_->RunRound(checkpoint_.snapshot(), [this] { checkpoint_.Step(); });
      RETURN_IF_ERROR(TakeFinishedCheckpoint());
      // First of all that is written: a checkpoint of this round must not be there without it.
      if (needs_snapshots_ && IsSnapshotDue(algorithm_, trainer_->progress().iterations)) {
        RETURN_IF_ERROR(StartSnapshot());
      }
      const double now = Seconds();
      if (now >= next_line || now >= next_report) {
        next_line = now + (report_.is_terminal() ? 1 : options_.report_every_seconds);
        if (now >= next_report) {
          Report();
          next_report = now + options_.report_every_seconds;
        } else {
          report_.Print(report_.Line(Sample(), reached_share_));
        }
      }
      if (now >= next_checkpoint && !checkpoint_.is_writing()) {
        next_checkpoint = now + options_.checkpoint_every_seconds;
        StartCheckpoint(CheckpointKind::kRecent);
      }
    }
    Report();
    report_.EndLine();
    return SaveLast();
  }

 private:
  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  // On short runs something is to be seen as well.
  double FirstReport() const { return std::min(2.0, options_.report_every_seconds); }
  TrainingSample Sample() const {
    return {Seconds(), pool_->waited_seconds(), trainer_->progress()};
  }
  uint64_t TargetIterations(const RoundShape& shape) const {
    const uint64_t by_rounds = options_.until_rounds * shape.DealsPerRound();
    if (options_.until_iterations == 0 || by_rounds == 0) {
      return std::max(options_.until_iterations, by_rounds);
    }
    return std::min(options_.until_iterations, by_rounds);
  }

  bool IsDone() const {
    const Progress& progress = trainer_->progress();
    if (stop_signal_received.load() != 0) return true;
    if (options_.until_rounds > 0 && progress.rounds >= options_.until_rounds) return true;
    if (options_.until_iterations > 0 && progress.iterations >= options_.until_iterations) {
      return true;
    }
    return options_.time_budget_seconds > 0 && Seconds() >= options_.time_budget_seconds;
  }

  void Report() {
    reached_share_ = ReachedShare(*table_);
    const TrainingSample now = Sample();
    if (now.progress.rounds == reported_rounds_) return;
    reported_rounds_ = now.progress.rounds;
    report_.Print(report_.Line(now, reached_share_));
    const absl::Status status = folder_->AppendMetrics(report_.Json(now, reached_share_));
    if (!status.ok()) Warn(status);
    report_.Take(now);
  }

  void Warn(const absl::Status& status) {
    report_.EndLine();
    std::fprintf(stderr, "warning: %s\n", std::string(status.message()).c_str());
  }

  void StartCheckpoint(CheckpointKind kind) {
    const Progress& progress = trainer_->progress();
    checkpoint_.Start(
        {definition_, fingerprint_, progress.rounds, progress.iterations, progress.touches}, kind);
  }

  absl::Status StartSnapshot() {
    if (checkpoint_.is_writing()) RETURN_IF_ERROR(Take(checkpoint_.Wait()));
    StartCheckpoint(CheckpointKind::kSnapshot);
    return absl::OkStatus();
  }

  absl::Status TakeFinishedCheckpoint() {
    const std::optional<FinishedCheckpoint> finished = checkpoint_.TakeFinished();
    return finished.has_value() ? Take(*finished) : absl::OkStatus();
  }

  // A checkpoint that failed is tried again later. A snapshot's moment has passed: going back to
  // the checkpoint before it is the one way to get it, so that none may be written after it.
  absl::Status Take(const FinishedCheckpoint& finished) {
    const absl::Status status = Tell(finished);
    if (!status.ok() && finished.kind == CheckpointKind::kSnapshot) return SnapshotFailed(status);
    if (!status.ok()) Warn(status);
    return absl::OkStatus();
  }

  absl::Status SnapshotFailed(const absl::Status& status) {
    report_.EndLine();
    return absl::Status(
        status.code(),
        absl::StrCat("a snapshot (algorithm.average.snapshot_every) could not be written, so the "
                     "run ends here; --resume goes on from its newest checkpoint and writes it "
                     "again: ",
                     status.message()));
  }

  absl::Status Tell(const FinishedCheckpoint& finished) {
    RETURN_IF_ERROR(finished.result.status());
    const bool is_snapshot = finished.kind == CheckpointKind::kSnapshot;
    if (!is_snapshot) saved_rounds_ = finished.result->manifest.position.round;
    const uint64_t bytes = finished.result->manifest.table_bytes();
    report_.EndLine();
    std::fprintf(stderr, "%s %s: %.2f GB in %.1f s, state hash %016lx\n",
                 is_snapshot ? "snapshot" : "checkpoint", finished.result->path.c_str(),
                 bytes / 1e9, finished.seconds, finished.result->manifest.state_hash);
    return absl::OkStatus();
  }

  absl::Status SaveLast() {
    if (stop_signal_received.load() != 0) {
      std::fprintf(stderr, "stopping: saving round %d; once more ends at once\n",
                   static_cast<int>(trainer_->progress().rounds));
    }
    if (checkpoint_.is_writing()) RETURN_IF_ERROR(Take(checkpoint_.Wait()));
    if (saved_rounds_ == trainer_->progress().rounds && saved_rounds_ != 0) {
      return absl::OkStatus();
    }
    StartCheckpoint(CheckpointKind::kRecent);
    return Tell(checkpoint_.Wait());
  }

  const LoopOptions options_;
  ThreadPool* pool_;
  Trainer* trainer_;
  Table* table_;
  RunFolder* folder_;
  const std::string definition_;
  const std::string fingerprint_;
  const bool needs_snapshots_;
  const CfrOptions algorithm_;
  BackgroundCheckpoint checkpoint_;
  uint64_t saved_rounds_;
  const Clock::time_point start_ = Clock::now();
  uint64_t reported_rounds_ = 0;
  double reached_share_ = 0;
  TrainingReport report_;
};

}  // namespace

absl::Status TrainUntil(const LoopOptions& options, const LoadedRun& run, ThreadPool* pool,
                        Trainer* trainer, Table* table, RunFolder* folder) {
  return Loop(options, run, pool, trainer, table, folder).Run();
}

}  // namespace nash
