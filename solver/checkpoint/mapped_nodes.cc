#include "solver/checkpoint/mapped_nodes.h"

#include <sys/mman.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/checkpoint/checkpoint_folder.h"

namespace nash {
namespace {

// All pages in one call, where the kernel knows it (5.14): a fault for every few of them costs more
// than the checksum does. Where it does not, they come one by one.
void BringIn(const MappedFile& file) {
#ifdef MADV_POPULATE_READ
  if (file.bytes() > 0) {
    madvise(const_cast<char*>(file.data()), file.bytes(), MADV_POPULATE_READ);
  }
#endif
}

// A file that was cut after the checkpoint was opened must not be read past its end.
absl::Status CheckSize(const std::string& path, uint64_t found, uint64_t expected) {
  if (found == expected) return absl::OkStatus();
  return CorruptCheckpointError(path, absl::StrCat("has ", found, " bytes, expected ", expected,
                                                   ": it was cut short or changed"));
}

template <typename T>
std::vector<std::unique_ptr<T>> MakeAll(size_t n) {
  std::vector<std::unique_ptr<T>> all(n);
  for (auto& one : all) one = std::make_unique<T>();
  return all;
}

}  // namespace

MappedNodes::MappedNodes(const Checkpoint& checkpoint, const TableLayout& layout)
    : checkpoint_(checkpoint),
      layout_(layout),
      chunks_(MakeAll<Chunk>(checkpoint.manifest().chunks.size())) {}

size_t MappedNodes::ChunkOf(NodeIndex node) const {
  const std::vector<ChunkEntry>& chunks = checkpoint_.manifest().chunks;
  const auto after =
      std::upper_bound(chunks.begin(), chunks.end(), node,
                       [](NodeIndex n, const ChunkEntry& chunk) { return n < chunk.first_node; });
  return after - chunks.begin() - 1;
}

const MappedNodes::Chunk& MappedNodes::Look(size_t index) const {
  Chunk& chunk = *chunks_[index];
  std::call_once(chunk.once, [&] {
    const std::string path = ChunkPath(checkpoint_.path(), index);
    const ChunkEntry& entry = checkpoint_.manifest().chunks[index];
    chunk.status = [&]() -> absl::Status {
      ASSIGN_OR_RETURN(chunk.file, MappedFile::Open(path));
      RETURN_IF_ERROR(CheckSize(path, chunk.file.bytes(), entry.bytes));
      BringIn(chunk.file);
      return checkpoint_.ForEachNodeIn(layout_, index, chunk.file.contents(),
                                       [&](const NodeRecord& record) {
                                         chunk.values.push_back(record.values.data());
                                         return absl::OkStatus();
                                       });
    }();
  });
  return chunk;
}

absl::StatusOr<absl::Span<const int32_t>> MappedNodes::ValuesOf(NodeIndex node) const {
  if (node >= checkpoint_.manifest().num_nodes) {
    // Another table's checkpoint: told as such, whatever node is asked for.
    RETURN_IF_ERROR(Look(0).status);
    return absl::OutOfRangeError(absl::StrCat(checkpoint_.path(), ": has no node ", node));
  }
  const size_t index = ChunkOf(node);
  const Chunk& chunk = Look(index);
  RETURN_IF_ERROR(chunk.status);
  const NodeIndex first = checkpoint_.manifest().chunks[index].first_node;
  return absl::MakeConstSpan(chunk.values[node - first], layout_.ValuesOf(node));
}

absl::Status MappedNodes::Check(absl::Span<const NodeIndex> nodes, int threads) const {
  std::vector<size_t> wanted;
  for (const NodeIndex node : nodes) {
    if (node < checkpoint_.manifest().num_nodes) wanted.push_back(ChunkOf(node));
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  ThreadPool pool(std::clamp<int>(static_cast<int>(wanted.size()), 1, std::max(threads, 1)));
  pool.ForEach(wanted.size(), [&](size_t i, int) { Look(wanted[i]); });
  for (const size_t chunk : wanted) RETURN_IF_ERROR(Look(chunk).status);
  return absl::OkStatus();
}

}  // namespace nash
