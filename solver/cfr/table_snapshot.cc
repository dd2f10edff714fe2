#include "solver/cfr/table_snapshot.h"

#include <glog/logging.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint64_t RoundUp(uint64_t value, uint64_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

uint64_t TableSnapshot::RowsBytesMax(const TableLayout& layout, int num_threads) {
  uint64_t bytes = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    bytes += RoundUp(layout.BlockBytes(node), kLineBytes);
  }
  // A thread leaves the end of an extent unused when a group does not fit in it, and its last
  // extent.
  const uint64_t largest = kGroupRows * 2 * kActionsMax * sizeof(int32_t);
  const uint64_t extents = bytes / (kExtentBytes - largest) + 1 + num_threads;
  return extents * kExtentBytes;
}

uint64_t TableSnapshot::BytesMax(const TableLayout& layout, int num_threads) {
  uint64_t bytes = RowsBytesMax(layout, num_threads);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    bytes += RecordLines(layout, node) * kLineBytes + GroupsOf(layout, node) * sizeof(uint32_t) + 1;
  }
  return bytes;
}

absl::StatusOr<std::unique_ptr<TableSnapshot>> TableSnapshot::Make(const Table& table,
                                                                   int num_threads) {
  const uint64_t bytes = RowsBytesMax(table.layout(), num_threads);
  if (bytes / kLineBytes >> 32) {
    return absl::ResourceExhaustedError(
        "a copy of the table would pass 256 GiB: use fewer bet sizes or buckets");
  }
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Reserve(bytes));
  return std::unique_ptr<TableSnapshot>(new TableSnapshot(table, std::move(memory), num_threads));
}

TableSnapshot::TableSnapshot(const Table& table, HugeArray memory, int num_threads)
    : table_(table), memory_(std::move(memory)), cursors_(num_threads) {
  const TableLayout& layout = table.layout();
  uint32_t lines = 0, groups = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    first_lines_.push_back(lines);
    lines += RecordLines(layout, node);
  }
  records_.resize(lines);
  is_read_.resize(layout.num_nodes());
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    new (&records_[first_lines_[node]]) Record{kFree, 0, GroupsOf(layout, node), groups};
    groups += GroupsOf(layout, node);
  }
  places_.resize(groups);
}

void TableSnapshot::Begin() {
  for (NodeIndex node = 0; node < first_lines_.size(); ++node) {
    Record& record = RecordOf(node);
    record.state.store(kFree, std::memory_order_relaxed);
    record.groups_saved = 0;
    std::fill_n(record.bits(), BitBytes(record.num_groups), 0);
  }
  std::fill(is_read_.begin(), is_read_.end(), 0);
  std::fill(cursors_.begin(), cursors_.end(), Cursor{});
  next_extent_.store(0);
}

bool TableSnapshot::Lock(Record* record) {
  for (;;) {
    uint8_t state = kFree;
    if (record->state.compare_exchange_weak(state, kLocked, std::memory_order_acquire)) return true;
    if (state == kRead) return false;
    if (state == kLocked) std::this_thread::yield();  // a list or a block long: microseconds
  }
}

TableSnapshot::Saver::Saver(TableSnapshot* snapshot, NodeIndex node, int thread)
    : snapshot_(snapshot), node_(node), thread_(thread) {
  if (snapshot == nullptr) return;
  record_ = &snapshot->RecordOf(node);
  // Most nodes, soon: a look costs much less than trying to lock.
  if (!snapshot->NeedsRows(node) || !snapshot->Lock(record_)) snapshot_ = nullptr;
}

TableSnapshot::Saver::~Saver() {
  if (snapshot_ == nullptr) return;
  const State state = record_->groups_saved < record_->num_groups ? kFree : kRead;
  record_->state.store(state, std::memory_order_release);
}

void TableSnapshot::Saver::SaveAll() {
  const uint32_t num_buckets = snapshot_->table_.layout().NumBuckets(node_);
  for (uint32_t bucket = 0; bucket < num_buckets; bucket += kGroupRows) Save(bucket);
}

void TableSnapshot::Saver::Append(uint32_t group) {
  const TableLayout& layout = snapshot_->table_.layout();
  const uint32_t first_row = group * kGroupRows;
  const uint32_t num_rows = std::min(kGroupRows, layout.NumBuckets(node_) - first_row);
  const uint64_t bytes = uint64_t{num_rows} * layout.RowBytes(node_);
  Cursor& cursor = snapshot_->cursors_[thread_];
  if (cursor.end - cursor.next < bytes) {
    cursor.next = snapshot_->next_extent_.fetch_add(1, std::memory_order_relaxed) * kExtentBytes;
    cursor.end = cursor.next + kExtentBytes;
    CHECK_LE(cursor.end, snapshot_->memory_.bytes());
  }
  std::memcpy(snapshot_->memory_.data() + cursor.next, snapshot_->table_.Row(node_, first_row),
              bytes);
  snapshot_->places_[record_->first_place + group] =
      static_cast<uint32_t>(cursor.next / kLineBytes);
  cursor.next += RoundUp(bytes, kLineBytes);
  record_->bits()[group / 8] |= 1 << group % 8;
  ++record_->groups_saved;
}

const char* TableSnapshot::SavedGroup(const Record& record, uint32_t group) const {
  if ((record.bits()[group / 8] >> group % 8 & 1) == 0) return nullptr;
  return memory_.data() + uint64_t{places_[record.first_place + group]} * kLineBytes;
}

bool TableSnapshot::SavedRows(NodeIndex node, std::vector<const int32_t*>* rows) const {
  const Record& record = RecordOf(node);
  if (record.groups_saved == 0) return false;
  const TableLayout& layout = table_.layout();
  rows->assign(layout.NumBuckets(node), nullptr);
  for (uint32_t group = 0; group < record.num_groups; ++group) {
    const char* row = SavedGroup(record, group);
    if (row == nullptr) continue;
    const uint32_t end = std::min((group + 1) * kGroupRows, layout.NumBuckets(node));
    for (uint32_t bucket = group * kGroupRows; bucket < end; ++bucket) {
      (*rows)[bucket] = reinterpret_cast<const int32_t*>(row);
      row += layout.RowBytes(node);
    }
  }
  return true;
}

void TableSnapshot::Read(NodeIndex node, absl::Span<int32_t> values) {
  Record& record = RecordOf(node);
  const TableLayout& layout = table_.layout();
  const uint32_t num_buckets = layout.NumBuckets(node);
  const uint64_t group_bytes = uint64_t{kGroupRows} * layout.RowBytes(node);
  const auto rows_of = [&](uint32_t group) {
    const char* const saved = SavedGroup(record, group);
    return saved != nullptr ? saved : table_.Block(node) + group * group_bytes;
  };
  for (uint32_t group = 0; group < record.num_groups; ++group) {
    const uint32_t first_row = group * kGroupRows;
    // The order of groups in memory is that of their changes: no processor guesses it.
    if (group + kGroupsAhead < record.num_groups) {
      const char* const rows = rows_of(group + kGroupsAhead);
      for (uint64_t at = 0; at < group_bytes; at += kLineBytes) __builtin_prefetch(rows + at);
    }
    table_.CopyOutRows(node, rows_of(group), std::min(kGroupRows, num_buckets - first_row),
                       values.data() + uint64_t{first_row} * layout.ValuesPerRow(node));
  }
  record.state.store(kRead, std::memory_order_relaxed);
  is_read_[node] = 1;
}

uint64_t TableSnapshot::saved_bytes() const { return next_extent_.load() * kExtentBytes; }

}  // namespace nash
