#include <unistd.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/cards/preflop_class.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/colour.h"
#include "tools/program/print_json.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/opening_grid.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// {"betting", "player", "actions": [...], "hands": {"AKs": [probability of each action], ...}}.
void PrintAsJson(const LoadedRun& run, NodeIndex node, absl::Span<const int32_t> values) {
  const PublicTree& tree = run.tree();
  const NodeStrategy strategy(run.layout(), node, values);
  nlohmann::ordered_json json;
  json["betting"] = BettingName(tree, node);
  json["player"] = tree.nodes()[node].player;
  for (const ActionLabel label : tree.LabelsOf(node)) {
    json["actions"].push_back(tree.ActionName(label));
  }
  std::vector<double> probabilities(tree.LabelsOf(node).size());
  for (int row = 0; row < kRanksMax; ++row) {
    for (int column = 0; column < kRanksMax; ++column) {
      const int hand = PreflopClassAt({.row = row, .column = column});
      strategy.Probabilities(hand, absl::MakeSpan(probabilities));
      json["hands"][PreflopClassName(hand)] = probabilities;
    }
  }
  PrintJson(json);
}

}  // namespace

absl::Status InspectGrid(const GridRequest& request) {
  if (request.color != "auto" && request.color != "always" && request.color != "never") {
    return absl::InvalidArgumentError(
        absl::StrCat("--color=", request.color, "; allowed: auto, always, never"));
  }
  const bool colour = request.color == "always" ||
                      (request.color == "auto" && WantsColour(isatty(STDOUT_FILENO) == 1));
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache, BucketCheck::kWhenAsked));
  ASSIGN_OR_RETURN(const NodeIndex node, FindNode(run->tree(), request.betting));
  ASSIGN_OR_RETURN(const std::vector<int32_t> values, checkpoint.ReadNode(run->layout(), node));
  ASSIGN_OR_RETURN(const std::string grid, request.percent
                                               ? FormatPercentages(*run, node, values)
                                               : FormatGrid(*run, node, values, colour));
  if (request.as_json) {
    PrintAsJson(*run, node, values);
    return absl::OkStatus();
  }
  std::printf("  position %d after \"%s\"\n\n%s", run->tree().nodes()[node].player,
              BettingName(run->tree(), node).c_str(), grid.c_str());
  return absl::OkStatus();
}

}  // namespace nash
