// A consistent view of the table at one moment, read while training goes on.
//
// Copy on write by row: whoever is about to change a row for the first time since the moment saves
// it; the reader takes saved rows from the copies and the others from the table. Nothing stops, and
// a pass saves no more rows than it visits. Copying whole blocks instead would save nearly all of a
// large table within the first batch and stop training for seconds
// (docs/benchmarks.md).
//
// Threads: locking and saving from any number of threads; Read() from one other thread, nodes in
// any order, each once. A node is locked while its rows are saved or read, so the reader only ever
// looks at rows that nobody changes.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
#define NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/cfr/table.h"

namespace nash {

class TableSnapshot {
 public:
  // Takes address space for copies of the whole table, to be used for one snapshot after the
  // other. The table must outlive us. Error: ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<TableSnapshot>> Make(const Table& table);

  // Bytes that a snapshot of `layout` takes when all of its rows are saved.
  static uint64_t BytesMax(const TableLayout& layout);
  // See HugeArray::TakePages().
  void TakePages(size_t part, size_t num_parts) { copies_.TakePages(part, num_parts); }

  // The moment is now: nobody may be changing the table, saving or reading.
  void Begin();

  // Rows must be saved before they change: Lock() their node, SaveLocked() each, Unlock(). Lock()
  // returns false, and locks nothing, when the node was read already: nothing needs to be saved.
  bool Lock(NodeIndex node);
  void SaveLocked(NodeIndex node, uint32_t bucket) {
    uint64_t& word = saved_[first_words_[node] + bucket / kBitsPerWord];
    const uint64_t bit = uint64_t{1} << bucket % kBitsPerWord;
    if ((word & bit) == 0) CopyRow(node, bucket);
    word |= bit;
  }
  void Unlock(NodeIndex node) { states_[node].store(kFree, std::memory_order_release); }
  // All rows of a node, with its lock.
  void SaveAll(NodeIndex node);

  // Asks for the memory that saving a row of `node` will need.
  void Prefetch(NodeIndex node, uint32_t bucket, const char* row) const {
    __builtin_prefetch(&saved_[first_words_[node] + bucket / kBitsPerWord], 1);
    __builtin_prefetch(copies_.data() + (row - table_.Block(0)), 1);
  }

  // Copies the values that `node` had at the moment. values: [layout().ValuesOf(node)].
  void Read(NodeIndex node, absl::Span<int32_t> values);

  // Rows that Read() has found saved since Begin(). For the reader's thread, or after it.
  uint64_t saved_rows() const { return saved_rows_; }

 private:
  enum State : uint8_t { kFree, kLocked, kRead };
  static constexpr uint64_t kBitsPerWord = 64;

  TableSnapshot(const Table& table, HugeArray copies);
  void CopyRow(NodeIndex node, uint32_t bucket);

  const Table& table_;                        // not owned
  HugeArray copies_;                          // rows at the places they have in the table
  std::vector<uint64_t> first_words_;         // by node: place in saved_
  std::vector<uint64_t> saved_;               // one bit a row; a word belongs to one node
  std::vector<std::atomic<uint8_t>> states_;  // by node
  uint64_t saved_rows_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
