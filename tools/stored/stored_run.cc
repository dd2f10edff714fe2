#include "tools/stored/stored_run.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace nash {

void TellOfDamaged(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    std::fprintf(stderr, "warning: passed over a damaged checkpoint: %s\n", note.c_str());
  }
}

absl::StatusOr<Checkpoint> OpenStoredRun(const std::string& folder) {
  ASSIGN_OR_RETURN(FoundCheckpoint found, FindCheckpoint(folder));
  TellOfDamaged(found.notes);
  return std::move(found.checkpoint);
}

absl::StatusOr<RunDefinition> DefinitionOf(const Checkpoint& checkpoint) {
  return ParseStoredDefinition(checkpoint.manifest().position.definition,
                               absl::StrCat(checkpoint.path(), " (its definition)"));
}

}  // namespace nash
