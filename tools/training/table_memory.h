// The memory of a run's table and of its copies for checkpoints: taken before training begins.
//
// Thread-compatible: one caller; the pool's threads do the work.
#ifndef NASHVILLE_TOOLS_TRAINING_TABLE_MEMORY_H_
#define NASHVILLE_TOOLS_TRAINING_TABLE_MEMORY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"
#include "tools/stored/memory_plan.h"

namespace nash {

// What keeps rows as they were while a checkpoint of `table` is written; it refers to the table.
// Null, with a warning in the log, where the plan has no room for copies. A coordinator has one in
// any case: its table does not change meanwhile, so that nothing is copied.
absl::StatusOr<std::unique_ptr<UndoLog>> MakeCheckpointLog(const Table& table,
                                                           const MemoryPlan& plan,
                                                           bool is_coordinator, int num_threads);

// Takes the pages of the table, and of the copies if the plan has room for any, now and in
// parallel, so that training runs at its rate from the start and through its first checkpoint.
// What takes longer than two seconds is told in the log. checkpoint_log: may be null.
void TakeMemory(const MemoryPlan& plan, ThreadPool* pool, Table* table, UndoLog* checkpoint_log);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_TABLE_MEMORY_H_
