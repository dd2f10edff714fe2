#include "solver/cfr/table_snapshot.h"

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint64_t kBitsPerWord = 64;

}  // namespace

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
  saved_rows_.store(0, std::memory_order_relaxed);
  is_active_ = true;
}

bool TableSnapshot::Lock(NodeIndex node) {
  for (;;) {
    uint8_t state = kFree;
    if (states_[node].compare_exchange_weak(state, kLocked, std::memory_order_acquire)) return true;
    if (state == kRead) return false;
    if (state == kLocked) std::this_thread::yield();  // a list or a block long: microseconds
  }
}

bool TableSnapshot::SaveRow(NodeIndex node, const char* row) {
  const uint64_t row_bytes = table_.layout().RowBytes(node);
  const uint64_t bucket = static_cast<uint64_t>(row - table_.Block(node)) / row_bytes;
  uint64_t& word = saved_[first_words_[node] + bucket / kBitsPerWord];
  const uint64_t bit = uint64_t{1} << bucket % kBitsPerWord;
  if (word & bit) return false;
  word |= bit;
  std::memcpy(copies_.data() + (row - table_.Block(0)), row, row_bytes);
  return true;
}

void TableSnapshot::Save(NodeIndex node, absl::Span<int32_t* const> rows) {
  if (states_[node].load(std::memory_order_acquire) == kRead || !Lock(node)) return;
  uint64_t saved = 0;
  for (const int32_t* row : rows) saved += SaveRow(node, reinterpret_cast<const char*>(row));
  Unlock(node, kFree);
  saved_rows_.fetch_add(saved, std::memory_order_relaxed);
}

void TableSnapshot::SaveAll(NodeIndex node) {
  if (!Lock(node)) return;
  const uint32_t num_buckets = table_.layout().NumBuckets(node);
  uint64_t saved = 0;
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
    saved += SaveRow(node, reinterpret_cast<const char*>(table_.Row(node, bucket)));
  }
  Unlock(node, kFree);
  saved_rows_.fetch_add(saved, std::memory_order_relaxed);
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
    if (word >> bucket % kBitsPerWord & 1) row += to_copy;
    std::memcpy(values.data() + bucket * row_values, row, row_values * sizeof(int32_t));
  }
  Unlock(node, kRead);
}

}  // namespace nash
