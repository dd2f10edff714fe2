// The delta of a unit: what it changed, without its amplification.
//
// A regret's change is clamped to [floor, ceiling] as the traverser clamps it, divided by the
// number of units (exactly, unless a clamp cut it: then towards zero), and bounded so that the sum
// over all units of a round never passes int32. With one unit a round it is the change itself.
// Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_UNIT_DELTA_H_
#define NASHVILLE_SOLVER_CFR_UNIT_DELTA_H_

#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"
#include "solver/cfr/table_snapshot.h"

namespace nash {

// The most that one unit may add to one value, so that no sum of a round can pass int32: what a
// border checks. With one unit any regret will do.
struct DeltaLimits {
  uint32_t regret = 0;  // of the magnitude
  uint32_t sum = 0;     // sums never fall
};
DeltaLimits LimitsOfUnit(const CfrOptions& options, const RoundShape& shape);

// Gives the unit's delta, both lanes, in parts, and takes the table back.
void SealUnit(const CfrOptions& options, const RoundShape& shape, const TableSnapshot& undo,
              Table* table, ThreadPool* pool, const PartSink& sink);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNIT_DELTA_H_
