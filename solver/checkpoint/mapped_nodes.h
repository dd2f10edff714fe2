// The nodes of a checkpoint, any of them at any time, out of mapped files.
//
// For who asks for few nodes, or for many in an order of his own. A chunk is mapped when the first
// of its nodes is asked for, and all of it is checked then, once, as a reader that streams would:
// nobody sees a value whose chunk's checksum was not found right. So the first look at a chunk
// costs reading 16 MiB (1 to 5 ms where the system has the file in memory, the disk's time where it
// has not), and the next ones cost nothing.
//
// Memory: 8 bytes a node of the chunks that were looked at. What is mapped belongs to the system's
// page cache, which it drops when it must. The files must not be changed in place (files.h);
// files that are removed meanwhile harm nothing. Thread-safe.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_MAPPED_NODES_H_
#define NASHVILLE_SOLVER_CHECKPOINT_MAPPED_NODES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/files.h"
#include "solver/checkpoint/reader.h"

namespace nash {

class MappedNodes {
 public:
  // Maps nothing yet. Both must outlive us.
  MappedNodes(const Checkpoint& checkpoint, const TableLayout& layout);

  // The values of a node, in canonical form; they stay as long as we do.
  // Errors: those of Checkpoint::ForEachNodeOfChunk().
  absl::StatusOr<absl::Span<const int32_t>> ValuesOf(NodeIndex node) const;
  // Looks at the chunks of all these nodes, several at a time: what ValuesOf() would do one after
  // the other.
  absl::Status Check(absl::Span<const NodeIndex> nodes, int threads) const;

 private:
  struct Chunk {
    std::once_flag once;
    absl::Status status;
    MappedFile file;
    std::vector<const int32_t*> values;  // by node of the chunk
  };

  size_t ChunkOf(NodeIndex node) const;
  const Chunk& Look(size_t chunk) const;

  const Checkpoint& checkpoint_;
  const TableLayout& layout_;
  const std::vector<std::unique_ptr<Chunk>> chunks_;  // each written once, under its flag
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_MAPPED_NODES_H_
