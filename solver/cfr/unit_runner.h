// Runs units of work: batches in sequence on a replica of the table, as if the round's other units
// did the same.
//
// While a unit runs, its own regret changes are added multiplied by the number of units of a round
// (docs/determinism.md: without this, units that run side by side overshoot together). At its end
// the rows' old values, kept aside at their first change, give the delta (what changed, divided by
// the amplification) and take the table back. So a unit's delta is a pure function of the table,
// the round and the unit's number. Thread-compatible; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_UNIT_RUNNER_H_
#define NASHVILLE_SOLVER_CFR_UNIT_RUNNER_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "solver/cfr/round_merger.h"
#include "solver/game/deal.h"

namespace nash {

class UnitRunner {
 public:
  struct Setup {
    CfrOptions options;
    RoundShape shape;
    uint64_t seed = 0;
    Table* table = nullptr;              // not owned
    const DealSource* source = nullptr;  // not owned
    ThreadPool* pool = nullptr;          // not owned
  };
  // Error: InvalidArgument where values could overflow or the shape is impossible (CheckSchedule).
  static absl::StatusOr<std::unique_ptr<UnitRunner>> Make(const Setup& setup);
  virtual ~UnitRunner() = default;

  // Runs unit `unit` of the round that follows `rounds` complete ones, gives its delta (both lanes)
  // in parts, and leaves the table as it was. Returns the rows visited; 0 when `abandon` was set
  // meanwhile: then the table is as it was and nothing, or only some parts, were given.
  virtual uint64_t Run(uint64_t rounds, uint32_t unit, const std::atomic<bool>& abandon,
                       const PartSink& sink) = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNIT_RUNNER_H_
