#include "tools/training/table_memory.h"

#include <glog/logging.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace nash {

absl::StatusOr<std::unique_ptr<UndoLog>> MakeCheckpointLog(const Table& table,
                                                           const MemoryPlan& plan,
                                                           bool is_coordinator, int num_threads) {
  if (plan.copy_bytes > 0 || is_coordinator) return UndoLog::Make(table, num_threads);
  LOG(WARNING) << "warning: no memory for copies: training waits while a checkpoint is written";
  return nullptr;
}

void TakeMemory(const MemoryPlan& plan, ThreadPool* pool, Table* table, UndoLog* checkpoint_log) {
  // A coordinator's log is never written to: its pages would be taken for nothing.
  if (plan.copy_bytes == 0) checkpoint_log = nullptr;
  // Few enough parts that a step of the pool costs nothing beside the pages that it takes.
  constexpr size_t kBytesPerPart = 64 << 20;
  const uint64_t bytes = table->layout().table_bytes();
  const size_t num_parts = bytes / kBytesPerPart + 1;
  const auto start = std::chrono::steady_clock::now();
  pool->ForEach(num_parts, [&](size_t part, int) {
    table->TakePages(part, num_parts);
    if (checkpoint_log != nullptr) checkpoint_log->TakePages(part, num_parts);
  });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (seconds.count() > 2) {
    LOG(INFO) << absl::StrFormat("memory: %.2f GB taken in %.1f s",
                                 bytes * (checkpoint_log != nullptr ? 2 : 1) / 1e9,
                                 seconds.count());
  }
}

}  // namespace nash
