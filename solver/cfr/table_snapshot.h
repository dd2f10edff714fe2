// The table as it was at one moment, kept while it changes.
//
// Whoever is about to change a row for the first time since the moment saves it; whoever wants the
// moment back takes saved rows from here and the others from the table. Two uses: a checkpoint is
// read while training goes on, and a unit of work yields its delta and is taken back.
//
// Rows are saved in groups of neighbours. All that a visit must know of a node, and one bit for
// each of its groups, lies in one record, of one cache line for up to 6,144 buckets: what a visit
// costs is that line, once for all deals that come together, and it can be asked for ahead
// (docs/benchmarks.md). Groups are appended to extents of memory, one thread to one extent. Memory
// grows with the groups that change.
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
 private:
  enum State : uint8_t {
    kFree,
    kLocked,
    kRead,  // or all rows are saved
  };
  // A node's, at the start of a cache line. The bits of its groups follow, in bytes.
  struct Record {
    std::atomic<uint8_t> state;
    uint32_t groups_saved;
    uint32_t num_groups;
    uint32_t first_place;  // of the node's groups, in places_

    uint8_t* bits() { return reinterpret_cast<uint8_t*>(this + 1); }
    const uint8_t* bits() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };

 public:
  // Takes address space for copies of the whole table, to be used for one snapshot after the other.
  // The table must outlive us. num_threads: that save. Error: ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<TableSnapshot>> Make(const Table& table, int num_threads);

  // Bytes that a snapshot of `layout` takes when all of its rows are saved.
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
      if ((record_->bits()[group / 8] >> group % 8 & 1) == 0) Append(group);
    }
    // All rows of the node.
    void SaveAll();

   private:
    void Append(uint32_t group);
    TableSnapshot* snapshot_;
    NodeIndex node_;
    int thread_;
    Record* record_ = nullptr;
  };

  // Which rows of a node are saved. Nobody else may be saving rows of the node while it is asked.
  class SavedBits {
   public:
    // False when no row of the node needs saving any more: it was read, or all are saved.
    bool needs_rows() const { return bits_ != nullptr; }
    // Needs needs_rows().
    bool Has(uint32_t bucket) const {
      const uint32_t group = bucket / kGroupRows;
      return bits_[group / 8] >> group % 8 & 1;
    }

   private:
    friend class TableSnapshot;
    explicit SavedBits(const uint8_t* bits) : bits_(bits) {}
    const uint8_t* bits_;
  };
  SavedBits BitsOf(NodeIndex node) const {
    if (is_read_[node]) return SavedBits(nullptr);
    const Record& record = RecordOf(node);
    const bool needs = record.state.load(std::memory_order_relaxed) != kRead;
    return SavedBits(needs ? record.bits() : nullptr);
  }
  bool NeedsRows(NodeIndex node) const { return BitsOf(node).needs_rows(); }

  // Ask for memory ahead: what PrefetchBits(node) reads, what BitsOf(node) does, and what saving a
  // row will.
  void PrefetchPlaceOfBits(NodeIndex node) const { __builtin_prefetch(first_lines_.data() + node); }
  void PrefetchBits(NodeIndex node) const {
    if (!is_read_[node]) __builtin_prefetch(&RecordOf(node));
  }
  void PrefetchRows(NodeIndex node, uint32_t bucket) const {
    const char* rows =
        reinterpret_cast<const char*>(table_.Row(node, bucket / kGroupRows * kGroupRows));
    const uint64_t bytes = uint64_t{kGroupRows} * table_.layout().RowBytes(node);
    for (uint64_t at = 0; at < bytes; at += 64) __builtin_prefetch(rows + at);
  }

  // How much visits of `node` still cost: grows with its visits since Begin(), 0 when no row needs
  // saving any more. Nobody may be saving.
  uint32_t Heat(NodeIndex node) const { return NeedsRows(node) ? RecordOf(node).groups_saved : 0; }

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
  static constexpr uint32_t kGroupRows = 16;
  static constexpr uint64_t kExtentBytes = 1 << 20;
  static constexpr uint64_t kLineBytes = 64;
  static constexpr uint32_t kGroupsAhead = 4;  // that a reader asks for: 2 to 4 KB

  struct alignas(kLineBytes) Line {
    char bytes[kLineBytes];
  };
  // A thread's place in its extent.
  struct alignas(kLineBytes) Cursor {
    uint64_t next = 0;
    uint64_t end = 0;
  };

  TableSnapshot(const Table& table, HugeArray memory, int num_threads);
  static uint32_t GroupsOf(const TableLayout& layout, NodeIndex node) {
    return (layout.NumBuckets(node) + kGroupRows - 1) / kGroupRows;
  }
  const Record& RecordOf(NodeIndex node) const {
    return *reinterpret_cast<const Record*>(&records_[first_lines_[node]]);
  }
  Record& RecordOf(NodeIndex node) {
    return *reinterpret_cast<Record*>(&records_[first_lines_[node]]);
  }
  static uint32_t BitBytes(uint32_t groups) { return (groups + 7) / 8; }
  static uint64_t RecordLines(const TableLayout& layout, NodeIndex node) {
    const uint64_t bytes = sizeof(Record) + BitBytes(GroupsOf(layout, node));
    return (bytes + kLineBytes - 1) / kLineBytes;
  }
  static uint64_t RowsBytesMax(const TableLayout& layout, int num_threads);
  static bool Lock(Record* record);
  // The rows of a group as they lie in the table; null where it was not saved.
  const char* SavedGroup(const Record& record, uint32_t group) const;

  const Table& table_;  // not owned
  HugeArray memory_;
  std::vector<uint32_t> first_lines_;  // by node: in records_
  std::vector<Line> records_;
  // By node: its state is kRead since Read(). Bytes stay in a core's cache where records do not,
  // and what is visited most is read first.
  std::vector<uint8_t> is_read_;
  // By node and group: where saved groups lie in memory_, in lines.
  std::vector<uint32_t> places_;
  std::vector<Cursor> cursors_;  // by thread
  std::atomic<uint64_t> next_extent_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
