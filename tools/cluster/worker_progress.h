// How far a worker is: in a line for people, and in figures for Prometheus (metric_registry.h).
#ifndef NASHVILLE_TOOLS_CLUSTER_WORKER_PROGRESS_H_
#define NASHVILLE_TOOLS_CLUSTER_WORKER_PROGRESS_H_

#include <cstdint>
#include <string>

#include "proto/messages.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "worker/counters.h"

namespace nash {

// Of a worker since it began.
struct WorkerProgress {
  double seconds = 0;
  uint64_t rounds = 0;  // complete, of the run
  uint64_t units = 0;   // run
  // Of the units that have ended.
  uint64_t touches = 0;
  double waited_seconds = 0;  // for batches to be prepared: for lookups, most of all
  LookupCounts lookups;       // none where no device was taken into use
  uint64_t received_bytes = 0, sent_bytes = 0;  // in frames, of the coordinator and to it
  WorkerTimes times;
};

// "round 12: 34 units run, 36.0M touches/s, lookups waited for 0.4%", rates since `last`; with a
// device also ", 93.0% of deals by the device".
std::string WorkerLine(const WorkerProgress& last, const WorkerProgress& now);

// The same as a line of figures, as metrics.jsonl has them; at `unix_seconds` of the wall clock.
// Rates since `last`; they are left out where no unit has ended since then, but for a minute or
// more.
std::string WorkerFiguresLine(const WorkerProgress& last, const WorkerProgress& now, int threads,
                              const WorkerCounters& counters, double unix_seconds);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_WORKER_PROGRESS_H_
