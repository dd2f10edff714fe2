#include "tools/stored/stored_run.h"

#include <cstdio>
#include <filesystem>
#include <system_error>
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

std::string RunFolderOf(const Checkpoint& checkpoint) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(checkpoint.path(), error);
  // A "/" at the end is a component of its own, and not wanted.
  const std::filesystem::path own = (path / "").lexically_normal().parent_path();
  return own.parent_path().parent_path().string();
}

absl::StatusOr<RunDefinition> DefinitionOf(const Checkpoint& checkpoint) {
  return ParseStoredDefinition(checkpoint.manifest().position.definition,
                               absl::StrCat(checkpoint.path(), " (its definition)"));
}

}  // namespace nash
