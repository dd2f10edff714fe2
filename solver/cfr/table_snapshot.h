// A consistent view of the table at one moment, read while training goes on.
//
// Copy on write by node: whoever is about to change a node's block for the first time since the
// moment saves it; the reader takes saved blocks from the copies and the others from the table.
// Nothing stops, and nothing is copied that does not change before it is read. fork() would do the
// same by pages, a hundred times slower for scattered writes (docs/benchmarks.md).
//
// Threads: BeforeWrite() from any number of threads; Read() from one other thread, nodes in any
// order, each once. Memory: the table once more at most, as blocks are saved; see max_copy_bytes.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
#define NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/cfr/table.h"

namespace nash {

class TableSnapshot {
 public:
  // The moment is now: nobody may be writing. max_copy_bytes: once copies have taken as much,
  // writers wait until the reader has passed the block that they want to change.
  // Error: ResourceExhausted when the system refuses the address space.
  static absl::StatusOr<std::unique_ptr<TableSnapshot>> Take(const Table& table,
                                                             uint64_t max_copy_bytes);

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
  TableSnapshot(const Table& table, uint64_t max_copy_bytes, HugeArray copies);
  void Save(NodeIndex node);
  bool Claim(NodeIndex node);
  char* CopyOf(NodeIndex node) { return copies_.data() + (table_.Block(node) - table_.Block(0)); }

  const Table& table_;
  const uint64_t max_copy_bytes_;
  HugeArray copies_;  // blocks at the places they have in the table; pages come as they are used
  std::vector<std::atomic<uint8_t>> states_;  // by node
  std::atomic<uint64_t> copied_bytes_{0};
  std::atomic<bool> abandoned_{false};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SNAPSHOT_H_
