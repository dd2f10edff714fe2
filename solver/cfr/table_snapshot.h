// The table as it was at one moment, kept while it changes.
//
// Whoever is about to change a row for the first time since the moment saves it; whoever wants the
// moment back takes saved rows from here and the others from the table. Two uses: a checkpoint is
// read while training goes on, and a unit of work yields its delta and is taken back.
//
// Rows are saved in groups of neighbours, so that the bits that say which are saved are few enough
// to stay in a core's cache: one more random line a visit would cost a third of the rate
// (docs/benchmarks.md). Groups are appended to extents of memory, one thread to one extent, and
// chained by node. Memory grows with the groups that change.
//
// Threads: saving from any number of threads, each row under its node's lock; Read() from any
// number of threads, each node once, while nobody saves or changes the table.
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

    // False when there is nothing to save: no snapshot, or no row needs it any more.
    bool saves() const { return snapshot_ != nullptr; }
    // Call before the row changes.
    void Save(uint32_t bucket) {
      const uint32_t group = bucket / kGroupRows;
      uint8_t& flags = flags_[group / 8];
      const uint8_t flag = 1 << group % 8;
      if ((flags & flag) == 0) Append(group);
      flags |= flag;
    }
    // All rows of the node.
    void SaveAll();

   private:
    void Append(uint32_t group);
    TableSnapshot* snapshot_;
    NodeIndex node_;
    int thread_;
    uint8_t* flags_ = nullptr;
  };

  // False when no row of `node` needs saving any more: it was read, or all are saved.
  bool NeedsRows(NodeIndex node) const {
    return states_[node].load(std::memory_order_relaxed) != kRead;
  }
  // Asks for the memory that saving a row of `node` will need, where it will.
  void Prefetch(NodeIndex node, uint32_t bucket) const {
    const uint32_t group = bucket / kGroupRows;
    if (flags_[first_flags_[node] + group / 8] >> group % 8 & 1) return;
    const char* rows = reinterpret_cast<const char*>(table_.Row(node, group * kGroupRows));
    const uint64_t bytes = uint64_t{kGroupRows} * table_.layout().RowBytes(node);
    for (uint64_t at = 0; at < bytes; at += 64) __builtin_prefetch(rows + at);
  }

  // Copies the values that `node` had at the moment; none of its rows is saved from then on. Nobody
  // may be saving.
  // values: [layout().ValuesOf(node)].
  void Read(NodeIndex node, absl::Span<int32_t> values);

  // What the rows of `node` held at the moment, as they lie in the table: null for rows that were
  // not saved. Returns false, and leaves `rows` alone, when none was. Nobody may be saving.
  bool SavedRows(NodeIndex node, std::vector<const int32_t*>* rows) const;

  // Bytes taken for what was saved since Begin(). Nobody may be saving.
  uint64_t saved_bytes() const;

 private:
  enum State : uint8_t {
    kFree,
    kLocked,
    kRead,  // or all rows are saved
  };
  static constexpr uint32_t kGroupRows = 16;
  static constexpr uint64_t kExtentBytes = 1 << 20;

  // What stands before the rows of a saved group.
  struct GroupHeader {
    uint64_t previous;  // place of the node's group that was saved before it; 0: none
    uint32_t group;
    uint32_t num_rows;
  };
  // A thread's place in its extent.
  struct alignas(64) Cursor {
    uint64_t next = 0;
    uint64_t end = 0;
  };

  TableSnapshot(const Table& table, HugeArray memory, int num_threads);
  bool Lock(NodeIndex node);

  const Table& table_;  // not owned
  HugeArray memory_;
  std::vector<uint32_t> first_flags_;         // by node: place in flags_
  std::vector<uint8_t> flags_;                // one bit a group; a byte belongs to one node
  std::vector<uint64_t> groups_;              // by node: place of its newest group; 0: none
  std::vector<uint32_t> groups_left_;         // by node: that are not saved
  std::vector<std::atomic<uint8_t>> states_;  // by node
  std::vector<Cursor> cursors_;               // by thread
  std::atomic<uint64_t> next_extent_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
