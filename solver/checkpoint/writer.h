// Writes a checkpoint: durable and whole, or not at all.
//
// Order: chunks (each fsynced), manifest (fsynced, by atomic rename), folder fsynced, folder
// renamed to its place, its parent fsynced, and only then older checkpoints removed. A crash at any
// moment leaves the newest finished checkpoint untouched. docs/formats/checkpoint.md.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_WRITER_H_
#define NASHVILLE_SOLVER_CHECKPOINT_WRITER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/cfr/table_layout.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/checkpoint/manifest.h"

namespace nash {

// Chunks end before the node that would pass this; one larger node is a chunk of its own. Part of
// the format: another value gives other files.
inline constexpr uint64_t kChunkBytesMax = uint64_t{64} << 20;

struct WriteOptions {
  std::string run_folder;  // exists, and its FolderLock is held
  CheckpointKind kind = CheckpointKind::kRecent;
  int keep_newest = 2;  // recent checkpoints that stay, the new one among them
  uint64_t chunk_bytes_max = kChunkBytesMax;
};

// Copies a node's values in canonical form. values: [layout.ValuesOf(node)], written.
using NodeReader = std::function<void(NodeIndex node, absl::Span<int32_t> values)>;

struct WrittenCheckpoint {
  std::string path;
  Manifest manifest;
};

// Asks `read_node` for every node exactly once, in order, from the calling thread, and computes the
// state hash on the way. Memory: two chunks (one is filled while the other is written by a thread
// of its own). `layout` and what `read_node` reads must stay as they are until it returns.
//
// Errors: ResourceExhausted when the disk is full, PermissionDenied when it is read-only, and those
// of common/files.h: nothing of the new checkpoint is left then and the old ones are untouched.
// InvalidArgument when `position` is not one that a manifest may hold.
absl::StatusOr<WrittenCheckpoint> WriteCheckpoint(const WriteOptions& options,
                                                  const RunPosition& position,
                                                  const TableLayout& layout,
                                                  const NodeReader& read_node);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_WRITER_H_
