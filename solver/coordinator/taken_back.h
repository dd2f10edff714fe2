// Rounds of a run that are worth nothing, because a worker that gave of them was caught: what a
// coordinator that has decided so tells the next one, through the run folder.
//
//   RUN/taken_back    "GENERATION ROUND HISTORY"
//
// The coordinator of that generation went back to the table after so many rounds, for the
// HISTORY-th time in this run.
//
// It is written before anything is removed. While the run has had no coordinator since, the files
// may show rounds that were taken back, and whoever opens the run finishes that first.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_TAKEN_BACK_H_
#define NASHVILLE_SOLVER_COORDINATOR_TAKEN_BACK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nash {

struct TakenBack {
  uint64_t generation = 0;
  uint64_t round = 0;
  uint64_t history = 0;  // 0: nothing was ever taken back
  friend bool operator==(const TakenBack&, const TakenBack&) = default;
};

absl::StatusOr<TakenBack> ReadTakenBack(const std::string& run_folder);
absl::Status WriteTakenBack(const std::string& run_folder, const TakenBack& taken_back);

// The round from which on rounds are still to be taken back; none where that is done.
absl::StatusOr<std::optional<uint64_t>> RoundToTakeBack(const std::string& run_folder);
// Removes the checkpoints and snapshots that hold rounds to be taken back. The log is RunStore's.
absl::Status RemoveTakenBack(const std::string& run_folder);
// The same for a process without a log: the log goes as well, and then it is done.
absl::Status FinishTakingBack(const std::string& run_folder);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_TAKEN_BACK_H_
