// Loads the average strategy of a run that keeps sums for the first street only, from a checkpoint
// and the run's snapshots.
#ifndef NASHVILLE_TOOLS_STORED_STORED_AVERAGE_H_
#define NASHVILLE_TOOLS_STORED_STORED_AVERAGE_H_

#include "absl/status/statusor.h"
#include "solver/checkpoint/reader.h"
#include "solver/evaluation/snapshot_average.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Takes exactly the snapshots that were due up to the checkpoint's iterations, whatever others are
// there: a checkpoint has one average strategy. They are looked for in RUN/snapshots when the
// checkpoint is RUN/checkpoints/X or RUN/snapshots/X. Needs NeedsSnapshots(run), which must outlive
// the policy. Reads each file once; memory: as SnapshotAverage, and twice the largest chunk.
//
// Errors, naming the snapshot: NotFound when one is missing, or none was due yet; DataLoss when one
// is damaged; FailedPrecondition when one belongs to another run; those of SnapshotAverage::Make().
absl::StatusOr<SnapshotAverage> LoadSnapshotAverage(const LoadedRun& run,
                                                    const Checkpoint& checkpoint);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_STORED_AVERAGE_H_
