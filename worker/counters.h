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
  // Parts of merged rounds, as encoded: given to other workers, got from one.
  uint64_t relay_served_bytes = 0;
  uint64_t relay_fetched_bytes = 0;
  uint64_t early_parts = 0;      // applied while the coordinator still merged their round
  uint64_t relay_fallbacks = 0;  // parts that the coordinator was asked for in place of a worker
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_COUNTERS_H_
