// Two things go on side by side, and Advance() is where they meet:
//
//   processors   fill chunk 0 | fill chunk 1 | fill chunk 2 |          in slices
//   disk         Prepare()    | write 0      | write 1      | write 2 | Publish()
//
// The trainer's own threads do the first, copying and hashing, in slices of time that Step() is
// given, because they know when the table may be read. The second is one std::async at a time: it
// waits for the disk and costs no processor. There are two buffers, so that a chunk is filled while
// the one before is written; a buffer is filled again only after TakeDisk() has seen its write end.
//
// Which chunk is next: the one whose nodes change most (heat), since every node that is read has no
// more of its old rows to be kept. The order changes no byte: each chunk is a file of its own, and
// the state hash is a sum over rows.
//
// The first error ends it: the partial folder is removed and older checkpoints are as they were.
// Only Publish() makes a checkpoint one, with the manifest last (see the header for the order).
// Nothing is read back here: that is the reader's part. tests/checkpoint/writer_test.cc compares
// the files of several orders, fills a real disk, and stops writes in the middle.
#include "solver/checkpoint/writer.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "common/checksum.h"
#include "common/files.h"
#include "common/large_file.h"
#include "common/status_macros.h"

namespace nash {
namespace {

using Clock = ChunkFiller::Clock;

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

uint64_t LargestOf(const std::vector<ChunkEntry>& chunks) {
  uint64_t largest = 0;
  for (const ChunkEntry& chunk : chunks) largest = std::max(largest, chunk.bytes);
  return largest;
}

}  // namespace

uint64_t CheckpointWriter::BytesNeeded(const TableLayout& layout) {
  const std::vector<ChunkEntry> chunks = PlanChunks(layout, kChunkBytesMax);
  return std::min<uint64_t>(2, chunks.size()) * LargestOf(chunks);
}

CheckpointWriter::CheckpointWriter(const WriteOptions& options, const RunPosition& position,
                                   const TableLayout& layout, NodeReader read_node, NodeHeat heat)
    : options_(options),
      layout_(layout),
      partial_(PartialCheckpointPath(options.run_folder, position.round, options.kind)),
      manifest_(PlanManifest(options, position, layout)),
      filler_(layout, std::move(read_node)),
      heat_(std::move(heat)),
      chunks_left_(manifest_.chunks.size()) {
  std::iota(chunks_left_.begin(), chunks_left_.end(), size_t{0});
  status_ = CheckManifest(manifest_);
  if (!status_.ok()) {
    is_done_ = true;
    return;
  }
  StartChunk();
  if (is_done_) return;
  disk_ = std::async(std::launch::async, [this] { return Prepare(); });
}

CheckpointWriter::~CheckpointWriter() {
  if (disk_.valid()) disk_.wait();
}

absl::Status CheckpointWriter::Prepare() {
  const std::string folder = CheckpointsFolder(options_.run_folder, options_.kind);
  RETURN_IF_ERROR(CreateDirectories(folder));
  RETURN_IF_ERROR(RemovePartialCheckpoints(options_.run_folder, options_.kind));
  RETURN_IF_ERROR(CheckFreeSpace(folder, manifest_));
  return CreateDirectories(partial_);
}

absl::Status CheckpointWriter::Publish() {
  RETURN_IF_ERROR(WriteFileAtomically(ManifestPath(partial_), EncodeManifest(manifest_)));
  RETURN_IF_ERROR(PublishCheckpoint(options_.run_folder, manifest_.position.round, options_.kind));
  if (options_.kind != CheckpointKind::kRecent) return absl::OkStatus();
  return RemoveOldCheckpoints(options_.run_folder, manifest_.position.round, options_.keep_newest,
                              options_.confirmed_round);
}

void CheckpointWriter::StartChunk() {
  if (chunks_left_.empty()) {
    chunk_ = manifest_.chunks.size();
    return;
  }
  auto next = chunks_left_.begin();
  // Heat changes while training goes on, so it is added up anew for each chunk: a few million
  // nodes, for every 64 MiB that are written.
  if (heat_ != nullptr) {
    const auto heat_of = [this](size_t i) {
      const ChunkEntry& chunk = manifest_.chunks[i];
      uint64_t heat = 0;
      for (uint32_t n = 0; n < chunk.num_nodes; ++n) heat += heat_(chunk.first_node + n);
      return heat;
    };
    uint64_t most = 0;
    for (auto i = chunks_left_.begin(); i != chunks_left_.end(); ++i) {
      const uint64_t heat = heat_of(*i);
      if (heat > most) {
        most = heat;
        next = i;
      }
    }
  }
  chunk_ = *next;
  chunks_left_.erase(next);
  const ChunkEntry& chunk = manifest_.chunks[chunk_];
  buffer_ = 1 - buffer_;
  HugeArray& buffer = buffers_[buffer_];
  if (buffer.bytes() < chunk.bytes) {
    absl::StatusOr<HugeArray> memory = HugeArray::Make(LargestOf(manifest_.chunks));
    if (!memory.ok()) {
      status_ = memory.status();
      is_done_ = true;
      return;
    }
    buffer = *std::move(memory);
  }
  filler_.Begin(chunk, buffer.data());
}

// Whether the disk is free for the next piece of work.
bool CheckpointWriter::TakeDisk(bool wait) {
  if (!disk_.valid()) return true;
  if (!wait && disk_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
  status_ = disk_.get();
  if (status_.ok()) return true;
  // The first error is the one to tell. What cannot be removed now is removed by the next write.
  RemoveAll(partial_).IgnoreError();
  is_done_ = true;
  return false;
}

void CheckpointWriter::Advance(Clock::time_point until, bool wait, ThreadPool* pool) {
  while (!is_done_) {
    if (!is_full_ && chunk_ < manifest_.chunks.size()) {
      is_full_ = filler_.Fill(until, pool);
      if (!is_full_) return;
    }
    if (!TakeDisk(wait)) return;
    if (is_publishing_) {
      is_done_ = true;
    } else if (is_full_) {
      const absl::string_view contents(buffers_[buffer_].data(), manifest_.chunks[chunk_].bytes);
      disk_ = std::async(std::launch::async, [this, contents, i = chunk_] {
        manifest_.chunks[i].checksum = ChecksumOf(contents);
        return WriteLargeNewFile(ChunkPath(partial_, i), contents);
      });
      is_full_ = false;
      StartChunk();
    } else {
      manifest_.state_hash = filler_.state().hash;
      manifest_.rows_reached = filler_.state().rows_reached;
      disk_ = std::async(std::launch::async, [this] { return Publish(); });
      is_publishing_ = true;
    }
  }
}

void CheckpointWriter::Step(double seconds, ThreadPool* pool) {
  const auto length = std::chrono::duration<double>(seconds);
  Advance(Clock::now() + std::chrono::duration_cast<Clock::duration>(length), /*wait=*/false, pool);
}

absl::StatusOr<WrittenCheckpoint> CheckpointWriter::Finish(ThreadPool* pool) {
  Advance(Clock::time_point::max(), /*wait=*/true, pool);
  RETURN_IF_ERROR(status_);
  return WrittenCheckpoint{
      CheckpointPath(options_.run_folder, manifest_.position.round, options_.kind),
      std::move(manifest_)};
}

absl::StatusOr<WrittenCheckpoint> WriteCheckpoint(const WriteOptions& options,
                                                  const RunPosition& position,
                                                  const TableLayout& layout, NodeReader read_node) {
  ThreadPool alone(1);
  return CheckpointWriter(options, position, layout, std::move(read_node)).Finish(&alone);
}

}  // namespace nash
