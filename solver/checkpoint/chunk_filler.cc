// Nodes of a chunk are filled by any thread in any order: offsets_ says where each record goes, and
// the state is a sum over rows. A thread takes one node at a time and looks at the clock before
// each, so that a slice ends within the time of one node, however large the chunk.
//
// PlanChunks() is part of the format: where chunks end follows from the layout and one constant,
// and the same table gives the same files. Rows are hashed while they are in the cache from being
// copied.
#include "solver/checkpoint/chunk_filler.h"

#include <cstring>
#include <mutex>

namespace nash {
namespace {

uint64_t RecordBytes(const TableLayout& layout, NodeIndex node) {
  return sizeof(NodeRecordHeader) + layout.ValuesOf(node) * sizeof(int32_t);
}

}  // namespace

std::vector<ChunkEntry> PlanChunks(const TableLayout& layout, uint64_t chunk_bytes_max) {
  std::vector<ChunkEntry> chunks;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint64_t bytes = RecordBytes(layout, node);
    if (chunks.empty() || chunks.back().bytes + bytes > chunk_bytes_max) {
      chunks.push_back({.first_node = node});
    }
    ++chunks.back().num_nodes;
    chunks.back().bytes += bytes;
  }
  return chunks;
}

void ChunkFiller::Begin(const ChunkEntry& chunk, char* buffer) {
  chunk_ = chunk;
  buffer_ = buffer;
  next_.store(0);
  offsets_.clear();
  uint64_t offset = 0;
  for (uint32_t i = 0; i < chunk.num_nodes; ++i) {
    offsets_.push_back(offset);
    offset += RecordBytes(layout_, chunk.first_node + i);
  }
}

StateSummary ChunkFiller::FillNode(size_t i) const {
  const NodeIndex node = chunk_.first_node + static_cast<NodeIndex>(i);
  const NodeRecordHeader header = {layout_.NumBuckets(node), layout_.ValuesPerRow(node)};
  char* record = buffer_ + offsets_[i];
  std::memcpy(record, &header, sizeof(header));
  // Aligned: the header has 8 bytes, values have 4, and the buffer starts on a page.
  const absl::Span<int32_t> values(reinterpret_cast<int32_t*>(record + sizeof(header)),
                                   layout_.ValuesOf(node));
  read_node_(node, values);
  return SummariseRows(layout_.FirstRow(node), header.values_per_row, values);
}

bool ChunkFiller::Fill(Clock::time_point until, ThreadPool* pool) {
  std::mutex mutex;
  pool->OnAll([&](int) {
    StateSummary state;
    while (Clock::now() < until) {
      const size_t i = next_.fetch_add(1, std::memory_order_relaxed);
      if (i >= chunk_.num_nodes) break;
      state += FillNode(i);
    }
    const std::lock_guard<std::mutex> lock(mutex);
    state_ += state;
  });
  return next_.load() >= chunk_.num_nodes;
}

}  // namespace nash
