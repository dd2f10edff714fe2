#include <cstdio>
#include <string>

#include "common/status_macros.h"
#include "tools/inspection/commands.h"
#include "tools/stored/stored_run.h"

namespace nash {

absl::Status InspectDefinition(const std::string& folder) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(folder));
  std::fputs(checkpoint.manifest().position.definition.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace nash
