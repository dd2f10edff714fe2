// Writes checkpoints on a thread of its own while training goes on.
//
// Thread-compatible: for the thread that trains.
#ifndef NASHVILLE_TOOLS_BACKGROUND_CHECKPOINT_H_
#define NASHVILLE_TOOLS_BACKGROUND_CHECKPOINT_H_

#include <atomic>
#include <cstdint>
#include <memory>
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
  uint64_t copied_bytes = 0;  // saved by training threads because they were about to change
};

class BackgroundCheckpoint {
 public:
  // max_copy_bytes: see TableSnapshot. The table outlives us.
  BackgroundCheckpoint(const Table& table, std::string run_folder, uint64_t max_copy_bytes)
      : table_(table), run_folder_(std::move(run_folder)), max_copy_bytes_(max_copy_bytes) {}
  ~BackgroundCheckpoint();

  bool is_writing() const { return thread_.joinable(); }
  // The table as it is now becomes a checkpoint. Needs !is_writing(), and nobody may be training.
  absl::Status Start(const RunPosition& position, CheckpointKind kind);
  // To be told of writes; null while nothing is being written.
  TableSnapshot* snapshot() const { return snapshot_.get(); }
  // The result, once there is one; nothing may be training. Frees the snapshot.
  std::optional<FinishedCheckpoint> TakeFinished();
  // The same, waiting for it. Needs is_writing().
  FinishedCheckpoint Wait();

 private:
  const Table& table_;
  const std::string run_folder_;
  const uint64_t max_copy_bytes_;
  std::unique_ptr<TableSnapshot> snapshot_;
  std::thread thread_;
  CheckpointKind kind_ = CheckpointKind::kRecent;  // of the one that is being written
  std::atomic<bool> done_{false};
  std::optional<absl::StatusOr<WrittenCheckpoint>> result_;
  double seconds_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_BACKGROUND_CHECKPOINT_H_
