// A consistent view of the table at one moment, read while training goes on.
//
// Copy on write by node: whoever is about to change a node's block for the first time since the
// moment saves it; the reader takes saved blocks from the copies and the others from the table.
// Nothing stops, and nothing is copied that does not change before it is read. fork() would do the
// same by pages and costs a hundred times more (docs/benchmarks.md).
//
// Threads: BeforeWrite() from any number of threads; Read() from one other thread, nodes in any
// order, each once. Memory: at most the table once more, as blocks are saved; see max_copy_bytes.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
#define NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "solver/cfr/table.h"

namespace nash {

class TableSnapshot {
 public:
  // The moment is now: nobody may be writing. max_copy_bytes: writers wait for the reader when the
  // copies not yet read pass it.
  TableSnapshot(const Table& table, uint64_t max_copy_bytes);
  ~TableSnapshot();

  // To be called before a node's block changes. Cheap once the block is saved or read.
  void BeforeWrite(NodeIndex node) {
    if (states_[node].load(std::memory_order_acquire) != kDone) Save(node);
  }

  // Copies the values that `node` had at the moment. values: [layout().ValuesOf(node)].
  void Read(NodeIndex node, absl::Span<int32_t> values);

  // The reader gives up: nobody needs to save or wait any more.
  void Abandon() { abandoned_.store(true, std::memory_order_relaxed); }

  uint64_t copied_bytes() const { return copied_bytes_.load(std::memory_order_relaxed); }

 private:
  enum State : uint8_t { kUntouched, kBusy, kDone };
  void Save(NodeIndex node);
  bool Claim(NodeIndex node);

  const Table& table_;
  const uint64_t max_copy_bytes_;
  std::vector<std::atomic<uint8_t>> states_;  // by node
  std::vector<std::atomic<char*>> copies_;    // by node; owned, null if never saved
  std::atomic<uint64_t> waiting_bytes_{0};    // copies not yet read
  std::atomic<uint64_t> copied_bytes_{0};
  std::atomic<bool> abandoned_{false};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
