// The scheduled operations of a round's end on rows of eight nodes side by side: what sweep.cc does
// row by row where there are no lanes, with the same result, and a line of memory is read once
// instead of eight times. Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_LANE_SWEEP_H_
#define NASHVILLE_SOLVER_CFR_LANE_SWEEP_H_

#include <cstdint>

#include "solver/cfr/schedule.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// As SweepStrip() (sweep.h), where there are lanes; all players learn.
void SweepSideBySide(const TrainingSetup& setup, const RoundEnd& end, uint64_t round,
                     StripIndex strip, UndoLog* checkpoint_log, int thread, uint64_t* regret_hash);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LANE_SWEEP_H_
