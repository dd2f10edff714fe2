// The scheduled operations of a round's end, on all rows. Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_SWEEP_H_
#define NASHVILLE_SOLVER_CFR_SWEEP_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "common/thread_pool.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/table.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// Calls work(strip, thread) once for every strip, on the threads of the pool, in about the order in
// which they lie in memory.
template <typename Work>
void ForEachStrip(const TableLayout& layout, ThreadPool* pool, const Work& work) {
  const size_t strips_per_turn = size_t{64} / layout.lanes();
  const size_t num_strips = layout.num_strips();
  pool->ForEach((num_strips + strips_per_turn - 1) / strips_per_turn, [&](size_t i, int thread) {
    const size_t last = std::min(num_strips, (i + 1) * strips_per_turn);
    for (size_t strip = i * strips_per_turn; strip < last; ++strip) {
      work(static_cast<StripIndex>(strip), thread);
    }
  });
}

// Applies `end`, that of round `round`, to the rows of one strip. One thread a strip.
// checkpoint_log: told before rows change, or null. regret_hash: is increased by the strip's part
// of the hash of all regrets (regret_hash.h); or null.
void SweepStrip(const TrainingSetup& setup, const RoundEnd& end, uint64_t round, StripIndex strip,
                UndoLog* checkpoint_log, int thread, uint64_t* regret_hash);

// Applies the end of round `round` (from 0; schedule.h) to the setup's table, if there is anything
// to apply. checkpoint_log: told before rows change, or null. regret_hash: is set to the hash of
// all regrets (regret_hash.h) if the table was changed; or null.
void SweepTable(const TrainingSetup& setup, uint64_t round, UndoLog* checkpoint_log,
                std::atomic<uint64_t>* regret_hash);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_SWEEP_H_
