// The run definition that a command line names: a file, what --seed and --set change of it, or the
// one that the run's folder holds.
//
// Thread-safe: pure functions of their arguments and of files.
#ifndef NASHVILLE_TOOLS_STORED_NAMED_DEFINITION_H_
#define NASHVILLE_TOOLS_STORED_NAMED_DEFINITION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "solver/run/run_definition.h"

namespace nash {

// As the flags of these names have it.
struct DefinitionFlags {
  std::string config;
  std::string out;
  bool resume = false;
  std::optional<uint64_t> seed;
  std::string set;  // KEY=VALUE, one a line
};

struct NamedDefinition {
  RunDefinition definition;
  bool said_auto = false;  // of its batches; a run that is gone on with has chosen them
  std::string path;        // of its file, for messages
  std::string out;         // the run's folder
};

// With --resume the folder's run.yaml serves where there is no --config, and says what was chosen
// where there is one with `batches: auto`. Errors: InvalidArgument,
// those of files, and FailedPrecondition where the folder holds a run that --seed or --set
// contradict.
absl::StatusOr<NamedDefinition> ReadNamedDefinition(const DefinitionFlags& flags);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_NAMED_DEFINITION_H_
