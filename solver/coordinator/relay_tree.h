// Who passes merged rounds on to whom, so that the coordinator sends each round a few times only.
//
//   fan-out 2; a to d serve others, e and f do not:
//
//   coordinator -+- a -+- c
//                |     +- d
//                +- b -+- e
//                      +- f
//
// The members that can serve come first, each kind by identity: a function of who is there.
// Thread-safe: a pure function.
#ifndef NASHVILLE_SOLVER_COORDINATOR_RELAY_TREE_H_
#define NASHVILLE_SOLVER_COORDINATOR_RELAY_TREE_H_

#include <cstdint>
#include <map>
#include <string>

#include "solver/coordinator/membership.h"

namespace nash {

// A worker that is late by a few rounds catches up and keeps its place: if it lost it, all below it
// would move, and fetch from the coordinator meanwhile.
inline constexpr uint64_t kRelayRoundsBehindMax = 8;

struct RelayRules {
  uint32_t fanout = 0;   // of the coordinator and of each that serves; 0: nobody passes anything on
  uint64_t rounds = 0;   // complete. Who is further behind than kRelayRoundsBehindMax serves nobody
  Nanos heard_since{0};  // nor does who was not heard of since then
};

// The place of every member, by identity; empty where nobody serves. Who finds no other source has
// the coordinator for one: more than `fanout` members only where too few serve.
std::map<std::string, RelayPlace> RelayPlaces(const std::map<std::string, Member>& members,
                                              const RelayRules& rules);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_RELAY_TREE_H_
