// A run that lies on disk: its newest checkpoint, and the definition that it holds.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_STORED_STORED_RUN_H_
#define NASHVILLE_TOOLS_STORED_STORED_RUN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/checkpoint/reader.h"
#include "solver/run/run_definition.h"

namespace nash {

// `folder`: a run's, whose newest checkpoint that is not damaged is taken, or one checkpoint's.
// Damaged ones that were passed over are told of on stderr. Errors: those of FindCheckpoint().
absl::StatusOr<Checkpoint> OpenStoredRun(const std::string& folder);

// A warning on stderr for each note of a FoundCheckpoint.
void TellOfDamaged(const std::vector<std::string>& notes);

// RUN of RUN/checkpoints/round-N, wherever the path of the checkpoint begins: also when the working
// folder is RUN/checkpoints. Of a checkpoint that was copied elsewhere it is any folder.
std::string RunFolderOf(const Checkpoint& checkpoint);

// The definition of the run that the checkpoint belongs to. Error: InvalidArgument where it makes
// no sense to this program.
absl::StatusOr<RunDefinition> DefinitionOf(const Checkpoint& checkpoint);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_STORED_RUN_H_
