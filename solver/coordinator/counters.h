// What a coordinator has seen, for metrics and tests. Since its start.
#ifndef NASHVILLE_SOLVER_COORDINATOR_COUNTERS_H_
#define NASHVILLE_SOLVER_COORDINATOR_COUNTERS_H_

#include <cstdint>

namespace nash {

struct Counters {
  uint64_t parts_taken = 0;
  uint64_t part_bytes_taken = 0;  // as encoded: what workers' deltas came to
  uint64_t parts_repeated = 0;    // equal to what had come
  uint64_t parts_late = 0;        // of rounds that are merged
  uint64_t sections_summed = 0;   // before all of their round had come
  uint64_t units_done = 0;
  uint64_t leases_granted = 0;
  uint64_t leases_second = 0;  // of units that another worker ran already
  uint64_t leases_resent = 0;
  uint64_t leases_expired = 0;
  uint64_t rounds_audited = 0;
  uint64_t audits_waived = 0;  // units whose second result never came
  uint64_t rolled_back = 0;
  uint64_t rounds_taken_back = 0;  // merged before, and cut from the log
  uint64_t disputes = 0;           // results that contradicted each other
  uint64_t quarantined = 0;
  uint64_t malformed = 0;
  uint64_t refused = 0;
  uint64_t superseded = 0;
  uint64_t divergences = 0;  // members whose regrets were not ours
  uint64_t reloads = 0;      // for any reason
  uint64_t appends_failed = 0;
  uint64_t parts_unkept = 0;  // for want of room on the disk; they come again

  // Calls visit(name, value) for each, in order: for metrics.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    visit("parts_taken", parts_taken);
    visit("part_bytes_taken", part_bytes_taken);
    visit("parts_repeated", parts_repeated);
    visit("parts_late", parts_late);
    visit("sections_summed", sections_summed);
    visit("units_done", units_done);
    visit("leases_granted", leases_granted);
    visit("leases_second", leases_second);
    visit("leases_resent", leases_resent);
    visit("leases_expired", leases_expired);
    visit("rounds_audited", rounds_audited);
    visit("audits_waived", audits_waived);
    visit("rolled_back", rolled_back);
    visit("rounds_taken_back", rounds_taken_back);
    visit("disputes", disputes);
    visit("quarantined", quarantined);
    visit("malformed", malformed);
    visit("refused", refused);
    visit("superseded", superseded);
    visit("divergences", divergences);
    visit("reloads", reloads);
    visit("appends_failed", appends_failed);
    visit("parts_unkept", parts_unkept);
  }
  Counters& operator+=(const Counters& other) {
    parts_taken += other.parts_taken;
    part_bytes_taken += other.part_bytes_taken;
    parts_repeated += other.parts_repeated;
    parts_late += other.parts_late;
    sections_summed += other.sections_summed;
    units_done += other.units_done;
    leases_granted += other.leases_granted;
    leases_second += other.leases_second;
    leases_resent += other.leases_resent;
    leases_expired += other.leases_expired;
    rounds_audited += other.rounds_audited;
    audits_waived += other.audits_waived;
    rolled_back += other.rolled_back;
    rounds_taken_back += other.rounds_taken_back;
    disputes += other.disputes;
    quarantined += other.quarantined;
    malformed += other.malformed;
    refused += other.refused;
    superseded += other.superseded;
    divergences += other.divergences;
    reloads += other.reloads;
    appends_failed += other.appends_failed;
    parts_unkept += other.parts_unkept;
    return *this;
  }
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_COUNTERS_H_
