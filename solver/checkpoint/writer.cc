#include "solver/checkpoint/writer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "common/checksum.h"
#include "common/files.h"
#include "common/huge_array.h"
#include "common/large_file.h"
#include "common/status_macros.h"
#include "solver/checkpoint/state_hash.h"

namespace nash {
namespace {

uint64_t RecordBytes(const TableLayout& layout, NodeIndex node) {
  return sizeof(NodeRecordHeader) + layout.ValuesOf(node) * sizeof(int32_t);
}

// Whole nodes, in order, as many per chunk as fit; sums of the files are not known yet.
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

// Fills `buffer` with the records of one chunk and adds its rows to `state`.
void FillChunk(const TableLayout& layout, const NodeReader& read_node, const ChunkEntry& chunk,
               char* buffer, StateSummary* state) {
  for (NodeIndex node = chunk.first_node; node < chunk.first_node + chunk.num_nodes; ++node) {
    const NodeRecordHeader header = {layout.NumBuckets(node), layout.ValuesPerRow(node)};
    std::memcpy(buffer, &header, sizeof(header));
    // Aligned: the header has 8 bytes, values have 4, and the buffer starts on a page.
    const absl::Span<int32_t> values(reinterpret_cast<int32_t*>(buffer + sizeof(header)),
                                     layout.ValuesOf(node));
    read_node(node, values);
    *state += SummariseRows(layout.FirstRow(node), header.values_per_row, values);
    buffer += RecordBytes(layout, node);
  }
}

// Fills one buffer while the other is written. `chunks` get their checksums.
absl::StatusOr<StateSummary> WriteChunks(const std::string& folder, const TableLayout& layout,
                                         const NodeReader& read_node,
                                         std::vector<ChunkEntry>* chunks) {
  uint64_t largest = 0;
  for (const ChunkEntry& chunk : *chunks) largest = std::max(largest, chunk.bytes);
  std::array<HugeArray, 2> buffers;
  for (HugeArray& buffer : buffers) {
    ASSIGN_OR_RETURN(buffer, HugeArray::Make(largest));
  }

  StateSummary state;
  std::future<absl::Status> writing;  // after the buffers: its end is awaited before they go
  for (size_t i = 0; i < chunks->size(); ++i) {
    ChunkEntry& chunk = (*chunks)[i];
    char* buffer = buffers[i % 2].data();
    FillChunk(layout, read_node, chunk, buffer, &state);
    const absl::string_view contents(buffer, chunk.bytes);
    chunk.checksum = ChecksumOf(contents);
    if (writing.valid()) RETURN_IF_ERROR(writing.get());
    writing = std::async(std::launch::async, [path = ChunkPath(folder, i), contents] {
      return WriteLargeNewFile(path, contents);
    });
  }
  if (writing.valid()) RETURN_IF_ERROR(writing.get());
  return state;
}

// Better told before than found out in the middle, with the disk full for everybody.
absl::Status CheckFreeSpace(const std::string& folder, const Manifest& manifest) {
  uint64_t bytes = 0;
  for (const ChunkEntry& chunk : manifest.chunks) bytes += chunk.bytes;
  ASSIGN_OR_RETURN(const uint64_t free_bytes, FreeDiskBytes(folder));
  if (bytes <= free_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrFormat(
      "%s: a checkpoint needs %.1f MB and the disk has %.1f MB left; free space there or choose "
      "another folder (--out)",
      folder, bytes / 1e6, free_bytes / 1e6));
}

Manifest PlanManifest(const WriteOptions& options, const RunPosition& position,
                      const TableLayout& layout) {
  Manifest manifest;
  manifest.position = position;
  manifest.num_nodes = layout.num_nodes();
  manifest.num_rows = layout.num_rows();
  manifest.num_values = layout.num_values();
  manifest.chunks = PlanChunks(layout, options.chunk_bytes_max);
  return manifest;
}

absl::Status WriteAndPublish(const WriteOptions& options, const std::string& partial,
                             const TableLayout& layout, const NodeReader& read_node,
                             Manifest* manifest) {
  RETURN_IF_ERROR(CreateDirectories(partial));
  ASSIGN_OR_RETURN(const StateSummary state,
                   WriteChunks(partial, layout, read_node, &manifest->chunks));
  manifest->state_hash = state.hash;
  manifest->rows_reached = state.rows_reached;
  RETURN_IF_ERROR(WriteFileAtomically(ManifestPath(partial), EncodeManifest(*manifest)));
  return PublishCheckpoint(options.run_folder, manifest->position.round, options.kind);
}

}  // namespace

absl::StatusOr<WrittenCheckpoint> WriteCheckpoint(const WriteOptions& options,
                                                  const RunPosition& position,
                                                  const TableLayout& layout,
                                                  const NodeReader& read_node) {
  Manifest manifest = PlanManifest(options, position, layout);
  RETURN_IF_ERROR(CheckManifest(manifest));
  const std::string folder = CheckpointsFolder(options.run_folder, options.kind);
  RETURN_IF_ERROR(CreateDirectories(folder));
  RETURN_IF_ERROR(RemovePartialCheckpoints(options.run_folder, options.kind));
  RETURN_IF_ERROR(CheckFreeSpace(folder, manifest));

  const std::string partial =
      PartialCheckpointPath(options.run_folder, position.round, options.kind);
  const absl::Status status = WriteAndPublish(options, partial, layout, read_node, &manifest);
  if (!status.ok()) {
    // The first error is the one to tell. What cannot be removed now is removed by the next write.
    RemoveAll(partial).IgnoreError();
    return status;
  }
  if (options.kind == CheckpointKind::kRecent) {
    RETURN_IF_ERROR(RemoveOldCheckpoints(options.run_folder, position.round, options.keep_newest));
  }
  return WrittenCheckpoint{CheckpointPath(options.run_folder, position.round, options.kind),
                           std::move(manifest)};
}

}  // namespace nash
