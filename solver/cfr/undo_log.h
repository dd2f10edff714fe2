// The table as it was at one moment: an undo log, kept while the table changes.
//
// A thread that is about to change a row for the first time since the moment saves it here. To get
// the moment back, saved rows are taken from here and all others from the table. Two uses: a
// checkpoint is read while training goes on, and a unit of work yields its delta and is taken back.
//
// Rows are saved in groups of neighbours: bundles of a strip (table_layout.h), which without lanes
// are rows of a node. All that a visit must know of a strip is its marks: one bit for each of its
// groups, in few cache lines. Small strips share lines, or the marks of a large tree would not fit
// a cache. What a visit costs is those lines, once for all deals that come together, and they can
// be asked for ahead (docs/measurements/checkpoints.md). Groups are appended to extents of memory,
// one thread to one extent. Memory grows with the groups that change.
//
// Threads: saving from any number of threads, each row under its strip's lock; Read() from any
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
    kDone,  // all of its nodes were read, or all of its rows are saved
  };
  // A strip's, and what visits need not look at.
  struct Record {
    uint32_t groups_saved = 0;
    uint32_t num_groups = 0;
    uint32_t first_place = 0;  // of the strip's groups, in places_
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

  // Saves rows of one node, and those that lie beside them: held while they are saved, by one
  // thread.
  class Saver {
   public:
    // Waits for the lock of the node's strip. log: null saves nothing.
    Saver(UndoLog* log, NodeIndex node, int thread);
    ~Saver();
    Saver(const Saver&) = delete;
    Saver& operator=(const Saver&) = delete;

    // False when there is nothing to save: no log, or no row needs it any more.
    bool saves() const { return log_ != nullptr; }
    // Call before the row changes.
    void Save(uint32_t bucket) {
      const uint32_t group = bucket >> shift_;
      if ((marks_[group / 8] >> group % 8 & 1) == 0) Append(group);
    }

   private:
    void Append(uint32_t group);
    UndoLog* log_;
    StripIndex strip_ = 0;
    int thread_;
    int shift_ = 0;
    uint8_t* marks_ = nullptr;  // the strip's
  };

  // Which rows of a node are saved. No other thread may be saving rows of the node meanwhile.
  class SavedBits {
   public:
    // False when no row of the node needs saving any more: it and those beside it were read, or all
    // are saved.
    bool needs_rows() const { return bits_ != nullptr; }
    // Needs needs_rows().
    bool Has(uint32_t bucket) const {
      const uint32_t group = bucket >> shift_;
      return bits_[group / 8] >> group % 8 & 1;
    }

   private:
    friend class UndoLog;
    SavedBits(const uint8_t* bits, int shift) : bits_(bits), shift_(shift) {}
    const uint8_t* bits_;
    int shift_;
  };
  SavedBits BitsOf(NodeIndex node) const {
    const StripIndex strip = table_.layout().StripOf(node);
    return {NeedsBundles(strip) ? MarksOf(strip) : nullptr, shift_};
  }

  // Ask for memory ahead: what PrefetchBits(node) reads, what BitsOf(node) does, and what saving a
  // row will.
  void PrefetchPlaceOfBits(NodeIndex node) const {
    __builtin_prefetch(first_marks_.data() + table_.layout().StripOf(node));
  }
  void PrefetchBits(NodeIndex node) const {
    const StripIndex strip = table_.layout().StripOf(node);
    if (!NeedsBundles(strip)) return;
    const uint8_t* const marks = MarksOf(strip);
    const uint32_t bytes = (records_[strip].num_groups + 7) / 8;
    for (uint32_t at = 0; at < bytes; at += kLineBytes) __builtin_prefetch(marks + at);
  }
  void PrefetchRows(NodeIndex node, uint32_t bucket) const {
    const StripIndex strip = table_.layout().StripOf(node);
    PrefetchGroup(strip, bucket >> shift_);
  }

  // How much visits of `node` still cost: grows with its visits since Begin(), 0 when no row needs
  // saving any more. No thread may be saving.
  uint32_t Heat(NodeIndex node) const {
    const StripIndex strip = table_.layout().StripOf(node);
    return NeedsBundles(strip) ? records_[strip].groups_saved : 0;
  }

  // Copies the values that `node` had at the moment; none of its rows is saved once all nodes
  // beside it are read as well. No thread may be saving. values: [layout().ValuesOf(node)].
  void Read(NodeIndex node, absl::Span<int32_t> values);

  // Calls visit(first bucket, number of bundles, what they held, as they lie in the table) for each
  // group of the strip's bundles that was saved, in order. No thread may be saving.
  template <typename Visit>
  void ForEachSavedGroup(StripIndex strip, const Visit& visit) const {
    const Record& record = records_[strip];
    if (record.groups_saved == 0) return;
    const uint64_t group_bytes = GroupBytes(table_.layout(), strip);
    const auto num_buckets = static_cast<uint32_t>(table_.layout().BundlesOf(strip));
    const uint32_t* const places = &places_[record.first_place];
    const auto rows_of = [&](uint32_t group) {
      return memory_.data() + uint64_t{places[group]} * kLineBytes;
    };
    // As in Read(), groups lie in the order of their changes: those of the next word of marks are
    // asked for while those of one are visited.
    uint64_t next = MarkWord(strip, 0);
    for (uint32_t first = 0; first < record.num_groups; first += 64) {
      uint64_t marks = next;
      next = MarkWord(strip, first + 64);
      for (uint64_t left = next; left != 0; left &= left - 1) {
        const uint32_t group = first + 64 + std::countr_zero(left);
        const char* const rows = rows_of(group);
        for (uint64_t at = 0; at < group_bytes; at += kLineBytes) __builtin_prefetch(rows + at);
        PrefetchGroup(strip, group);
      }
      for (; marks != 0; marks &= marks - 1) {
        const uint32_t group = first + std::countr_zero(marks);
        const uint32_t bucket = group << shift_;
        visit(bucket, std::min(1u << shift_, num_buckets - bucket), rows_of(group));
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
  // Bundles of a group: 1 << Shift(layout).
  static int Shift(const TableLayout& layout) {
    return std::countr_zero(kGroupRows / static_cast<uint32_t>(layout.lanes()));
  }
  static uint64_t GroupBytes(const TableLayout& layout, StripIndex strip) {
    return uint64_t{layout.RowStep(layout.FirstNodeOf(strip))} << Shift(layout);
  }
  static uint32_t GroupsOf(const TableLayout& layout, StripIndex strip) {
    return static_cast<uint32_t>(((layout.BundlesOf(strip) - 1) >> Shift(layout)) + 1);
  }
  bool NeedsBundles(StripIndex strip) const { return StateOf(strip) != kDone; }
  void PrefetchGroup(StripIndex strip, uint32_t group) const {
    const char* const bundles =
        reinterpret_cast<const char*>(table_.Bundle(strip, group << shift_));
    const uint64_t bytes = GroupBytes(table_.layout(), strip);
    for (uint64_t at = 0; at < bytes; at += kLineBytes) __builtin_prefetch(bundles + at);
  }
  struct alignas(kLineBytes) Line {
    uint8_t bytes[kLineBytes];
  };
  const uint8_t* MarksOf(StripIndex strip) const {
    return reinterpret_cast<const uint8_t*>(marks_.data()) + first_marks_[strip];
  }
  uint8_t* MarksOf(StripIndex strip) {
    return const_cast<uint8_t*>(std::as_const(*this).MarksOf(strip));
  }
  // The marks of a strip's groups from `group` on, a multiple of 64; past the last they are 0.
  uint64_t MarkWord(StripIndex strip, uint32_t group) const {
    const uint32_t num_groups = records_[strip].num_groups;
    if (group >= num_groups) return 0;
    uint64_t word = 0;
    std::memcpy(&word, MarksOf(strip) + group / 8,
                std::min<size_t>(8, (num_groups - group + 7) / 8));
    return word;
  }
  // A thread that sees kDone may change rows without the lock: the acquire load orders it after the
  // threads that saved them.
  uint8_t StateOf(StripIndex strip) const { return states_[strip].load(std::memory_order_acquire); }
  // Where marks of `groups` begin that come after `end` bytes of others, and where they end.
  static std::pair<uint64_t, uint64_t> PlaceMarks(uint64_t end, uint32_t groups);
  static uint64_t RowsBytesMax(const TableLayout& layout, int num_threads);
  bool Lock(StripIndex strip);
  // The bundles of a group as they lie in the table; null where it was not saved.
  const char* SavedGroup(StripIndex strip, uint32_t group) const;

  const Table& table_;  // not owned
  const int shift_;
  HugeArray memory_;
  std::vector<std::atomic<uint8_t>> states_;      // by strip
  std::vector<std::atomic<uint8_t>> nodes_left_;  // by strip: that were not read
  std::vector<uint32_t> first_marks_;             // by strip: in marks_
  std::vector<Line> marks_;
  std::vector<Record> records_;  // by strip
  // By strip and group: where saved groups lie in memory_, in lines.
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
