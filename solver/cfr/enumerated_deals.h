// All deals of a small game, one after the other, for any number of players.
//
// Thread-compatible; Run() works on the pool's threads.
#ifndef NASHVILLE_SOLVER_CFR_ENUMERATED_DEALS_H_
#define NASHVILLE_SOLVER_CFR_ENUMERATED_DEALS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "solver/cfr/enumerated_pass.h"
#include "solver/cfr/table_layout.h"
#include "solver/ranges/card_model.h"

namespace nash {

// Deals times decisions of one pass.
double CountEnumeratedVisits(const PublicTree& tree);

// Memory that a pass holds: strategies, sums of each thread, and the buckets of all hands on all
// boards.
uint64_t EnumeratedDealsBytes(const TableLayout& layout, int num_threads);

// chips_max: the most that a player wins or loses. All must outlive it. Needs hands of one or two
// cards. Error: ResourceExhausted, with what is needed and what there is.
absl::StatusOr<std::unique_ptr<EnumeratedPass>> MakeEnumeratedDeals(const TableLayout& layout,
                                                                    const CardModel& cards,
                                                                    double chips_max,
                                                                    ThreadPool* pool);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ENUMERATED_DEALS_H_
