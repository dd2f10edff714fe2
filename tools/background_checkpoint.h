// Writes checkpoints on a thread of its own while training goes on; where the memory for that is
// not there, at once, while training waits.
//
// Thread-compatible: for the thread that trains.
#ifndef NASHVILLE_TOOLS_BACKGROUND_CHECKPOINT_H_
#define NASHVILLE_TOOLS_BACKGROUND_CHECKPOINT_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "solver/cfr/table.h"
#include "solver/cfr/table_snapshot.h"
#include "solver/checkpoint/writer.h"

namespace nash {

struct FinishedCheckpoint {
  CheckpointKind kind;
  absl::StatusOr<WrittenCheckpoint> result;
  double seconds = 0;
  uint64_t saved_rows = 0;  // by training threads, because they were about to change
};

class BackgroundCheckpoint {
 public:
  // snapshot: of `table`, or null: then training waits. Both outlive us.
  BackgroundCheckpoint(const Table& table, std::string run_folder, TableSnapshot* snapshot)
      : table_(table), run_folder_(std::move(run_folder)), snapshot_(snapshot) {}
  ~BackgroundCheckpoint();

  bool is_writing() const { return is_writing_; }
  // The table as it is now becomes a checkpoint. Needs !is_writing(), and nobody may be training.
  void Start(const RunPosition& position, CheckpointKind kind);
  // To be told of changes; null while nobody needs to be.
  TableSnapshot* snapshot() const { return thread_.joinable() ? snapshot_ : nullptr; }
  // The result, once there is one; nobody may be training.
  std::optional<FinishedCheckpoint> TakeFinished();
  // The same, waiting for it. Needs is_writing().
  FinishedCheckpoint Wait();

 private:
  void Write(const RunPosition& position);

  const Table& table_;
  const std::string run_folder_;
  TableSnapshot* const snapshot_;
  bool is_writing_ = false;
  std::thread thread_;
  CheckpointKind kind_ = CheckpointKind::kRecent;  // of the one that is being written
  std::atomic<bool> done_{false};
  std::atomic<bool> hurries_{false};  // somebody waits for the writer: it does not sleep
  std::optional<absl::StatusOr<WrittenCheckpoint>> result_;
  double seconds_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_BACKGROUND_CHECKPOINT_H_
