// The names of a run's checkpoints, and how one takes its place among them.
//
//   RUN/checkpoints/round-0000000042/          one checkpoint: manifest, chunk-00000, ...
//   RUN/checkpoints/partial-round-0000000043/  one being written, or left behind by a crash
//   RUN/snapshots/round-0000000040/            the same, kept for the average of later streets
//
// A process that writes holds the run folder's FolderLock. Thread-safe: functions of paths only.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_CHECKPOINT_FOLDER_H_
#define NASHVILLE_SOLVER_CHECKPOINT_CHECKPOINT_FOLDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

enum class CheckpointKind : uint8_t {
  kRecent = 0,    // to go on from; older ones are removed
  kSnapshot = 1,  // never removed: every one of them counts (CfrOptions::snapshot_every_iterations)
};

std::string CheckpointsFolder(const std::string& run_folder,
                              CheckpointKind kind = CheckpointKind::kRecent);
// "round-0000000042"
std::string CheckpointName(uint64_t round);
// The round of such a name; none for others.
std::optional<uint64_t> RoundOfCheckpoint(absl::string_view name);

std::string CheckpointPath(const std::string& run_folder, uint64_t round,
                           CheckpointKind kind = CheckpointKind::kRecent);
std::string PartialCheckpointPath(const std::string& run_folder, uint64_t round,
                                  CheckpointKind kind = CheckpointKind::kRecent);
std::string ManifestPath(const std::string& checkpoint_path);
std::string ChunkPath(const std::string& checkpoint_path, size_t chunk);

// Rounds that have a checkpoint, the newest first. A run without any has none and is OK.
absl::StatusOr<std::vector<uint64_t>> ListRounds(const std::string& run_folder,
                                                 CheckpointKind kind = CheckpointKind::kRecent);

// Removes what writers that crashed have left behind.
absl::Status RemovePartialCheckpoints(const std::string& run_folder, CheckpointKind kind);

// Moves the finished, durable partial folder of `round` to its place, durably. One of the same
// round that is there already (damaged, or the same bytes) is replaced without a moment in which
// there is neither, where the file system can swap names.
absl::Status PublishCheckpoint(const std::string& run_folder, uint64_t round, CheckpointKind kind);

// Removes recent checkpoints up to `newest_round`, all but the newest `keep` (at least 1), and all
// but the one to go back to if what came after `confirmed_round` turns out to be wrong: the newest
// up to there, the oldest of all where none is. Later ones than `newest_round` were passed over as
// damaged, stay, and are replaced when the run comes there again.
absl::Status RemoveOldCheckpoints(const std::string& run_folder, uint64_t newest_round, int keep,
                                  uint64_t confirmed_round);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_CHECKPOINT_FOLDER_H_
