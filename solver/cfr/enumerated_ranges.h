// All deals of a game for two players, as vectors over hands: the walk of exact best responses
// (solver/ranges/response_walk.h) with a listener that learns.
//
// Thread-compatible; Run() works on the pool's threads.
#ifndef NASHVILLE_SOLVER_CFR_ENUMERATED_RANGES_H_
#define NASHVILLE_SOLVER_CFR_ENUMERATED_RANGES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "solver/cfr/enumerated_pass.h"
#include "solver/cfr/table_layout.h"
#include "solver/ranges/card_model.h"

namespace nash {

// Actions times hands times boards of one pass, boards told apart by more than the names of suits.
// Infinite where counting them would take longer than is sensible.
double CountEnumeratedSlots(const PublicTree& tree, const CardModel& cards);

// Memory that a pass holds: strategies, sums of each thread, and its walks.
uint64_t EnumeratedRangesBytes(const TableLayout& layout, int num_threads);

// chips_max: the most that a player wins or loses. All must outlive it.
// Error: ResourceExhausted, with what is needed and what there is.
absl::StatusOr<std::unique_ptr<EnumeratedPass>> MakeEnumeratedRanges(const TableLayout& layout,
                                                                     const CardModel& cards,
                                                                     double chips_max,
                                                                     ThreadPool* pool);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ENUMERATED_RANGES_H_
