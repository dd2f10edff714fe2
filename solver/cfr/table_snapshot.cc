#include "solver/cfr/table_snapshot.h"

#include <glog/logging.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint64_t kUnitBytes = sizeof(int32_t);

void CopyValues(const int32_t* from, uint32_t num_values, uint32_t* to) {
  // Rows are short: a loop beats a call.
  for (uint32_t i = 0; i < num_values; ++i) to[i] = static_cast<uint32_t>(from[i]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableSnapshot>> TableSnapshot::Make(const Table& table,
                                                                   int num_threads) {
  ASSIGN_OR_RETURN(HugeArray memory,
                   HugeArray::Reserve(BytesMax(table.layout(), num_threads)));
  return std::unique_ptr<TableSnapshot>(new TableSnapshot(table, std::move(memory), num_threads));
}

uint64_t TableSnapshot::BytesMax(const TableLayout& layout, int num_threads) {
  const uint64_t units = layout.num_values() + layout.num_rows() * (kListUnits + 1);
  // A thread leaves the end of an extent unused when a row does not fit in it, and its last extent.
  const uint64_t extents = units / (kExtentUnits - kExtentUnits / 256) + 1 + num_threads;
  return extents * kExtentUnits * kUnitBytes;
}

TableSnapshot::TableSnapshot(const Table& table, HugeArray memory, int num_threads)
    : table_(table),
      memory_(std::move(memory)),
      lists_(table.layout().num_nodes()),
      states_(table.layout().num_nodes()),
      cursors_(num_threads) {
  uint64_t words = 0;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    first_words_.push_back(words);
    words += (table.layout().NumBuckets(node) + kBitsPerWord - 1) / kBitsPerWord;
  }
  saved_.resize(words);
}

void TableSnapshot::Begin() {
  std::fill(saved_.begin(), saved_.end(), 0);
  std::fill(lists_.begin(), lists_.end(), 0);
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
  if (snapshot->Lock(node)) {
    words_ = snapshot->saved_.data() + snapshot->first_words_[node];
  } else {
    snapshot_ = nullptr;
  }
}

TableSnapshot::Saver::~Saver() {
  if (snapshot_ != nullptr) snapshot_->Unlock(node_);
}

void TableSnapshot::Saver::SaveAll() {
  const uint32_t num_buckets = snapshot_->table_.layout().NumBuckets(node_);
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) Save(bucket);
}

void TableSnapshot::Saver::Append(uint32_t bucket) {
  const uint32_t num_values = snapshot_->table_.layout().ValuesPerRow(node_);
  Cursor& cursor = snapshot_->cursors_[thread_];
  if (cursor.end - cursor.next < kListUnits + 1 + num_values) {
    cursor.next = snapshot_->next_extent_.fetch_add(1, std::memory_order_relaxed) * kExtentUnits;
    cursor.end = cursor.next + kExtentUnits;
    CHECK_LE(cursor.end * kUnitBytes, snapshot_->memory_.bytes());
    ++cursor.next;  // place 0 means "none"
    list_ = nullptr;
  }
  uint32_t* units = snapshot_->units();
  if (list_ == nullptr) {
    list_ = units + cursor.next;
    std::memcpy(list_, &snapshot_->lists_[node_], sizeof(uint64_t));
    list_[2] = 0;
    snapshot_->lists_[node_] = cursor.next;
    cursor.next += kListUnits;
  }
  uint32_t* at = units + cursor.next;
  at[0] = bucket;
  CopyValues(snapshot_->table_.Row(node_, bucket), num_values, at + 1);
  cursor.next += 1 + num_values;
  ++list_[2];
  ++cursor.rows;
}

bool TableSnapshot::SavedRows(NodeIndex node, std::vector<const int32_t*>* rows) const {
  uint64_t place = lists_[node];
  if (place == 0) return false;
  rows->assign(table_.layout().NumBuckets(node), nullptr);
  const uint32_t row_units = 1 + table_.layout().ValuesPerRow(node);
  while (place != 0) {
    const uint32_t* list = units() + place;
    const uint32_t* row = list + kListUnits;
    for (uint32_t i = 0; i < list[2]; ++i, row += row_units) {
      (*rows)[row[0]] = reinterpret_cast<const int32_t*>(row + 1);
    }
    std::memcpy(&place, list, sizeof(uint64_t));
  }
  return true;
}

void TableSnapshot::Read(NodeIndex node, absl::Span<int32_t> values) {
  Lock(node);
  if (SavedRows(node, &rows_)) {
    const uint32_t row_values = table_.layout().ValuesPerRow(node);
    for (uint32_t bucket = 0; bucket < rows_.size(); ++bucket) {
      const int32_t* row = rows_[bucket] != nullptr ? rows_[bucket] : table_.Row(node, bucket);
      std::memcpy(values.data() + uint64_t{bucket} * row_values, row, row_values * kUnitBytes);
    }
  } else {
    table_.CopyOut(node, values);
  }
  states_[node].store(kRead, std::memory_order_release);
}

uint64_t TableSnapshot::saved_rows() const {
  uint64_t rows = 0;
  for (const Cursor& cursor : cursors_) rows += cursor.rows;
  return rows;
}

uint64_t TableSnapshot::saved_bytes() const {
  return next_extent_.load() * kExtentUnits * kUnitBytes;
}

}  // namespace nash
