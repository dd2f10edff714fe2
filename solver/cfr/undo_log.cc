// States of a strip, and who moves it:
//
//            Saver()              ~Saver(), all groups saved
//   kFree  ---------->  kLocked  ---------------------------->  kDone  <---  Read() of its last
//   node
//     ^                    |
//     +--------------------+  ~Saver(), some groups still to save
//
// kDone is final until Begin(). A thread that sees it, by an acquire load, changes rows of the
// strip without the lock: the release store that wrote it came after all copies. A thread that sees
// another state takes the lock for as long as it saves rows of the strip.
//
// Where a group lies: marks_ has a bit for each group of a strip (first_marks_[strip] is its first
// byte), and places_[first_place + group] says where its copy is, in lines of memory_. Copies are
// appended to extents, each of one thread, so that threads meet only at the counter of extents;
// they lie in the order in which rows first changed, which no prefetcher guesses (see Read()).
//
// One object holds one moment at a time: Begin() drops what was saved for the one before.
// tests/cfr/trainer_test.cc reads the moment after all rows have changed, and while training goes
// on.
#include "solver/cfr/undo_log.h"

#include <glog/logging.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint64_t RoundUp(uint64_t value, uint64_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

uint64_t UndoLog::RowsBytesMax(const TableLayout& layout, int num_threads) {
  uint64_t bytes = 0;
  for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
    bytes += GroupsOf(layout, strip) * RoundUp(GroupBytes(layout, strip), kLineBytes);
  }
  // A thread leaves the end of an extent unused when a group does not fit in it, and its last
  // extent.
  const uint64_t largest = kGroupRows * 2 * kActionsMax * sizeof(int32_t);
  const uint64_t extents = bytes / (kExtentBytes - largest) + 1 + num_threads;
  return extents * kExtentBytes;
}

uint64_t UndoLog::BytesMax(const TableLayout& layout, int num_threads) {
  uint64_t bytes = RowsBytesMax(layout, num_threads);
  uint64_t marks_end = 0;
  for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
    const uint32_t groups = GroupsOf(layout, strip);
    marks_end = PlaceMarks(marks_end, groups).second;
    bytes += sizeof(Record) + sizeof(uint32_t) + 2 + groups * sizeof(uint32_t);
  }
  return bytes + RoundUp(marks_end, kLineBytes);
}

std::pair<uint64_t, uint64_t> UndoLog::PlaceMarks(uint64_t end, uint32_t groups) {
  const uint64_t bytes = (groups + 7) / 8;
  const uint64_t begin = end % kLineBytes + bytes <= kLineBytes ? end : RoundUp(end, kLineBytes);
  return {begin, begin + bytes};
}

absl::StatusOr<std::unique_ptr<UndoLog>> UndoLog::Make(const Table& table, int num_threads) {
  const uint64_t bytes = RowsBytesMax(table.layout(), num_threads);
  if (bytes / kLineBytes >> 32) {
    return absl::ResourceExhaustedError(
        "a copy of the table would pass 256 GiB: use fewer bet sizes or buckets");
  }
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Reserve(bytes));
  return std::unique_ptr<UndoLog>(new UndoLog(table, std::move(memory), num_threads));
}

UndoLog::UndoLog(const Table& table, HugeArray memory, int num_threads)
    : table_(table),
      shift_(Shift(table.layout())),
      memory_(std::move(memory)),
      states_(table.layout().num_strips()),
      nodes_left_(table.layout().num_strips()),
      cursors_(num_threads) {
  const TableLayout& layout = table.layout();
  uint64_t marks_end = 0;
  uint32_t groups = 0;
  for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
    const uint32_t num_groups = GroupsOf(layout, strip);
    const auto [begin, end] = PlaceMarks(marks_end, num_groups);
    first_marks_.push_back(static_cast<uint32_t>(begin));
    marks_end = end;
    records_.push_back({.num_groups = num_groups, .first_place = groups});
    groups += num_groups;
  }
  marks_.resize(RoundUp(marks_end, kLineBytes) / kLineBytes);
  places_.resize(groups);
}

void UndoLog::Begin() {
  for (std::atomic<uint8_t>& state : states_) state.store(kFree, std::memory_order_relaxed);
  for (StripIndex strip = 0; strip < records_.size(); ++strip) {
    records_[strip].groups_saved = 0;
    nodes_left_[strip].store(static_cast<uint8_t>(table_.layout().NumNodesOf(strip)),
                             std::memory_order_relaxed);
  }
  std::fill(marks_.begin(), marks_.end(), Line{});
  std::fill(cursors_.begin(), cursors_.end(), Cursor{});
  next_extent_.store(0);
}

bool UndoLog::Lock(StripIndex strip) {
  for (;;) {
    uint8_t state = kFree;
    if (states_[strip].compare_exchange_weak(state, kLocked, std::memory_order_acquire))
      return true;
    if (state == kDone) return false;
    if (state == kLocked) std::this_thread::yield();  // a list or a block long: microseconds
  }
}

UndoLog::Saver::Saver(UndoLog* log, NodeIndex node, int thread) : log_(log), thread_(thread) {
  if (log == nullptr) return;
  strip_ = log->table_.layout().StripOf(node);
  shift_ = log->shift_;
  marks_ = log->MarksOf(strip_);
  // Most strips, soon: a look costs much less than trying to lock.
  if (!log->NeedsBundles(strip_) || !log->Lock(strip_)) log_ = nullptr;
}

UndoLog::Saver::~Saver() {
  if (log_ == nullptr) return;
  const Record& record = log_->records_[strip_];
  const State state = record.groups_saved < record.num_groups ? kFree : kDone;
  log_->states_[strip_].store(state, std::memory_order_release);
}

void UndoLog::Saver::Append(uint32_t group) {
  const TableLayout& layout = log_->table_.layout();
  const NodeIndex node = layout.FirstNodeOf(strip_);
  const uint32_t first = group << shift_;
  const uint32_t num_bundles = std::min(1u << shift_, layout.NumBuckets(node) - first);
  const uint64_t bytes = uint64_t{num_bundles} * layout.RowStep(node);
  Cursor& cursor = log_->cursors_[thread_];
  if (cursor.end - cursor.next < bytes) {
    cursor.next = log_->next_extent_.fetch_add(1, std::memory_order_relaxed) * kExtentBytes;
    cursor.end = cursor.next + kExtentBytes;
    CHECK_LE(cursor.end, log_->memory_.bytes());  // RowsBytesMax() counts what is left unused
  }
  std::memcpy(log_->memory_.data() + cursor.next, log_->table_.Row(node, first), bytes);
  Record& record = log_->records_[strip_];
  log_->places_[record.first_place + group] = static_cast<uint32_t>(cursor.next / kLineBytes);
  cursor.next += RoundUp(bytes, kLineBytes);
  marks_[group / 8] |= 1 << group % 8;
  ++record.groups_saved;
}

const char* UndoLog::SavedGroup(StripIndex strip, uint32_t group) const {
  if ((MarksOf(strip)[group / 8] >> group % 8 & 1) == 0) return nullptr;
  return memory_.data() + uint64_t{places_[records_[strip].first_place + group]} * kLineBytes;
}

void UndoLog::Read(NodeIndex node, absl::Span<int32_t> values) {
  const TableLayout& layout = table_.layout();
  const StripIndex strip = layout.StripOf(node);
  const uint32_t num_groups = records_[strip].num_groups;
  const uint32_t num_buckets = layout.NumBuckets(node);
  const uint64_t group_bytes = GroupBytes(layout, strip);
  for (uint32_t group = 0; group < num_groups; ++group) {
    const uint32_t first_row = group << shift_;
    // The order of groups in memory is that of their changes: no processor guesses it.
    if (group + kGroupsAhead < num_groups) {
      const uint32_t ahead = group + kGroupsAhead;
      const char* const saved = SavedGroup(strip, ahead);
      const char* const rows =
          saved != nullptr ? saved
                           : reinterpret_cast<const char*>(table_.Bundle(strip, ahead << shift_));
      for (uint64_t at = 0; at < group_bytes; at += kLineBytes) __builtin_prefetch(rows + at);
    }
    const uint32_t num_rows = std::min(1u << shift_, num_buckets - first_row);
    int32_t* const to = values.data() + uint64_t{first_row} * layout.ValuesPerRow(node);
    if (const char* const saved = SavedGroup(strip, group)) {
      table_.CopyOutFrom(node, saved + layout.LaneOf(node) * sizeof(int32_t), num_rows, to);
    } else {
      table_.CopyOutRows(node, first_row, num_rows, to);
    }
  }
  // Relaxed: no thread saves or changes rows while nodes are read, and the pool's next phase orders
  // this before all that do.
  if (nodes_left_[strip].fetch_sub(1, std::memory_order_relaxed) == 1) {
    states_[strip].store(kDone, std::memory_order_relaxed);
  }
}

uint64_t UndoLog::saved_bytes() const { return next_extent_.load() * kExtentBytes; }

}  // namespace nash
