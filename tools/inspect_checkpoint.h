// The subcommands of inspect_checkpoint: each takes a folder and prints to stdout. One file each:
// inspect_checkpoint_<subcommand>.cc. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECT_CHECKPOINT_H_
#define NASHVILLE_TOOLS_INSPECT_CHECKPOINT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/checkpoint/reader.h"

namespace nash {

// `folder`: a run's (its newest checkpoint that is not damaged is taken, and damaged ones are told
// of on stderr) or one checkpoint's.
absl::StatusOr<Checkpoint> OpenForInspection(const std::string& folder);

// What the checkpoint holds, as a table or as one JSON object.
absl::Status InspectSummary(const std::string& folder, bool as_json);
// Reads every byte and compares it with what the manifest tells.
absl::Status InspectVerify(const std::string& folder);
// The run definition, in a form that --config takes.
absl::Status InspectDefinition(const std::string& folder);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECT_CHECKPOINT_H_
