// What subcommands look at besides the checkpoint itself: the run it belongs to, and a decision of
// it.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_INSPECTED_RUN_H_
#define NASHVILLE_TOOLS_INSPECTION_INSPECTED_RUN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/checkpoint/reader.h"
#include "solver/game/public_tree.h"
#include "solver/run/run_definition.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// The run that a checkpoint belongs to, with rows in canonical order. Bucket files that the cache
// lacks are built.
absl::StatusOr<std::unique_ptr<LoadedRun>> LoadRunOf(const Checkpoint& checkpoint,
                                                     const std::string& bucket_cache,
                                                     BucketCheck check = BucketCheck::kAtOnce);

// The definition of the run in a folder, by its run.yaml; where there is none, by its checkpoints.
absl::StatusOr<RunDefinition> DefinitionOfRun(const std::string& run_folder);

// An action on the way to a decision.
struct PathStep {
  NodeIndex node = 0;  // where it was taken
  int action = 0;      // index of its edge
};
std::vector<PathStep> PathTo(const PublicTree& tree, NodeIndex node);

// What came before a decision, in ACPC notation; of the first one "root", since readers of tables
// take an empty field for one that is missing.
std::string BettingName(const PublicTree& tree, NodeIndex node);

// The node of that name; the first one's may be empty as well. Error: InvalidArgument, naming
// --betting.
absl::StatusOr<NodeIndex> FindNode(const PublicTree& tree, const std::string& betting);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_INSPECTED_RUN_H_
