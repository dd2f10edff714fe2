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

// Calls work(place, thread) once for every place of TableLayout::NodeAt(), on the threads of the
// pool, in about the order in which nodes lie in memory.
template <typename Work>
void ForEachPlace(const TableLayout& layout, ThreadPool* pool, const Work& work) {
  constexpr size_t kPlacesPerTurn = 64;
  const size_t num_places = layout.num_nodes();
  pool->ForEach((num_places + kPlacesPerTurn - 1) / kPlacesPerTurn, [&](size_t i, int thread) {
    const size_t last = std::min(num_places, (i + 1) * kPlacesPerTurn);
    for (size_t place = i * kPlacesPerTurn; place < last; ++place) work(place, thread);
  });
}

// The same with the nodes.
template <typename Work>
void ForEachNode(const TableLayout& layout, ThreadPool* pool, const Work& work) {
  ForEachPlace(layout, pool, [&](size_t place, int thread) { work(layout.NodeAt(place), thread); });
}

// Applies `end`, that of round `round`, to the rows of one node. One thread a node. Returns the
// node's part of the hash of all regrets (regret_hash.h).
uint64_t SweepNode(const TrainingSetup& setup, const RoundEnd& end, uint64_t round, NodeIndex node,
                   UndoLog* checkpoint_log, int thread);

// Applies the end of round `round` (from 0; schedule.h) to the setup's table, if there is anything
// to apply. checkpoint_log: told before rows change, or null. regret_hash: is set to the hash of
// all regrets (regret_hash.h) if the table was changed; or null.
void SweepTable(const TrainingSetup& setup, uint64_t round, UndoLog* checkpoint_log,
                std::atomic<uint64_t>* regret_hash);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_SWEEP_H_
