// Gives units to workers that want some: who holds which lease, for how long, and who is next.
//
// A lease lasts for a few times what units take, which is measured. Thread-compatible. Memory: none
// beside what the open rounds have.
#ifndef NASHVILLE_SOLVER_COORDINATOR_UNIT_LEASER_H_
#define NASHVILLE_SOLVER_COORDINATOR_UNIT_LEASER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "solver/coordinator/counters.h"
#include "solver/coordinator/open_rounds.h"
#include "solver/coordinator/options.h"

namespace nash {

class UnitLeaser {
 public:
  // All outlive us.
  UnitLeaser(const CoordinatorOptions& options, OpenRounds* open, Counters* counters, Nanos now)
      : options_(options), open_(open), counters_(counters), audits_possible_(now) {}

  // Renews what `who` holds, tells again what was lost on the way, leases as many units as it wants
  // and as there are.
  std::vector<Lease> Answer(const std::string& who, const Following& following, Nanos now);
  // `who` has given the whole result of a unit that it may have been leased.
  void NoteResult(OpenRound* round, uint32_t unit, const std::string& who, Nanos now);
  // Leases end, and audits for which there is nobody are waived.
  void OnTick(size_t num_members, Nanos now);
  // How long a lease lasts.
  Nanos LeaseTime() const;

 private:
  void Renew(const std::string& who, const Following& following, Nanos now);
  uint32_t GrantAgain(const std::string& who, const Following& following, uint32_t wanted,
                      Nanos now, std::vector<Lease>* leases);
  Lease LeaseOf(const UnitName& name) const;
  Nanos SlowAfter() const;

  const CoordinatorOptions& options_;
  OpenRounds* const open_;
  Counters* const counters_;
  Nanos mean_unit_time_{0};  // 0: none was measured yet
  Nanos audits_possible_;    // when two members were last there
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_UNIT_LEASER_H_
