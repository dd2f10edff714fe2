#include "solver/cfr/table_snapshot.h"

#include <glog/logging.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {

absl::StatusOr<std::unique_ptr<TableSnapshot>> TableSnapshot::Make(const Table& table,
                                                                   int num_threads) {
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Reserve(BytesMax(table.layout(), num_threads)));
  return std::unique_ptr<TableSnapshot>(new TableSnapshot(table, std::move(memory), num_threads));
}

uint64_t TableSnapshot::BytesMax(const TableLayout& layout, int num_threads) {
  uint64_t bytes = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint64_t groups = (layout.NumBuckets(node) + kGroupRows - 1) / kGroupRows;
    bytes += groups * sizeof(GroupHeader) + layout.BlockBytes(node);
  }
  // A thread leaves the end of an extent unused when a group does not fit in it, and its last
  // extent.
  const uint64_t largest = sizeof(GroupHeader) + kGroupRows * 2 * kActionsMax * sizeof(int32_t);
  const uint64_t extents = bytes / (kExtentBytes - largest) + 1 + num_threads;
  return extents * kExtentBytes;
}

TableSnapshot::TableSnapshot(const Table& table, HugeArray memory, int num_threads)
    : table_(table),
      memory_(std::move(memory)),
      groups_(table.layout().num_nodes()),
      groups_left_(table.layout().num_nodes()),
      states_(table.layout().num_nodes()),
      cursors_(num_threads) {
  uint32_t flags = 0;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    first_flags_.push_back(flags);
    flags += (table.layout().NumBuckets(node) + 8 * kGroupRows - 1) / (8 * kGroupRows);
  }
  flags_.resize(flags);
}

void TableSnapshot::Begin() {
  std::fill(flags_.begin(), flags_.end(), 0);
  std::fill(groups_.begin(), groups_.end(), 0);
  for (NodeIndex node = 0; node < groups_left_.size(); ++node) {
    groups_left_[node] = (table_.layout().NumBuckets(node) + kGroupRows - 1) / kGroupRows;
  }
  for (std::atomic<uint8_t>& state : states_) state.store(kFree, std::memory_order_relaxed);
  std::fill(cursors_.begin(), cursors_.end(), Cursor{});
  next_extent_.store(0);
}

bool TableSnapshot::Lock(NodeIndex node) {
  for (;;) {
    uint8_t state = kFree;
    if (states_[node].compare_exchange_weak(state, kLocked, std::memory_order_acquire)) return true;
    if (state == kRead) return false;
    if (state == kLocked) std::this_thread::yield();  // a list or a block long: microseconds
  }
}

TableSnapshot::Saver::Saver(TableSnapshot* snapshot, NodeIndex node, int thread)
    : snapshot_(snapshot), node_(node), thread_(thread) {
  if (snapshot == nullptr) return;
  // Most nodes, soon: a look costs much less than trying to lock.
  if (snapshot->NeedsRows(node) && snapshot->Lock(node)) {
    flags_ = snapshot->flags_.data() + snapshot->first_flags_[node];
  } else {
    snapshot_ = nullptr;
  }
}

TableSnapshot::Saver::~Saver() {
  if (snapshot_ == nullptr) return;
  const State state = snapshot_->groups_left_[node_] > 0 ? kFree : kRead;
  snapshot_->states_[node_].store(state, std::memory_order_release);
}

void TableSnapshot::Saver::SaveAll() {
  const uint32_t num_buckets = snapshot_->table_.layout().NumBuckets(node_);
  for (uint32_t bucket = 0; bucket < num_buckets; bucket += kGroupRows) Save(bucket);
}

void TableSnapshot::Saver::Append(uint32_t group) {
  const TableLayout& layout = snapshot_->table_.layout();
  const uint32_t first_row = group * kGroupRows;
  const GroupHeader header = {snapshot_->groups_[node_], group,
                              std::min(kGroupRows, layout.NumBuckets(node_) - first_row)};
  const uint64_t rows_bytes = uint64_t{header.num_rows} * layout.RowBytes(node_);
  Cursor& cursor = snapshot_->cursors_[thread_];
  if (cursor.end - cursor.next < sizeof(header) + rows_bytes) {
    cursor.next = snapshot_->next_extent_.fetch_add(1, std::memory_order_relaxed) * kExtentBytes;
    cursor.end = cursor.next + kExtentBytes;
    CHECK_LE(cursor.end, snapshot_->memory_.bytes());
    cursor.next += sizeof(header);  // place 0 means "none"
  }
  char* place = snapshot_->memory_.data() + cursor.next;
  std::memcpy(place, &header, sizeof(header));
  std::memcpy(place + sizeof(header), snapshot_->table_.Row(node_, first_row), rows_bytes);
  snapshot_->groups_[node_] = cursor.next;
  cursor.next += sizeof(header) + rows_bytes;
  --snapshot_->groups_left_[node_];
}

bool TableSnapshot::SavedRows(NodeIndex node, std::vector<const int32_t*>* rows) const {
  uint64_t place = groups_[node];
  if (place == 0) return false;
  const TableLayout& layout = table_.layout();
  rows->assign(layout.NumBuckets(node), nullptr);
  while (place != 0) {
    GroupHeader header;
    std::memcpy(&header, memory_.data() + place, sizeof(header));
    const char* row = memory_.data() + place + sizeof(header);
    for (uint32_t i = 0; i < header.num_rows; ++i, row += layout.RowBytes(node)) {
      (*rows)[header.group * kGroupRows + i] = reinterpret_cast<const int32_t*>(row);
    }
    place = header.previous;
  }
  return true;
}

void TableSnapshot::Read(NodeIndex node, absl::Span<int32_t> values) {
  thread_local std::vector<const int32_t*> rows;
  if (SavedRows(node, &rows)) {
    const uint32_t row_values = table_.layout().ValuesPerRow(node);
    for (uint32_t bucket = 0; bucket < rows.size(); ++bucket) {
      const int32_t* row = rows[bucket] != nullptr ? rows[bucket] : table_.Row(node, bucket);
      std::memcpy(values.data() + uint64_t{bucket} * row_values, row, row_values * sizeof(int32_t));
    }
  } else {
    table_.CopyOut(node, values);
  }
  states_[node].store(kRead, std::memory_order_relaxed);
}

uint64_t TableSnapshot::saved_bytes() const { return next_extent_.load() * kExtentBytes; }

}  // namespace nash
