#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "common/status_macros.h"
#include "tools/inspection/commands.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {

absl::Status InspectDefinition(const std::string& folder, bool as_json) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(folder));
  if (as_json) {
    PrintJson({{"checkpoint", checkpoint.path()},
               {"run_fingerprint", checkpoint.manifest().position.fingerprint},
               {"definition", checkpoint.manifest().position.definition}});
    return absl::OkStatus();
  }
  std::fputs(checkpoint.manifest().position.definition.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace nash
