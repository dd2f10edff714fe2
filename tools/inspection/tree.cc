// inspect_checkpoint tree: what is played, from the first decision down.
//
// Depth first and pruned: what play rarely comes to is not read.
//
// Reach is counted over deals that are drawn once (drawn_deals.h), of small games over all there
// are. So an action's percentage is over the hands that really come there, each as often as it
// does, and not over infosets. A float for each deal and action of each decision on the path is
// held, and no strategy as a whole. tests/tools/look.py plays every deal of a small game through
// the lines of `policy` and compares each decision.
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/checkpoint/mapped_nodes.h"
#include "solver/game/street_names.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/drawn_deals.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/print_json.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

class TreePrinter {
 public:
  TreePrinter(const TreeRequest& request, const LoadedRun& run, const MappedNodes& nodes,
              const DrawnDeals& deals)
      : request_(request), run_(run), nodes_(nodes), deals_(deals) {}

  // reach: [deals], of the decision.
  absl::Status Walk(NodeIndex node, const std::vector<float>& reach, int depth) {
    const PublicTree& tree = run_.tree();
    const int num_actions = tree.nodes()[node].num_actions;
    ASSIGN_OR_RETURN(const absl::Span<const int32_t> values, nodes_.ValuesOf(node));
    const NodeStrategy strategy(run_.layout(), node, values);
    const std::vector<float> actions = deals_.ActionsAt(node, strategy, reach);
    const double here = deals_.MeanOf(reach);
    std::vector<double> means(num_actions);
    std::vector<std::vector<float>> after(num_actions);
    for (int a = 0; a < num_actions; ++a) {
      after[a] = DrawnDeals::After(reach, actions, num_actions, a);
      means[a] = here > 0 ? deals_.MeanOf(after[a]) / here : 0;
    }
    Print(node, depth, here, means);
    if (request_.depth >= 0 && depth >= request_.depth) return absl::OkStatus();
    for (int a = 0; a < num_actions; ++a) {
      const PublicEdge& edge = tree.EdgesOf(node)[a];
      if (edge.kind() != EdgeKind::kDecision) continue;
      if (here * means[a] < request_.min_reach) continue;
      RETURN_IF_ERROR(Walk(edge.payload(), after[a], depth + 1));
    }
    return absl::OkStatus();
  }

 private:
  void Print(NodeIndex node, int depth, double reach, const std::vector<double>& means) {
    const PublicTree& tree = run_.tree();
    const PublicNode& n = tree.nodes()[node];
    if (request_.as_json) {
      nlohmann::ordered_json actions = nlohmann::ordered_json::array();
      for (size_t a = 0; a < means.size(); ++a) {
        actions.push_back({{"name", tree.ActionName(tree.LabelsOf(node)[a])},
                           {"probability", std::round(means[a] * 1e9) / 1e9}});
      }
      // A line each: the tree may be large, and is printed while it is read.
      const nlohmann::ordered_json row = {{"betting", BettingName(tree, node)},
                                          {"player", n.player},
                                          {"street", kStreetNames[n.street]},
                                          {"reach", std::round(reach * 1e9) / 1e9},
                                          {"actions", std::move(actions)}};
      std::printf("%s    %s", is_first_ ? "" : ",\n", JsonLine(row).c_str());
      is_first_ = false;
      return;
    }
    std::string line =
        absl::StrFormat("%8.4f%%  %s%s  %s, position %d:", 100 * reach, std::string(2 * depth, ' '),
                        BettingName(tree, node), kStreetNames[n.street], n.player);
    for (size_t a = 0; a < means.size(); ++a) {
      absl::StrAppendFormat(&line, "  %s %.1f%%", tree.ActionName(tree.LabelsOf(node)[a]),
                            100 * means[a]);
    }
    std::printf("%s\n", line.c_str());
  }

  const TreeRequest& request_;
  const LoadedRun& run_;
  const MappedNodes& nodes_;
  const DrawnDeals& deals_;
  bool is_first_ = true;
};

}  // namespace

absl::Status InspectTree(const TreeRequest& request) {
  if (!(request.min_reach >= 0) || request.min_reach > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--min_reach=", request.min_reach, ": a share from 0 to 1"));
  }
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache));
  ASSIGN_OR_RETURN(const DrawnDeals deals, DrawnDeals::Draw(*run, request.deals, request.seed));
  ASSIGN_OR_RETURN(const NodeIndex root, FindNode(run->tree(), request.betting));
  const MappedNodes nodes(checkpoint, run->layout());
  // Found to be whole before anything is printed.
  RETURN_IF_ERROR(nodes.ValuesOf(root).status());
  std::vector<float> reach(deals.size(), 1);
  // The way to where the walk begins.
  for (const PathStep& step : PathTo(run->tree(), root)) {
    ASSIGN_OR_RETURN(const absl::Span<const int32_t> values, nodes.ValuesOf(step.node));
    const std::vector<float> actions =
        deals.ActionsAt(step.node, NodeStrategy(run->layout(), step.node, values), reach);
    reach =
        DrawnDeals::After(reach, actions, run->tree().nodes()[step.node].num_actions, step.action);
  }
  TreePrinter printer(request, *run, nodes, deals);
  if (!request.as_json) {
    std::printf("reach over %s%u deals\n", deals.is_exact() ? "all " : "", deals.size());
    return printer.Walk(root, reach, 0);
  }
  std::printf("{\n  \"checkpoint\": %s,\n  \"deals\": %u,\n  \"is_exact\": %s,\n  \"nodes\": [\n",
              JsonLine(checkpoint.path()).c_str(), deals.size(),
              deals.is_exact() ? "true" : "false");
  RETURN_IF_ERROR(printer.Walk(root, reach, 0));
  std::printf("\n  ]\n}\n");
  return absl::OkStatus();
}

}  // namespace nash
