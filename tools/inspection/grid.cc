#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/colour.h"
#include "tools/stored/opening_grid.h"
#include "tools/stored/stored_run.h"

namespace nash {

absl::Status InspectGrid(const GridRequest& request) {
  if (request.color != "auto" && request.color != "always" && request.color != "never") {
    return absl::InvalidArgumentError(
        absl::StrCat("--color=", request.color, "; allowed: auto, always, never"));
  }
  const bool colour = request.color == "always" ||
                      (request.color == "auto" && WantsColour(isatty(STDOUT_FILENO) == 1));
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache));
  ASSIGN_OR_RETURN(const NodeIndex node, FindNode(run->tree(), request.betting));
  ASSIGN_OR_RETURN(const std::vector<int32_t> values, checkpoint.ReadNode(run->layout(), node));
  ASSIGN_OR_RETURN(const std::string grid, request.percent
                                               ? FormatPercentages(*run, node, values)
                                               : FormatGrid(*run, node, values, colour));
  std::printf("  position %d after \"%s\"\n\n%s", run->tree().nodes()[node].player,
              BettingName(run->tree(), node).c_str(), grid.c_str());
  return absl::OkStatus();
}

}  // namespace nash
