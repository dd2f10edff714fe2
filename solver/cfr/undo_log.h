// The table as it was at one moment: an undo log, kept while the table changes.
//
// A thread that is about to change a row for the first time since the moment saves it here. To get
// the moment back, saved rows are taken from here and all others from the table. Two uses: a
// checkpoint is read while training goes on, and a unit of work yields its delta and is taken back.
//
// Rows are saved in groups of neighbours. All that a visit must know of a node is its marks: one
// bit for each of its groups, in few cache lines. Small nodes share lines, or the marks of a large
// tree would not fit a cache. What a visit costs is those lines, once for all deals that come
// together, and they can be asked for ahead (docs/measurements/checkpoints.md).
// Groups are appended to extents of memory, one thread to one extent. Memory grows with the groups
// that change.
//
// Threads: saving from any number of threads, each row under its node's lock; Read() from any
// number of threads, each node once, while no thread saves or changes the table.
#ifndef NASHVILLE_SOLVER_CFR_UNDO_LOG_H_
#define NASHVILLE_SOLVER_CFR_UNDO_LOG_H_

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/cfr/table.h"

namespace nash {

class UndoLog {
 private:
  enum State : uint8_t {
    kFree,
    kLocked,
    kDone,  // the node was read, or all of its rows are saved
  };
  // A node's, and what visits need not look at.
  struct Record {
    uint32_t groups_saved = 0;
    uint32_t num_groups = 0;
    uint32_t first_place = 0;  // of the node's groups, in places_
  };

 public:
  // Rows of a group. Groups of 4 hold half as much in short units, and cost a tenth of the time of
  // long ones: their marks take four times the cache (docs/measurements/deltas.md).
  static constexpr uint32_t kGroupRows = 16;

  // Takes address space for copies of the whole table, to be used for one moment after the other.
  // The table must outlive us. num_threads: that save. Error: ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<UndoLog>> Make(const Table& table, int num_threads);

  // Bytes that a log of `layout` takes when all of its rows are saved.
  static uint64_t BytesMax(const TableLayout& layout, int num_threads);
  // See HugeArray::TakePages().
  void TakePages(size_t part, size_t num_parts) { memory_.TakePages(part, num_parts); }

  // The moment is now. No thread may be changing the table, saving or reading.
  void Begin();

  // Saves rows of one node: held while they are saved, by one thread.
  class Saver {
   public:
    // Waits for the node's lock. log: null saves nothing.
    Saver(UndoLog* log, NodeIndex node, int thread);
    ~Saver();
    Saver(const Saver&) = delete;
    Saver& operator=(const Saver&) = delete;

    // False when there is nothing to save: no log, or no row needs it any more.
    bool saves() const { return log_ != nullptr; }
    // Call before the row changes.
    void Save(uint32_t bucket) {
      const uint32_t group = bucket / kGroupRows;
      if ((marks_[group / 8] >> group % 8 & 1) == 0) Append(group);
    }

   private:
    void Append(uint32_t group);
    UndoLog* log_;
    NodeIndex node_;
    int thread_;
    uint8_t* marks_ = nullptr;  // the node's
  };

  // Which rows of a node are saved. No other thread may be saving rows of the node meanwhile.
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
    friend class UndoLog;
    explicit SavedBits(const uint8_t* bits) : bits_(bits) {}
    const uint8_t* bits_;
  };
  SavedBits BitsOf(NodeIndex node) const {
    return SavedBits(NeedsRows(node) ? MarksOf(node) : nullptr);
  }
  bool NeedsRows(NodeIndex node) const { return StateOf(node) != kDone; }

  // Ask for memory ahead: what PrefetchBits(node) reads, what BitsOf(node) does, and what saving a
  // row will.
  void PrefetchPlaceOfBits(NodeIndex node) const { __builtin_prefetch(first_marks_.data() + node); }
  void PrefetchBits(NodeIndex node) const {
    if (!NeedsRows(node)) return;
    const uint8_t* const marks = MarksOf(node);
    const uint32_t bytes = (records_[node].num_groups + 7) / 8;
    for (uint32_t at = 0; at < bytes; at += kLineBytes) __builtin_prefetch(marks + at);
  }
  void PrefetchRows(NodeIndex node, uint32_t bucket) const {
    const char* rows =
        reinterpret_cast<const char*>(table_.Row(node, bucket / kGroupRows * kGroupRows));
    const uint64_t bytes = uint64_t{kGroupRows} * table_.layout().RowStep(node);
    for (uint64_t at = 0; at < bytes; at += 64) __builtin_prefetch(rows + at);
  }

  // How much visits of `node` still cost: grows with its visits since Begin(), 0 when no row needs
  // saving any more. No thread may be saving.
  uint32_t Heat(NodeIndex node) const { return NeedsRows(node) ? records_[node].groups_saved : 0; }

  // Copies the values that `node` had at the moment; none of its rows is saved from then on. No
  // thread may be saving.
  // values: [layout().ValuesOf(node)].
  void Read(NodeIndex node, absl::Span<int32_t> values);

  // Calls visit(first bucket, number of rows, what they held, layout().RowBytes(node) each) for
  // each group of the node's rows that was saved, in order. No thread may be saving.
  template <typename Visit>
  void ForEachSavedGroup(NodeIndex node, const Visit& visit) const {
    const Record& record = records_[node];
    if (record.groups_saved == 0) return;
    const TableLayout& layout = table_.layout();
    const uint64_t group_bytes = uint64_t{kGroupRows} * layout.RowBytes(node);
    const uint32_t* const places = &places_[record.first_place];
    const auto rows_of = [&](uint32_t group) {
      return memory_.data() + uint64_t{places[group]} * kLineBytes;
    };
    // As in Read(), groups lie in the order of their changes: those of the next word of marks are
    // asked for while those of one are visited.
    uint64_t next = MarkWord(node, 0);
    for (uint32_t first = 0; first < record.num_groups; first += 64) {
      uint64_t marks = next;
      next = MarkWord(node, first + 64);
      for (uint64_t left = next; left != 0; left &= left - 1) {
        const uint32_t group = first + 64 + std::countr_zero(left);
        const char* const rows = rows_of(group);
        for (uint64_t at = 0; at < group_bytes; at += kLineBytes) __builtin_prefetch(rows + at);
        PrefetchRows(node, group * kGroupRows);
      }
      for (; marks != 0; marks &= marks - 1) {
        const uint32_t group = first + std::countr_zero(marks);
        const uint32_t row = group * kGroupRows;
        visit(row, std::min(kGroupRows, layout.NumBuckets(node) - row), rows_of(group));
      }
    }
  }

  // Bytes taken for what was saved since Begin(). No thread may be saving.
  uint64_t saved_bytes() const;

 private:
  static constexpr uint64_t kExtentBytes = 1 << 20;
  static constexpr uint64_t kLineBytes = 64;
  static constexpr uint32_t kGroupsAhead = 4;  // that a reader asks for: 2 to 4 KB

  // A thread's place in its extent.
  struct alignas(kLineBytes) Cursor {
    uint64_t next = 0;
    uint64_t end = 0;
  };

  UndoLog(const Table& table, HugeArray memory, int num_threads);
  static uint32_t GroupsOf(const TableLayout& layout, NodeIndex node) {
    return (layout.NumBuckets(node) + kGroupRows - 1) / kGroupRows;
  }
  struct alignas(kLineBytes) Line {
    uint8_t bytes[kLineBytes];
  };
  const uint8_t* MarksOf(NodeIndex node) const {
    return reinterpret_cast<const uint8_t*>(marks_.data()) + first_marks_[node];
  }
  uint8_t* MarksOf(NodeIndex node) {
    return const_cast<uint8_t*>(std::as_const(*this).MarksOf(node));
  }
  // The marks of a node's groups from `group` on, a multiple of 64; past the last they are 0.
  uint64_t MarkWord(NodeIndex node, uint32_t group) const {
    const uint32_t num_groups = records_[node].num_groups;
    if (group >= num_groups) return 0;
    uint64_t word = 0;
    std::memcpy(&word, MarksOf(node) + group / 8,
                std::min<size_t>(8, (num_groups - group + 7) / 8));
    return word;
  }
  // A thread that sees kDone may change rows without the lock: the acquire load orders it after the
  // threads that saved them.
  uint8_t StateOf(NodeIndex node) const { return states_[node].load(std::memory_order_acquire); }
  // Where marks of `groups` begin that come after `end` bytes of others, and where they end.
  static std::pair<uint64_t, uint64_t> PlaceMarks(uint64_t end, uint32_t groups);
  static uint64_t RowsBytesMax(const TableLayout& layout, int num_threads);
  bool Lock(NodeIndex node);
  // The rows of a group as they lie in the table; null where it was not saved.
  const char* SavedGroup(NodeIndex node, uint32_t group) const;

  const Table& table_;  // not owned
  HugeArray memory_;
  std::vector<std::atomic<uint8_t>> states_;  // by node
  std::vector<uint32_t> first_marks_;         // by node: in marks_
  std::vector<Line> marks_;
  std::vector<Record> records_;  // by node
  // By node and group: where saved groups lie in memory_, in lines.
  std::vector<uint32_t> places_;
  std::vector<Cursor> cursors_;  // by thread
  std::atomic<uint64_t> next_extent_{0};
};

// The two that are told before rows change. They travel together and must not be swapped. Not
// owned.
struct UndoLogs {
  UndoLog* unit = nullptr;        // null where the unit is not taken back
  UndoLog* checkpoint = nullptr;  // null while no checkpoint is being taken

  bool any() const { return unit != nullptr || checkpoint != nullptr; }
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNDO_LOG_H_
