#include "solver/cfr/table_snapshot.h"

#include <cstring>
#include <thread>
#include <utility>

#include "common/status_macros.h"

namespace nash {

absl::StatusOr<std::unique_ptr<TableSnapshot>> TableSnapshot::Take(const Table& table,
                                                                   uint64_t max_copy_bytes) {
  ASSIGN_OR_RETURN(HugeArray copies, HugeArray::Reserve(table.layout().table_bytes()));
  return std::unique_ptr<TableSnapshot>(
      new TableSnapshot(table, max_copy_bytes, std::move(copies)));
}

TableSnapshot::TableSnapshot(const Table& table, uint64_t max_copy_bytes, HugeArray copies)
    : table_(table),
      max_copy_bytes_(max_copy_bytes),
      copies_(std::move(copies)),
      states_(table.layout().num_nodes()) {}

bool TableSnapshot::Claim(NodeIndex node) {
  uint8_t untouched = kUntouched;
  if (states_[node].compare_exchange_strong(untouched, kBusy, std::memory_order_acquire)) {
    return true;
  }
  // Someone else copies this block right now: microseconds.
  while (states_[node].load(std::memory_order_acquire) != kDone) std::this_thread::yield();
  return false;
}

void TableSnapshot::Save(NodeIndex node) {
  const uint64_t bytes = table_.layout().BlockBytes(node);
  const uint64_t before = copied_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  const auto must_wait = [&] {
    return states_[node].load(std::memory_order_acquire) != kDone &&
           !abandoned_.load(std::memory_order_relaxed);
  };
  if (before + bytes > max_copy_bytes_) {
    copied_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    while (must_wait()) std::this_thread::yield();
    return;
  }
  if (abandoned_.load(std::memory_order_relaxed) || !Claim(node)) {
    copied_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return;
  }
  std::memcpy(CopyOf(node), table_.Block(node), bytes);
  states_[node].store(kDone, std::memory_order_release);
}

void TableSnapshot::Read(NodeIndex node, absl::Span<int32_t> values) {
  if (Claim(node)) {
    table_.CopyOut(node, values);
    states_[node].store(kDone, std::memory_order_release);
    return;
  }
  table_.CopyOutOfBlock(node, CopyOf(node), values);
}

}  // namespace nash
