// The page is report/page.html with one JSON object put into it, which its script draws:
//
//   {"run": ..., "state_hash", "infosets", ..., "definition": "...", "curves": ...,
//    "grids": [{"title", "betting", "actions": [...], "hands": [["AKs", weight, [p, ...]], ...]}],
//    "litmus": ... or null, "warnings": ["...", ...]}
//
// Grids are of decisions that openings lead to: whoever is first in when all before have folded,
// and heads-up the answers to the first player's actions. tests/tools/report_test.sh reads the
// object back and compares it with what the subcommands print.
#include "tools/inspection/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/cfr/state_hash.h"
#include "solver/checkpoint/writer.h"
#include "solver/run/run_definition.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/decision_json.h"
#include "tools/inspection/inspected_run.h"
#include "tools/inspection/pages.h"
#include "tools/inspection/run_curves.h"
#include "tools/program/parse_json.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kCurvePoints = 300;
constexpr size_t kCurvePointsMin = 20;
constexpr size_t kGridsMax = 12;
constexpr size_t kLitmusBytesMax = 100'000;
constexpr char kPlace[] = "/*DATA*/null";

// "AKs", "AKo", "AA"; of one card its rank. Suits are alike on the first street.
std::string ClassOf(const std::vector<Card>& hole) {
  std::string name;
  for (const Card card : hole) name += CardName(card)[0];
  if (hole.size() == 2 && name[0] != name[1]) {
    name += CardName(hole[0])[1] == CardName(hole[1])[1] ? 's' : 'o';
  }
  return name;
}

double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

absl::StatusOr<Json> GridOf(const DecisionViewer& viewer, NodeIndex node) {
  const PublicTree& tree = viewer.run().tree();
  const std::string betting = BettingName(tree, node);
  ASSIGN_OR_RETURN(const Decision decision, viewer.At(betting, ""));
  const int player = tree.nodes()[node].player;
  struct Group {
    double hands = 0, reach = 0;
    std::vector<double> actions;
  };
  std::map<std::string, Group> groups;
  for (const DecisionHand& hand : decision.hands) {
    Group& group = groups[ClassOf(hand.hole)];
    group.actions.resize(hand.actions.size());
    group.hands += 1;
    group.reach += hand.reach[player];
    // Hands of a class share a bucket, or nearly so: a plain mean is what the class does.
    for (size_t a = 0; a < hand.actions.size(); ++a) group.actions[a] += hand.actions[a];
  }
  Json json;
  json["title"] = absl::StrCat(
      "player ", player + 1, betting == "root" ? " acts first" : absl::StrCat(" after ", betting));
  json["betting"] = betting;
  json["strategy"] = decision.is_average ? "average" : "current";
  json["actions"] = Json::array();
  for (const ActionLabel label : tree.LabelsOf(node)) {
    json["actions"].push_back(tree.ActionName(label));
  }
  json["mean"] = Json::array();
  for (const double p : decision.mean) json["mean"].push_back(Rounded(p));
  json["hands"] = Json::array();
  for (const auto& [name, group] : groups) {
    Json actions = Json::array();
    for (const double p : group.actions) actions.push_back(Rounded(p / group.hands));
    json["hands"].push_back({name, Rounded(group.reach / group.hands), std::move(actions)});
  }
  return json;
}

std::vector<NodeIndex> OpeningNodes(const PublicTree& tree) {
  std::vector<NodeIndex> nodes;
  const auto child = [&](NodeIndex node, size_t a) -> std::optional<NodeIndex> {
    const PublicEdge& edge = tree.EdgesOf(node)[a];
    if (edge.kind() != EdgeKind::kDecision || tree.nodes()[edge.payload()].street != 0) return {};
    return edge.payload();
  };
  std::optional<NodeIndex> first = 0;
  while (first.has_value() && nodes.size() < kGridsMax) {
    nodes.push_back(*first);
    const absl::Span<const ActionLabel> labels = tree.LabelsOf(*first);
    const auto fold = std::find(labels.begin(), labels.end(), kFoldLabel);
    first = fold == labels.end() ? std::nullopt : child(*first, fold - labels.begin());
  }
  if (tree.num_players() == 2) {
    for (size_t a = 0; a < tree.EdgesOf(0).size() && nodes.size() < kGridsMax; ++a) {
      const std::optional<NodeIndex> answer = child(0, a);
      if (answer.has_value()) nodes.push_back(*answer);
    }
  }
  return nodes;
}

// What a reader should know before believing the page.
Json WarningsOf(const DecisionViewer& viewer, const RunCurves& curves) {
  Json warnings = Json::array();
  const Manifest& manifest = viewer.checkpoint().manifest();
  const double reached = double(manifest.rows_reached) / std::max<uint64_t>(manifest.num_rows, 1);
  if (reached < 0.9) {
    warnings.push_back(
        absl::StrFormat("%.1f%% of the infosets were never reached: there the strategy is uniform",
                        100 * (1 - reached)));
  }
  if (viewer.run().tree().num_players() > 2) {
    warnings.push_back(
        "with three and more players the average strategy is biased, and no guarantee says that "
        "it comes near an equilibrium (docs/run_definition.md)");
  }
  if (curves.bad_lines > 0) {
    warnings.push_back(absl::StrCat("metrics.jsonl: ", curves.bad_lines, " of ", curves.lines,
                                    " lines could not be read and are left out"));
  }
  const auto last = [](const RunCurve& curve) -> double {
    for (auto value = curve.values.rbegin(); value != curve.values.rend(); ++value) {
      if (value->has_value()) return **value;
    }
    return 0;
  };
  for (const RunCurve& curve : curves.curves) {
    if (absl::StartsWith(curve.name, "regrets_at_ceiling_share") && last(curve) > 0) {
      warnings.push_back(absl::StrFormat(
          "%s: %.2g of the regrets stand at the most that the table holds: a coarser quantum, or "
          "discounts more often, would keep them apart",
          curve.name, last(curve)));
    }
    for (const char* bad :
         {"coordinator.disputes", "coordinator.quarantined", "coordinator.divergences",
          "coordinator.audits_waived", "coordinator.rounds_taken_back"}) {
      if (curve.name == bad && last(curve) > 0) {
        warnings.push_back(absl::StrFormat("%s: %.0f (%s)", curve.name, last(curve), curve.help));
      }
    }
  }
  return warnings;
}

// Null where there is none, or what is there is not that.
Json LitmusOf(const std::string& run_folder, Json* warnings) {
  const std::string path = run_folder + "/litmus.json";
  if (run_folder.empty() || !FileExists(path)) return nullptr;
  const absl::StatusOr<std::string> text = ReadFile(path, kLitmusBytesMax);
  Json json = text.ok() ? ParseJson<Json>(*text) : Json();
  if (!json.is_object() || !json.contains("checks") || !json["checks"].is_array()) {
    warnings->push_back("litmus.json: not what `evaluate litmus --json` prints; left out");
    return nullptr;
  }
  return json;
}

absl::StatusOr<Json> DataOf(const DecisionViewer& viewer, const std::string& run_folder,
                            size_t curve_points) {
  const Manifest& manifest = viewer.checkpoint().manifest();
  Json json;
  json["run"] = RunJson(viewer);
  // Whoever gets the page need not know where it lay.
  const std::string& path = viewer.checkpoint().path();
  json["run"]["checkpoint"] = path.substr(path.rfind('/') + 1);
  json["state_hash"] = FormatStateHash(manifest.state_hash);
  json["touches"] = manifest.position.touches;
  json["nodes"] = manifest.num_nodes;
  json["infosets"] = manifest.num_rows;
  json["infosets_reached"] = manifest.rows_reached;
  json["table_bytes"] = manifest.table_bytes();
  json["definition"] = CanonicalText(viewer.run().definition());
  RunCurves curves;
  if (!run_folder.empty()) {
    ASSIGN_OR_RETURN(curves, ReadRunCurves(run_folder, curve_points));
  }
  json["curves"] = CurvesJson(curves);
  json["grids"] = Json::array();
  for (const NodeIndex node : OpeningNodes(viewer.run().tree())) {
    ASSIGN_OR_RETURN(Json grid, GridOf(viewer, node));
    json["grids"].push_back(std::move(grid));
  }
  Json warnings = WarningsOf(viewer, curves);
  json["litmus"] = LitmusOf(run_folder, &warnings);
  json["warnings"] = std::move(warnings);
  return json;
}

}  // namespace

absl::StatusOr<std::string> ReportPage(const DecisionViewer& viewer,
                                       const std::string& run_folder) {
  std::string page;
  for (size_t points = kCurvePoints; points >= kCurvePointsMin; points /= 2) {
    ASSIGN_OR_RETURN(const Json data, DataOf(viewer, run_folder, points));
    // Nothing in a string may end the script that it stands in.
    const std::string text = absl::StrReplaceAll(JsonLine(data), {{"<", "\\u003c"}});
    page = absl::StrReplaceAll(PageWithCharts(kReportPage), {{kPlace, text}});
    if (page.size() <= kReportBytesMax) return page;
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("the report would take ", page.size(), " bytes, more than ", kReportBytesMax));
}

uint64_t ReportBytes(const LoadedRun& run) {
  const std::vector<ChunkEntry> chunks = PlanChunks(run.layout(), kChunkBytesMax);
  // What leads to these decisions is among them, or the first one.
  const std::vector<NodeIndex> nodes = OpeningNodes(run.tree());
  uint64_t bytes = 0;
  for (const ChunkEntry& chunk : chunks) {
    const bool is_mapped = std::any_of(nodes.begin(), nodes.end(), [&](NodeIndex node) {
      return node >= chunk.first_node && node - chunk.first_node < chunk.num_nodes;
    });
    if (is_mapped) bytes += chunk.bytes;
  }
  return bytes;
}

absl::Status WriteReport(std::shared_ptr<const LoadedRun> run, const std::string& run_folder) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenStoredRun(run_folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<DecisionViewer> viewer,
                   DecisionViewer::Make(std::move(checkpoint), std::move(run)));
  ASSIGN_OR_RETURN(const std::string page, ReportPage(*viewer, run_folder));
  return WriteFileAtomically(run_folder + "/report.html", page);
}

absl::Status InspectReport(const ReportRequest& request) {
  ASSIGN_OR_RETURN(const std::unique_ptr<DecisionViewer> viewer,
                   DecisionViewer::Open(request.folder, request.bucket_cache));
  // One checkpoint's folder has no metrics, and is not to hold a file that its manifest lacks.
  const bool is_run = FileExists(request.folder + "/run.yaml");
  if (!is_run && request.file.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(request.folder,
                     ": the folder of one checkpoint: name the file to write, as "
                     "in: inspect_checkpoint report ",
                     request.folder, " report.html"));
  }
  ASSIGN_OR_RETURN(const std::string page, ReportPage(*viewer, is_run ? request.folder : ""));
  const std::string file = request.file.empty() ? request.folder + "/report.html" : request.file;
  RETURN_IF_ERROR(WriteFileAtomically(file, page));
  const std::string& checkpoint = viewer->checkpoint().path();
  if (request.as_json) {
    PrintJson({{"file", file}, {"checkpoint", checkpoint}, {"bytes", page.size()}});
    return absl::OkStatus();
  }
  std::printf("%s: %s, %.2f MB\n", file.c_str(), checkpoint.c_str(), page.size() / 1e6);
  return absl::OkStatus();
}

}  // namespace nash
