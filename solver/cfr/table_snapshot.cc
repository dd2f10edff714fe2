#include "solver/cfr/table_snapshot.h"

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {

absl::StatusOr<std::unique_ptr<TableSnapshot>> TableSnapshot::Make(const Table& table) {
  ASSIGN_OR_RETURN(HugeArray copies, HugeArray::Reserve(table.layout().table_bytes()));
  return std::unique_ptr<TableSnapshot>(new TableSnapshot(table, std::move(copies)));
}

uint64_t TableSnapshot::BytesMax(const TableLayout& layout) {
  return layout.table_bytes() + layout.num_rows() / 8 + 17 * uint64_t{layout.num_nodes()};
}

TableSnapshot::TableSnapshot(const Table& table, HugeArray copies)
    : table_(table), copies_(std::move(copies)), states_(table.layout().num_nodes()) {
  uint64_t words = 0;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    first_words_.push_back(words);
    words += (table.layout().NumBuckets(node) + kBitsPerWord - 1) / kBitsPerWord;
  }
  saved_.resize(words);
}

void TableSnapshot::Begin() {
  std::fill(saved_.begin(), saved_.end(), 0);
  for (std::atomic<uint8_t>& state : states_) state.store(kFree, std::memory_order_relaxed);
  saved_rows_ = 0;
}

bool TableSnapshot::Lock(NodeIndex node) {
  for (;;) {
    uint8_t state = kFree;
    if (states_[node].compare_exchange_weak(state, kLocked, std::memory_order_acquire)) return true;
    if (state == kRead) return false;
    if (state == kLocked) std::this_thread::yield();  // a list or a block long: microseconds
  }
}

void TableSnapshot::CopyRow(NodeIndex node, uint32_t bucket) {
  const char* row = reinterpret_cast<const char*>(table_.Row(node, bucket));
  char* copy = copies_.data() + (row - table_.Block(0));
  // Rows are whole words (table_layout.cc) and mostly short: a loop beats a call.
  for (uint32_t at = 0; at < table_.layout().RowBytes(node); at += sizeof(uint64_t)) {
    std::memcpy(copy + at, row + at, sizeof(uint64_t));
  }
}

void TableSnapshot::SaveAll(NodeIndex node) {
  if (!Lock(node)) return;
  for (uint32_t bucket = 0; bucket < table_.layout().NumBuckets(node); ++bucket) {
    SaveLocked(node, bucket);
  }
  Unlock(node);
}

void TableSnapshot::Read(NodeIndex node, absl::Span<int32_t> values) {
  Lock(node);
  const TableLayout& layout = table_.layout();
  const size_t row_values = layout.ValuesPerRow(node);
  const uint32_t num_buckets = layout.NumBuckets(node);
  const ptrdiff_t to_copy = copies_.data() - table_.Block(0);
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
    const char* row = reinterpret_cast<const char*>(table_.Row(node, bucket));
    const uint64_t word = saved_[first_words_[node] + bucket / kBitsPerWord];
    if (word >> bucket % kBitsPerWord & 1) {
      row += to_copy;
      ++saved_rows_;
    }
    std::memcpy(values.data() + bucket * row_values, row, row_values * sizeof(int32_t));
  }
  states_[node].store(kRead, std::memory_order_release);
}

}  // namespace nash
