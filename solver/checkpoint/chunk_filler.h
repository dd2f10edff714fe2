// Fills the chunks of a checkpoint in slices of time, on as many threads as there are.
//
// Thread-compatible: one caller; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_CHUNK_FILLER_H_
#define NASHVILLE_SOLVER_CHECKPOINT_CHUNK_FILLER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "common/thread_pool.h"
#include "solver/cfr/state_hash.h"
#include "solver/cfr/table_layout.h"
#include "solver/checkpoint/manifest.h"

namespace nash {

// Copies a node's values in canonical form. values: [layout.ValuesOf(node)], written. Called from
// several threads at once.
using NodeReader = std::function<void(NodeIndex node, absl::Span<int32_t> values)>;

// Whole nodes, in order, as many per chunk as fit; checksums of the files are not known yet.
std::vector<ChunkEntry> PlanChunks(const TableLayout& layout, uint64_t chunk_bytes_max);

class ChunkFiller {
 public:
  using Clock = std::chrono::steady_clock;

  // layout and what read_node reads outlive us.
  ChunkFiller(const TableLayout& layout, NodeReader read_node)
      : layout_(layout), read_node_(std::move(read_node)) {}

  // Begins a chunk. buffer: [chunk.bytes], written by Fill(); starts on a page.
  void Begin(const ChunkEntry& chunk, char* buffer);
  // Fills nodes until the chunk is full or the time has come (by a node at most it is later).
  // Returns whether the chunk is full.
  bool Fill(Clock::time_point until, ThreadPool* pool);

  // The hash and the count of rows over all chunks that are full.
  const StateSummary& state() const { return state_; }

 private:
  StateSummary FillNode(size_t i) const;

  const TableLayout& layout_;
  const NodeReader read_node_;
  ChunkEntry chunk_;
  char* buffer_ = nullptr;
  std::vector<uint64_t> offsets_;  // in the buffer, by node of the chunk
  std::atomic<size_t> next_{0};    // node of the chunk
  StateSummary state_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_CHUNK_FILLER_H_
