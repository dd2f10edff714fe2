// What a worker has done, for people, metrics and tests. Since its start.
#ifndef NASHVILLE_WORKER_COUNTERS_H_
#define NASHVILLE_WORKER_COUNTERS_H_

#include <cstdint>

namespace nash {

struct WorkerCounters {
  uint64_t units_run = 0;
  uint64_t units_abandoned = 0;
  uint64_t rounds_followed = 0;
  uint64_t tables_loaded = 0;
  uint64_t divergences = 0;    // its regrets were not the coordinator's
  uint64_t parts_refused = 0;  // that came, and were not what they should be
  uint64_t joins = 0;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_COUNTERS_H_
