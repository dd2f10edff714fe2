// Brings a master that was loaded from a checkpoint to where a run can be taken up.
#ifndef NASHVILLE_SOLVER_COORDINATOR_REPLAY_H_
#define NASHVILLE_SOLVER_COORDINATOR_REPLAY_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "solver/cfr/options.h"
#include "solver/coordinator/master.h"
#include "solver/coordinator/round_store.h"

namespace nash {

// Called when a round was replayed, with the table at its end.
using AfterReplayedRound = std::function<absl::Status(uint64_t round)>;

// With lag 1 nothing is kept of what the units of the next round start from, so a run is taken up
// where its lines last met: the rounds since are forgotten, and run again to the same bytes.
// Errors: those of the store.
absl::Status CutToMeeting(const RoundShape& shape, RoundStore* store);

// Applies rounds [master->rounds(), store->end_round()). Errors: DataLoss where the table then has
// another hash than was logged, or the log begins after the master's round; those of the store and
// of `after`.
absl::Status Replay(
    RoundStore* store, Master* master,
    const AfterReplayedRound& after = [](uint64_t) { return absl::OkStatus(); });

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_REPLAY_H_
