// Writes a checkpoint: durable and whole, or not at all.
//
// Order: chunks (each fsynced), manifest (fsynced, by atomic rename), folder fsynced, folder
// renamed to its place, its parent fsynced, and only then older checkpoints removed. A crash at any
// moment leaves the newest finished checkpoint untouched. docs/formats/checkpoint.md.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_WRITER_H_
#define NASHVILLE_SOLVER_CHECKPOINT_WRITER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <future>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "common/thread_pool.h"
#include "solver/cfr/table_layout.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/checkpoint/chunk_filler.h"
#include "solver/checkpoint/manifest.h"

namespace nash {

// Chunks end before the node that would pass this; one larger node is a chunk of its own. Part of
// the format: another value gives other files. A query checks a chunk before it tells anything of
// it, so chunks are no larger than writing asks for.
inline constexpr uint64_t kChunkBytesMax = uint64_t{16} << 20;

struct WriteOptions {
  std::string run_folder;  // exists, and its FolderLock is held
  CheckpointKind kind = CheckpointKind::kRecent;
  int keep_newest = 2;  // recent checkpoints that stay, the new one among them
  // The newest of those up to this round stays as well (RemoveOldCheckpoints).
  uint64_t confirmed_round = std::numeric_limits<uint64_t>::max();
  uint64_t chunk_bytes_max = kChunkBytesMax;
};

struct WrittenCheckpoint {
  std::string path;
  Manifest manifest;
};

// Writes a checkpoint in slices. The threads that train also copy and hash the table, in turns, so
// that the two never compete for a processor or wait for each other; a thread of our own only waits
// for the disk. Thread-compatible.
class CheckpointWriter {
 public:
  // How much is gained by reading a node soon.
  using NodeHeat = std::function<uint32_t(NodeIndex node)>;

  // `layout` and what the functions read outlive us. read_node: asked for every node once.
  // heat: decides which chunk is next, by the sum over its nodes; null: their order.
  CheckpointWriter(const WriteOptions& options, const RunPosition& position,
                   const TableLayout& layout, NodeReader read_node, NodeHeat heat = nullptr);
  // Waits for the disk; a checkpoint that is not finished leaves a partial folder, which the next
  // one removes.
  ~CheckpointWriter();

  // Memory for buffers, with chunks of the usual size: one, or two where there are more chunks.
  static uint64_t BytesNeeded(const TableLayout& layout);

  // Works for `seconds`, on the threads of the pool; less when there is nothing to do but to wait
  // for the disk.
  void Step(double seconds, ThreadPool* pool);
  // Whether Finish() has nothing left to do.
  bool is_done() const { return is_done_; }
  // Does what is left and says what became of it. Once.
  //
  // Errors: ResourceExhausted when the disk is full, PermissionDenied when it is read-only, and
  // those of common/files.h: nothing of the new checkpoint is left then and the old ones are
  // untouched. InvalidArgument when `position` is not one that a manifest may hold.
  absl::StatusOr<WrittenCheckpoint> Finish(ThreadPool* pool);

 private:
  bool TakeDisk(bool wait);
  void Advance(ChunkFiller::Clock::time_point until, bool wait, ThreadPool* pool);
  // Takes the next chunk and begins it; chunk_ is past the last one where there is none.
  void StartChunk();
  absl::Status Prepare();
  absl::Status Publish();

  const WriteOptions options_;
  const TableLayout& layout_;
  const std::string partial_;
  Manifest manifest_;
  ChunkFiller filler_;
  const NodeHeat heat_;
  std::array<HugeArray, 2> buffers_;  // one is filled while the other is written
  int buffer_ = 1;                    // that is being filled
  std::vector<size_t> chunks_left_;   // not begun
  size_t chunk_ = 0;                  // that is being filled
  bool is_full_ = false;
  bool is_publishing_ = false;
  bool is_done_ = false;
  absl::Status status_;             // the first error
  std::future<absl::Status> disk_;  // after the buffers: its end is awaited before they go
};

// The same at once, on the calling thread; nodes are asked for in order. Memory: two chunks.
absl::StatusOr<WrittenCheckpoint> WriteCheckpoint(const WriteOptions& options,
                                                  const RunPosition& position,
                                                  const TableLayout& layout, NodeReader read_node);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_WRITER_H_
