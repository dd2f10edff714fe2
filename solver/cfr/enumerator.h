// CFR without sampling: every iteration walks all deals, once for each player in turn.
//
// For games that are small enough to be solved in seconds or minutes (docs/run_definition.md,
// section "Without sampling"). What a player learns is applied before the next one walks. The table
// after an iteration depends on the run definition and the iteration's number only: not on threads,
// not on when a run was interrupted. Thread-compatible: one caller; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_ENUMERATOR_H_
#define NASHVILLE_SOLVER_CFR_ENUMERATOR_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/cfr/enumerated_pass.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// What one pass may take: some minutes of a core.
inline constexpr double kEnumeratedSlotsMax = 1e11;   // by vectors: some 0.5 G a core-second
inline constexpr double kEnumeratedVisitsMax = 1e10;  // deal by deal: some 0.03 G

// Error: InvalidArgument where a run's game is too large, or its rounds are not of whole
// iterations, with what was found and what fits.
absl::Status CheckEnumerable(const TrainingSetup& setup);

class Enumerator {
 public:
  // Needs CheckEnumerable(setup).ok(). done: iterations that the table has behind it.
  // Error: ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<Enumerator>> Make(const TrainingSetup& setup,
                                                          int64_t chips_max, uint64_t done);

  // Memory that an enumerator holds beside the table.
  static uint64_t BytesNeeded(const TableLayout& layout, int num_threads);

  // The next iteration. Returns the rows changed. The table has it after Store().
  uint64_t Run();
  // checkpoint_log: told before rows change; or null.
  void Store(UndoLog* checkpoint_log);

 private:
  Enumerator(const TrainingSetup& setup, std::unique_ptr<EnumeratedPass> pass, uint64_t done);

  const TrainingSetup setup_;
  const std::unique_ptr<EnumeratedPass> pass_;
  uint64_t done_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ENUMERATOR_H_
