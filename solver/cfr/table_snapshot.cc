#include "solver/cfr/table_snapshot.h"

#include <cstring>
#include <thread>

namespace nash {

TableSnapshot::TableSnapshot(const Table& table, uint64_t max_copy_bytes)
    : table_(table),
      max_copy_bytes_(max_copy_bytes),
      states_(table.layout().num_nodes()),
      copies_(table.layout().num_nodes()) {}

TableSnapshot::~TableSnapshot() {
  for (std::atomic<char*>& copy : copies_) delete[] copy.load(std::memory_order_relaxed);
}

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
  while (waiting_bytes_.load(std::memory_order_relaxed) + bytes > max_copy_bytes_ &&
         states_[node].load(std::memory_order_acquire) == kUntouched &&
         !abandoned_.load(std::memory_order_relaxed)) {
    std::this_thread::yield();
  }
  if (abandoned_.load(std::memory_order_relaxed)) return;
  if (!Claim(node)) return;
  char* copy = new char[bytes];
  std::memcpy(copy, table_.Block(node), bytes);
  copies_[node].store(copy, std::memory_order_relaxed);
  waiting_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  copied_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  states_[node].store(kDone, std::memory_order_release);
}

void TableSnapshot::Read(NodeIndex node, absl::Span<int32_t> values) {
  if (Claim(node)) {
    table_.CopyOut(node, values);
    states_[node].store(kDone, std::memory_order_release);
    return;
  }
  char* copy = copies_[node].exchange(nullptr, std::memory_order_relaxed);
  table_.CopyOutOfBlock(node, copy, values);
  delete[] copy;
  waiting_bytes_.fetch_sub(table_.layout().BlockBytes(node), std::memory_order_relaxed);
}

}  // namespace nash
