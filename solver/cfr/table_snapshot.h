// The table as it was at one moment, kept while it changes.
//
// Whoever is about to change a row for the first time since the moment saves it; whoever wants the
// moment back takes saved rows from here and the others from the table. Two uses: a checkpoint is
// read while training goes on, and a unit of work yields its delta and is taken back.
//
// Saved rows are appended to extents of memory, one thread to one extent, so saving costs no
// further random line than the bit that says that a row is saved; a list per node leads to its
// rows. Memory grows with the rows that change (docs/benchmarks.md: copies at mirrored places cost
// three times as much training).
//
// Threads: saving from any number of threads; Read() from one other thread, nodes in any order, each
// once. A node is locked while its rows are saved or read, so the reader only ever looks at rows
// that nobody changes.
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
  // Takes address space for copies of the whole table, to be used for one snapshot after the other.
  // The table must outlive us. num_threads: that save. Error: ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<TableSnapshot>> Make(const Table& table, int num_threads);

  // Bytes that a snapshot of `layout` takes when all of its rows are saved, each on its own.
  static uint64_t BytesMax(const TableLayout& layout, int num_threads);
  // See HugeArray::TakePages().
  void TakePages(size_t part, size_t num_parts) { memory_.TakePages(part, num_parts); }

  // The moment is now: nobody may be changing the table, saving or reading.
  void Begin();

  // Saves rows of one node: held while they are saved, by one thread.
  class Saver {
   public:
    // Waits for the node's lock. snapshot: null saves nothing.
    Saver(TableSnapshot* snapshot, NodeIndex node, int thread);
    ~Saver();
    Saver(const Saver&) = delete;
    Saver& operator=(const Saver&) = delete;

    // False when there is nothing to save: no snapshot, or the node was read already.
    bool saves() const { return snapshot_ != nullptr; }
    // Call before the row changes.
    void Save(uint32_t bucket) {
      uint64_t& word = words_[bucket / kBitsPerWord];
      const uint64_t bit = uint64_t{1} << bucket % kBitsPerWord;
      if ((word & bit) == 0) Append(bucket);
      word |= bit;
    }
    // All rows of the node.
    void SaveAll();

   private:
    void Append(uint32_t bucket);
    TableSnapshot* snapshot_;
    NodeIndex node_;
    int thread_;
    uint64_t* words_ = nullptr;
    uint32_t* list_ = nullptr;   // header of the list that is being appended to
  };

  // Asks for the memory that saving rows of `node` will need.
  void Prefetch(NodeIndex node, uint32_t bucket) const {
    __builtin_prefetch(&saved_[first_words_[node] + bucket / kBitsPerWord], 1);
  }

  // Copies the values that `node` had at the moment; none of its rows is saved from then on.
  // values: [layout().ValuesOf(node)].
  void Read(NodeIndex node, absl::Span<int32_t> values);

  // What the rows of `node` held at the moment, in canonical form: null for rows that were not
  // saved. Returns false, and leaves `rows` alone, when none was. Nobody may be saving.
  bool SavedRows(NodeIndex node, std::vector<const int32_t*>* rows) const;

  // Rows saved since Begin(), and bytes taken for them. Nobody may be saving.
  uint64_t saved_rows() const;
  uint64_t saved_bytes() const;

 private:
  enum State : uint8_t { kFree, kLocked, kRead };
  static constexpr uint64_t kBitsPerWord = 64;
  // In units of 4 bytes. A list: place of the node's list before it (two units), rows, then for each
  // row its bucket and its values.
  static constexpr uint64_t kListUnits = 3;
  static constexpr uint64_t kExtentUnits = 1 << 18;

  // A thread's place in its extent.
  struct alignas(64) Cursor {
    uint64_t next = 0;
    uint64_t end = 0;
    uint64_t rows = 0;
  };

  TableSnapshot(const Table& table, HugeArray memory, int num_threads);
  bool Lock(NodeIndex node);
  void Unlock(NodeIndex node) { states_[node].store(kFree, std::memory_order_release); }
  uint32_t* units() const { return reinterpret_cast<uint32_t*>(memory_.data()); }

  const Table& table_;  // not owned
  HugeArray memory_;
  std::vector<uint64_t> first_words_;         // by node: place in saved_
  std::vector<uint64_t> saved_;               // one bit a row; a word belongs to one node
  std::vector<uint64_t> lists_;               // by node: place of its newest list; 0: none
  std::vector<std::atomic<uint8_t>> states_;  // by node
  std::vector<Cursor> cursors_;               // by thread
  std::atomic<uint64_t> next_extent_{0};
  std::vector<const int32_t*> rows_;  // Read()'s
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
