// The subcommands of inspect_checkpoint: each takes a folder and prints to stdout. One file each:
// inspect_checkpoint_<subcommand>.cc. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECT_CHECKPOINT_H_
#define NASHVILLE_TOOLS_INSPECT_CHECKPOINT_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/checkpoint/reader.h"
#include "tools/loaded_run.h"

namespace nash {

// The run that a checkpoint belongs to. Bucket files that the cache lacks are built.
absl::StatusOr<std::unique_ptr<LoadedRun>> LoadRunOf(const Checkpoint& checkpoint,
                                                     const std::string& bucket_cache);

// The node reached by `betting` in ACPC notation. Error: InvalidArgument, naming --betting.
absl::StatusOr<NodeIndex> FindNode(const PublicTree& tree, const std::string& betting);

struct PolicyRequest {
  std::string folder;
  std::string format;                  // csv
  std::string street;                  // empty: all
  std::optional<std::string> betting;  // none: all
  std::string bucket_cache;            // empty: the user's cache folder
};

struct GridRequest {
  std::string folder;
  std::string betting;
  std::string color;  // auto, always or never
  std::string bucket_cache;
};

// What the checkpoint holds, as a table or as one JSON object.
absl::Status InspectSummary(const std::string& folder, bool as_json);
// Reads every byte and compares it with what the manifest tells.
absl::Status InspectVerify(const std::string& folder);
// The run definition, in a form that --config takes.
absl::Status InspectDefinition(const std::string& folder);
// Every action of every infoset that is asked for, as CSV, node by node as the checkpoint has them.
absl::Status InspectPolicy(const PolicyRequest& request);
// The average strategy of one node as the 13 x 13 grid of hole cards.
absl::Status InspectGrid(const GridRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECT_CHECKPOINT_H_
