// Brings a master that was loaded from a checkpoint to the end of the round log.
#ifndef NASHVILLE_SOLVER_COORDINATOR_REPLAY_H_
#define NASHVILLE_SOLVER_COORDINATOR_REPLAY_H_

#include "absl/status/status.h"
#include "solver/coordinator/master.h"
#include "solver/coordinator/round_store.h"

namespace nash {

// Applies rounds [master->rounds(), store->end_round()). Errors: DataLoss where the table then has
// another hash than was logged, or the log begins after the master's round; those of the store.
absl::Status Replay(RoundStore* store, Master* master);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_REPLAY_H_
