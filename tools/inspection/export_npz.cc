// inspect_checkpoint export --format=npz: the average strategy as arrays of NumPy.
//
// Small arrays say where a decision's probabilities lie: the tree, the names of hands on lossless
// streets, and a text about the run. The last array is the strategy, node by node as the checkpoint
// is read. Streets without sums need their snapshots' mean, which is held in memory.
//
//   node_first_edge   n -> its edges     edge_label, edge_child: [edges]
//   node_first_value  n -> its rows      probabilities: [hand][action] of node after node
//   hands_STREET      hand -> its name
//
// Offsets have 64 bits and one entry more than there are nodes, so that a reader slices without a
// special case for the last. The tree is written although it follows from the definition: a reader
// in Python should need no solver to know what a number means.
//
// docs/formats/strategy_npz.md has the arrays with an example, which tests/python compares with the
// file.
#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/game/street_names.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/inspection/npz_writer.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/stored_policy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

constexpr int kNpzVersion = 3;
// Hands of a street have names in the file up to so many; past it they go by number.
constexpr uint32_t kNamedHandsMax = 1 << 20;

// What edge_child holds of an edge that leads to no decision.
int32_t ChildOf(const PublicEdge& edge) {
  switch (edge.kind()) {
    case EdgeKind::kDecision:
      return static_cast<int32_t>(edge.payload());
    case EdgeKind::kFold:
      return -1;
    case EdgeKind::kShowdown:
      return -2;
    case EdgeKind::kMultiway:
      return -3;
  }
  return -3;
}

// How many cards of a hand are one set, in the order in which they are dealt: [2, 3, 1] where the
// turn is told from the flop, [2, 4] where it is not.
std::vector<int> PartsOf(const LoadedRun& run, int street) {
  const GameDefinition& game = run.tree().game();
  std::vector<int> parts = {game.num_hole_cards};
  const bool recalls = run.abstraction().is_lossless(street) &&
                       run.abstraction().parameters(street).recall == BoardRecall::kPerfect;
  if (!recalls) {
    if (game.BoardCardsOn(street) > 0) parts.push_back(game.BoardCardsOn(street));
    return parts;
  }
  for (int s = 0; s <= street; ++s) {
    if (game.num_board_cards[s] > 0) parts.push_back(game.num_board_cards[s]);
  }
  return parts;
}

std::string MetaText(const Checkpoint& checkpoint, const LoadedRun& run) {
  const GameDefinition& game = run.tree().game();
  const RunPosition& position = checkpoint.manifest().position;
  nlohmann::ordered_json meta;
  meta["format"] = "nashville average strategy";
  meta["version"] = kNpzVersion;
  meta["name"] = run.definition().name;
  meta["fingerprint"] = position.fingerprint;
  meta["round"] = position.round;
  meta["iterations"] = position.iterations;
  meta["players"] = game.num_players;
  meta["hole_cards"] = game.num_hole_cards;
  meta["ranks"] = game.num_ranks;
  meta["suits"] = game.num_suits;
  meta["indexed"] = IsIndexed(game);
  meta["limit"] = game.betting == BettingKind::kLimit;
  meta["streets"] = nlohmann::ordered_json::array();
  for (int street = 0; street < run.tree().num_streets(); ++street) {
    meta["streets"].push_back(
        {{"name", kStreetNames[street]},
         {"board_cards", game.BoardCardsOn(street)},
         {"hands", run.abstraction().num_buckets(street)},
         {"parts", PartsOf(run, street)},
         {"lossless", run.abstraction().is_lossless(street)},
         {"bucket_file", run.abstraction().is_lossless(street)
                             ? ""
                             : run.abstraction().parameters(street).FileName()}});
  }
  meta["definition"] = position.definition;
  return JsonLine(meta);
}

absl::Status WriteTree(const LoadedRun& run, NpzWriter* npz) {
  const PublicTree& tree = run.tree();
  std::vector<uint8_t> players;
  std::vector<uint8_t> streets;
  std::vector<uint64_t> first_edges;
  std::vector<uint64_t> first_values;
  uint64_t values = 0;
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    const PublicNode& n = tree.nodes()[node];
    players.push_back(n.player);
    streets.push_back(n.street);
    first_edges.push_back(n.first_edge);
    first_values.push_back(values);
    values += uint64_t{run.layout().NumBuckets(node)} * n.num_actions;
  }
  first_edges.push_back(tree.edges().size());
  first_values.push_back(values);
  std::vector<int32_t> labels;
  std::vector<int32_t> children;
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    for (const ActionLabel label : tree.LabelsOf(node)) labels.push_back(label);
    for (const PublicEdge& edge : tree.EdgesOf(node)) children.push_back(ChildOf(edge));
  }
  RETURN_IF_ERROR(npz->Add("node_player", "|u1", players));
  RETURN_IF_ERROR(npz->Add("node_street", "|u1", streets));
  RETURN_IF_ERROR(npz->Add("node_first_edge", "<u8", first_edges));
  RETURN_IF_ERROR(npz->Add("node_first_value", "<u8", first_values));
  RETURN_IF_ERROR(npz->Add("edge_label", "<i4", labels));
  return npz->Add("edge_child", "<i4", children);
}

absl::Status WriteHands(const LoadedRun& run, NpzWriter* npz) {
  for (int street = 0; street < run.tree().num_streets(); ++street) {
    const uint32_t n = run.abstraction().num_buckets(street);
    if (!run.abstraction().is_lossless(street) || n > kNamedHandsMax) continue;
    size_t width = 1;
    std::vector<std::string> names;
    for (uint32_t hand = 0; hand < n; ++hand) {
      names.push_back(run.abstraction().HandName(street, hand));
      width = std::max(width, names.back().size());
    }
    RETURN_IF_ERROR(npz->Begin(absl::StrCat("hands_", kStreetNames[street]),
                               absl::StrCat("|S", width), width, n));
    for (std::string& name : names) {
      name.resize(width);
      RETURN_IF_ERROR(npz->Append(name));
    }
    RETURN_IF_ERROR(npz->End());
  }
  return absl::OkStatus();
}

// policy: of a run whose later streets have no sums; null: sums are read as they come.
absl::Status WriteProbabilities(const Checkpoint& checkpoint, const LoadedRun& run,
                                const Policy* policy, const std::string& path, NpzWriter* npz) {
  uint64_t values = 0;
  for (NodeIndex node = 0; node < run.layout().num_nodes(); ++node) {
    values += uint64_t{run.layout().NumBuckets(node)} * run.tree().nodes()[node].num_actions;
  }
  RETURN_IF_ERROR(npz->Begin("probabilities", "<f4", sizeof(float), values));
  BuildProgressPrinter printer(2);
  std::vector<float> out;
  std::array<double, kActionsMax> memory;
  RETURN_IF_ERROR(checkpoint.ForEachNodeOf(run.layout(), [&](const NodeRecord& record) {
    if (stop_signal_received.load() != 0) {
      return absl::CancelledError(absl::StrCat("stopped before ", path, " was written"));
    }
    printer.Print({"strategy", record.node, run.layout().num_nodes(), "decisions"});
    const NodeStrategy strategy(run.layout(), record.node, record.values);
    const size_t num_actions = run.tree().nodes()[record.node].num_actions;
    const absl::Span<double> probabilities = absl::MakeSpan(memory.data(), num_actions);
    out.clear();
    for (uint32_t hand = 0; hand < record.num_buckets; ++hand) {
      if (policy != nullptr) {
        policy->Probabilities(record.node, hand, probabilities);
      } else {
        strategy.Probabilities(hand, probabilities);
      }
      out.insert(out.end(), probabilities.begin(), probabilities.end());
    }
    return npz->Append(absl::MakeConstSpan(out));
  }));
  printer.EndLine();
  return npz->End();
}

}  // namespace

absl::Status InspectExportNpz(const ExportRequest& request) {
  if (!FileExists(FolderOf(request.file))) {
    return absl::NotFoundError(
        absl::StrCat(request.file, ": its folder is not there; create it first"));
  }
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache, BucketCheck::kWhenAsked));
  CatchStopSignals();
  std::optional<StoredPolicy> stored;
  if (NeedsSnapshots(*run)) {
    ASSIGN_OR_RETURN(StoredPolicy loaded,
                     StoredPolicy::Load(*run, checkpoint, StrategyKind::kAverage));
    stored.emplace(std::move(loaded));
  }
  ASSIGN_OR_RETURN(NpzWriter npz, NpzWriter::Create(request.file));
  const std::string meta = MetaText(checkpoint, *run);
  RETURN_IF_ERROR(npz.Add("meta", "|u1", std::vector<char>(meta.begin(), meta.end())));
  RETURN_IF_ERROR(WriteTree(*run, &npz));
  RETURN_IF_ERROR(WriteHands(*run, &npz));
  RETURN_IF_ERROR(WriteProbabilities(
      checkpoint, *run, stored.has_value() ? &stored->policy() : nullptr, request.file, &npz));
  ASSIGN_OR_RETURN(const uint64_t bytes, npz.Finish());
  if (request.as_json) {
    PrintJson({{"file", request.file},
               {"format_version", kNpzVersion},
               {"bytes", bytes},
               {"infosets", checkpoint.manifest().num_rows}});
  } else {
    absl::PrintF("file              %s\nbytes             %d for %d infosets\n", request.file,
                 bytes, checkpoint.manifest().num_rows);
  }
  return absl::OkStatus();
}

}  // namespace nash
