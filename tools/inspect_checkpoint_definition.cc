#include <cstdio>
#include <string>

#include "common/status_macros.h"
#include "tools/inspect_checkpoint.h"

namespace nash {

absl::Status InspectDefinition(const std::string& folder) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenForInspection(folder));
  std::fputs(checkpoint.manifest().position.definition.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace nash
