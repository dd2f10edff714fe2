// What a coordinator has seen, for metrics and tests. Since its start.
#ifndef NASHVILLE_SOLVER_COORDINATOR_COUNTERS_H_
#define NASHVILLE_SOLVER_COORDINATOR_COUNTERS_H_

#include <cstdint>

namespace nash {

struct Counters {
  uint64_t parts_merged = 0;
  uint64_t parts_repeated = 0;  // equal to what had come
  uint64_t parts_late = 0;      // of rounds that are merged
  uint64_t units_done = 0;
  uint64_t leases_granted = 0;
  uint64_t leases_second = 0;  // of units that another worker ran already
  uint64_t leases_resent = 0;
  uint64_t leases_expired = 0;
  uint64_t audits_waived = 0;
  uint64_t rolled_back = 0;
  uint64_t quarantined = 0;
  uint64_t malformed = 0;
  uint64_t refused = 0;
  uint64_t superseded = 0;
  uint64_t divergences = 0;  // members whose regrets were not ours
  uint64_t reloads = 0;      // for any reason
  uint64_t appends_failed = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_COUNTERS_H_
