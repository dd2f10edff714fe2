// The delta of a unit: what it changed, without its amplification.
//
// A regret is clamped to [floor, ceiling] as the traverser clamps it; its change since the unit's
// start (line_start.h) is divided by the round's amplification (exactly, unless a clamp cut it:
// then towards zero), and bounded so that the sum over all units of a round never passes int32.
// With one unit a round it is the change itself. Thread-compatible; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_UNIT_DELTA_H_
#define NASHVILLE_SOLVER_CFR_UNIT_DELTA_H_

#include <cstdint>
#include <vector>

#include "common/sparse_delta_codec.h"
#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/line_start.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// The most that one unit may add to one value, so that no sum of a round can pass int32: what a
// border checks. With one unit any regret will do.
struct DeltaLimits {
  uint32_t regret = 0;  // of the magnitude
  uint32_t sum = 0;     // sums never fall
};
DeltaLimits LimitsOfUnit(const CfrOptions& options, const RoundShape& shape);

// What a unit's run gives.
struct UnitDelta {
  uint64_t touches = 0;             // rows visited
  std::vector<EncodedRows> parts;   // both lanes; bundles ascend from part to part
  std::vector<uint32_t> part_ends;  // [sections]: parts before the end of each (delta_sections.h)
};

// Seals the deltas of units of one table: `undo` holds the unit's changed rows as they were.
class UnitSealer {
 public:
  // start: of the same table, at the start of each unit; all outlive us.
  UnitSealer(const CfrOptions& options, const RoundShape& shape, const LineStart* start,
             Table* table, ThreadPool* pool);

  // Writes the parts of the delta of a unit that has just run, and takes the table back.
  void Seal(const UndoLog& undo, UnitDelta* delta) const;

 private:
  std::vector<EncodedRows> SealSection(const UndoLog& undo, size_t section) const;

  const RoundShape shape_;
  const int64_t floor_;
  const int64_t limit_;
  const LineStart* const start_;
  Table* const table_;
  ThreadPool* const pool_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNIT_DELTA_H_
