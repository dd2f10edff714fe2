// The scheduled operations of a round's end on rows of eight nodes side by side: what SweepNode()
// (sweep.h) does node by node, with the same result, and a line of memory is read once instead of
// eight times. Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_LANE_SWEEP_H_
#define NASHVILLE_SOLVER_CFR_LANE_SWEEP_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// Applies `end`, that of round `round`, to the rows of `nodes`: all that lie side by side
// (TableLayout::SideBySide()), of players who learn. One thread. checkpoint_log: told before rows
// change, or null. regret_hash: is increased by the rows' part of the hash of all regrets
// (regret_hash.h); or null.
void SweepSideBySide(const TrainingSetup& setup, const RoundEnd& end, uint64_t round,
                     absl::Span<const NodeIndex> nodes, UndoLog* checkpoint_log, int thread,
                     uint64_t* regret_hash);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LANE_SWEEP_H_
