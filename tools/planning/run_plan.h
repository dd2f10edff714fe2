// What a run definition comes to, counted, not measured: infosets by street, memory, disk; and what
// to change where it does not fit.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_RUN_PLAN_H_
#define NASHVILLE_TOOLS_PLANNING_RUN_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/stored/loaded_run.h"
#include "tools/stored/memory_plan.h"

namespace nash {

struct StreetPlan {
  std::string name;
  uint64_t nodes = 0;
  uint64_t buckets = 0;
  uint64_t infosets = 0;
  uint64_t slots = 0;  // actions of infosets
  uint64_t bytes = 0;  // of the table
};

struct RunPlan {
  std::vector<StreetPlan> streets;
  MemoryPlan alone;        // one process that trains
  MemoryPlan coordinator;  // of a cluster
  MemoryPlan worker;       // of a cluster
  uint64_t checkpoint_bytes = 0;
  uint64_t checkpoint_disk_bytes = 0;  // two that are kept, and one that is being written
  std::string remedy;                  // empty where one process fits into this machine

  uint64_t infosets() const;
  uint64_t slots() const;
};

RunPlan PlanRun(const LoadedRun& run, int num_threads);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_RUN_PLAN_H_
