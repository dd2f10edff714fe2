// With `average.streets: first` a table has sums for the first street only. The average of the
// later ones is the mean of the current strategies at fixed rounds (Brown & Sandholm 2019,
// supplement, average strategies past the first round by snapshots), which are kept as checkpoints
// of their own:
//
//   checkpoint   streets with sums: SetSums()
//   snapshots    of each round that SnapshotRounds() says was due: AddStrategy(), other streets
//
// Which snapshots there must be follows from the definition and the checkpoint's iterations, never
// from what the folder holds: a missing one is an error and not a shorter mean. Each is read once,
// node by node. tests/tools/stored_average_test.cc has what happens when one is missing, renamed or
// damaged.
#include "tools/stored/stored_average.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/cfr/schedule.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

absl::Status NoneDue(const Checkpoint& checkpoint, const CfrOptions& options) {
  return absl::NotFoundError(absl::StrCat(
      checkpoint.path(), ": after ", checkpoint.manifest().position.iterations,
      " iterations no snapshot is there yet to average the later streets over (average: {from: ",
      options.average_from_iterations, ", snapshot_every: ", options.snapshot_every_iterations,
      "}): train on, or use --policy=current"));
}

absl::StatusOr<Checkpoint> OpenSnapshot(const std::string& path, uint64_t round,
                                        const Checkpoint& checkpoint) {
  if (!FileExists(path)) {
    return absl::NotFoundError(absl::StrCat(
        path, ": this snapshot is missing, and the average strategy of ", checkpoint.path(),
        " is made of it: restore it from a copy, or use --policy=current"));
  }
  ASSIGN_OR_RETURN(Checkpoint snapshot, Checkpoint::Open(path));
  const RunPosition& own = checkpoint.manifest().position;
  RETURN_IF_ERROR(snapshot.CheckDefinition(own.definition, own.fingerprint));
  const uint64_t found = snapshot.manifest().position.round;
  if (found == round) return snapshot;
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": holds round ", found, ", expected ", round,
                   ": it was renamed; restore the right one from a copy"));
}

absl::Status AddSnapshot(const LoadedRun& run, const std::string& path, uint64_t round,
                         const Checkpoint& checkpoint, SnapshotAverage* average) {
  ASSIGN_OR_RETURN(const Checkpoint snapshot, OpenSnapshot(path, round, checkpoint));
  return snapshot.ForEachNodeOf(run.layout(), [&](const NodeRecord& record) {
    if (!run.layout().HasSums(record.node)) average->AddStrategy(record.node, record.values);
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<SnapshotAverage> LoadSnapshotAverage(const LoadedRun& run,
                                                    const Checkpoint& checkpoint) {
  const RunDefinition& definition = run.definition();
  const std::vector<uint64_t> rounds = SnapshotRounds(definition.algorithm, definition.round,
                                                      checkpoint.manifest().position.iterations);
  if (rounds.empty()) return NoneDue(checkpoint, definition.algorithm);
  ASSIGN_OR_RETURN(SnapshotAverage average, SnapshotAverage::Make(run.layout()));
  RETURN_IF_ERROR(checkpoint.ForEachNodeOf(run.layout(), [&](const NodeRecord& record) {
    if (run.layout().HasSums(record.node)) average.SetSums(record.node, record.values);
    return absl::OkStatus();
  }));
  const std::string run_folder = RunFolderOf(checkpoint);
  for (const uint64_t round : rounds) {
    const std::string path = CheckpointPath(run_folder, round, CheckpointKind::kSnapshot);
    const absl::Status status = AddSnapshot(run, path, round, checkpoint, &average);
    if (!absl::IsDataLoss(status)) {
      RETURN_IF_ERROR(status);
      continue;
    }
    return absl::DataLossError(
        absl::StrCat("a snapshot that the average strategy is made of is damaged, which only a "
                     "copy can restore (or use --policy=current): ",
                     status.message()));
  }
  return average;
}

}  // namespace nash
