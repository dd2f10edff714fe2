// What a run will take of the machine's memory, part by part, before it takes it.
#ifndef NASHVILLE_TOOLS_STORED_MEMORY_PLAN_H_
#define NASHVILLE_TOOLS_STORED_MEMORY_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Of a coordinator, for results of units until their round is merged; what is more goes to the run
// folder's disk.
inline constexpr uint64_t kSpoolMemoryBytes = 512 << 20;

// Of a worker, for parts of merged rounds that it passes on to others.
inline constexpr uint64_t kRelayMemoryBytes = 512 << 20;

struct MemoryPlan {
  uint64_t program_bytes = 0;  // before it loads anything
  uint64_t table_bytes = 0;
  uint64_t tree_bytes = 0;
  uint64_t bucket_bytes = 0;      // mapped files: shared, and dropped by the system when it must
  uint64_t traversal_bytes = 0;   // batches of deals, items of walks
  uint64_t undo_bytes = 0;        // of rows that a unit changes, at the most
  uint64_t delta_bytes = 0;       // units' results: an estimate
  uint64_t relay_bytes = 0;       // merged rounds that are passed on: an estimate
  uint64_t worker_bytes = 0;      // tables of workers in this process, with all they need
  uint64_t checkpoint_bytes = 0;  // buffers of a checkpoint's writer, or what the report maps
  uint64_t copy_bytes = 0;        // of rows that change while a checkpoint is written; 0: none fit
  uint64_t available_bytes = 0;   // before the run takes any
  std::string largest_street;     // of the table, as LargestStreet() tells it

  uint64_t total_bytes() const {
    return program_bytes + table_bytes + tree_bytes + bucket_bytes + traversal_bytes + undo_bytes +
           delta_bytes + relay_bytes + worker_bytes + checkpoint_bytes + copy_bytes;
  }
};

// Copies for checkpoints are planned where the rest leaves room for all of them.
struct MemoryUse {
  int threads = 1;              // that train
  bool is_worker = false;       // of a coordinator elsewhere: units are taken back, no checkpoints
  bool is_relay = false;        // and passes merged rounds on to others
  bool is_coordinator = false;  // merges what workers send
  int local_workers = 0;        // in this process, of `threads` each
  uint64_t report_bytes = 0;    // that the report at the end maps
};
MemoryPlan PlanMemory(const LoadedRun& run, const MemoryUse& use);

// What a run leaves to the system and to what the plan forgets: a quarter of what it takes, which
// is how far off an estimate may be, and no more than 256 MiB.
uint64_t BytesLeftAlone(const MemoryPlan& plan);

// A short table, a line each: what it takes in all, then the parts that take anything.
std::vector<std::string> Describe(const MemoryPlan& plan);

// Error: ResourceExhausted when it does not fit, with figures and remedies.
absl::Status CheckFits(const MemoryPlan& plan);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_MEMORY_PLAN_H_
