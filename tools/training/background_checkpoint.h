// Writes checkpoints while training goes on, in turns between batches; where the memory for that is
// not there, at once, while training waits.
//
// Thread-compatible: for the thread that trains.
#ifndef NASHVILLE_TOOLS_TRAINING_BACKGROUND_CHECKPOINT_H_
#define NASHVILLE_TOOLS_TRAINING_BACKGROUND_CHECKPOINT_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"
#include "solver/checkpoint/writer.h"

namespace nash {

struct FinishedCheckpoint {
  CheckpointKind kind;
  absl::StatusOr<WrittenCheckpoint> result;
  double seconds = 0;
  uint64_t saved_bytes = 0;  // of rows that changed meanwhile
};

class BackgroundCheckpoint {
 public:
  // log: of `table`, or null: then training waits. All outlive us.
  BackgroundCheckpoint(const Table& table, std::string run_folder, UndoLog* log, ThreadPool* pool)
      : table_(table), run_folder_(std::move(run_folder)), log_(log), pool_(pool) {}

  // That the caller waited in Start(), Step() and Wait(), summed.
  double pause_seconds() const { return pause_seconds_; }
  // Of the caller's time; training can spare little.
  void set_share_of_time(double share) { share_of_time_ = share; }
  bool is_writing() const { return writer_.has_value(); }
  // WriteOptions::confirmed_round, of those that are started from now on.
  void set_confirmed_round(uint64_t round) { confirmed_round_ = round; }
  // The table as it is now becomes a checkpoint. Needs !is_writing().
  void Start(const RunPosition& position, CheckpointKind kind);
  // A turn, if it is time for one: to be called between batches.
  void Step();
  // To be told of changes; null while nobody needs to be.
  UndoLog* log() const { return is_writing() ? log_ : nullptr; }
  // The result, once there is one.
  std::optional<FinishedCheckpoint> TakeFinished();
  // The same, doing what is left. Needs is_writing().
  FinishedCheckpoint Wait();

 private:
  using Clock = std::chrono::steady_clock;

  const Table& table_;
  const std::string run_folder_;
  UndoLog* const log_;
  ThreadPool* const pool_;
  double share_of_time_ = 0.02;
  uint64_t confirmed_round_ = WriteOptions().confirmed_round;
  CheckpointKind kind_ = CheckpointKind::kRecent;  // of the one that is being written
  std::optional<CheckpointWriter> writer_;
  std::optional<absl::StatusOr<WrittenCheckpoint>> result_;
  Clock::time_point started_;
  Clock::time_point last_step_;
  double pause_seconds_ = 0;
  double credit_seconds_ = 0;  // that writing may take, now; negative after a turn that took longer
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_BACKGROUND_CHECKPOINT_H_
