// What a coordinator is told at its start.
#ifndef NASHVILLE_SOLVER_COORDINATOR_OPTIONS_H_
#define NASHVILLE_SOLVER_COORDINATOR_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "solver/cfr/options.h"

namespace nash {

// Of a monotonic clock; what it counts from does not matter.
using Nanos = std::chrono::nanoseconds;

struct CoordinatorOptions {
  // The run.
  std::string fingerprint;  // 32 hexadecimal digits
  std::string definition;   // canonical text
  std::vector<BucketFileName> buckets;
  RoundShape shape;
  uint32_t unit_parts_max = 1;  // no unit's delta has more parts
  uint64_t rounds_total = 0;    // then the run is complete
  // One more than that of the coordinator before us on this run folder.
  uint64_t generation = 1;
  // How many times rounds of this run were taken back. What workers made before is worth nothing.
  uint64_t history = 0;

  // A lease lasts this many times the mean time of a unit, within bounds, from when its holder was
  // last heard of. With the longest, a dead worker's units are leased again well within 15 s.
  double lease_factor = 4;
  Nanos lease_min = std::chrono::seconds(3);
  Nanos lease_max = std::chrono::seconds(10);
  // A unit that takes this many times the mean time is leased to an idle worker as well.
  double second_lease_factor = 1.5;
  Nanos second_lease_min = std::chrono::seconds(1);
  // A lease that its holder does not name by then was lost on the way.
  Nanos lease_resend = std::chrono::milliseconds(500);

  // Share of the rounds whose units two workers run each, on purpose; with lag they are meetings.
  // The last of the run is one.
  double audit_fraction = 0;
  // Which rounds those are. Drawn anew by each coordinator: a worker that knew it could give wrong
  // results in all other rounds. No byte of the run depends on it.
  uint64_t audit_secret = 0;
  // An audit is given up when none of the round's second results has come for so long (or for some
  // units' time, if that is longer), or there was no second worker for so long.
  Nanos audit_wait = std::chrono::seconds(60);

  // Limits of what peers can make us hold or do.
  uint32_t members_max = 1024;
  uint32_t fetch_parts_max = 16;
  uint32_t leases_per_member_max = 8;

  // To so many workers the coordinator sends merged rounds itself, and so has every one that passes
  // them on; 0: to all. At most RelayPlace::kChildrenMax.
  uint32_t relay_fanout = 2;

  // Rounds of so many units are added up while they come (section_sums.h), if that leaves at most
  // this share of their bytes. It takes time of threads, for a second coding of the sums: 24% of
  // what a round takes in all with 4 units that change the same rows, 13% with 8, 2% with 64.
  uint32_t units_to_sum = 8;
  double sums_share_max = 0.5;

  Nanos member_silence = std::chrono::seconds(60);  // then it is forgotten and must say Hello
  Nanos reload_pause = std::chrono::seconds(1);     // between two Reloads of one member
  Nanos append_retry = std::chrono::seconds(1);     // while the disk is full
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_OPTIONS_H_
