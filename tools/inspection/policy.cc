#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/game/street_names.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/decision.h"
#include "tools/inspection/decision_json.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/print_json.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// No field needs quoting: all are made of letters, digits and "/|.-".
constexpr char kHeader[] = "player,street,betting,hand,action,probability,regret,strategy_sum\n";
constexpr size_t kFlushBytes = 1 << 16;

class CsvPrinter {
 public:
  explicit CsvPrinter(const LoadedRun& run) : run_(run), text_(kHeader) {}

  void Add(NodeIndex node, absl::Span<const int32_t> values) {
    const PublicTree& tree = run_.tree();
    const PublicNode& n = tree.nodes()[node];
    const NodeStrategy strategy(run_.layout(), node, values);
    const std::string place =
        absl::StrCat(n.player, ",", kStreetNames[n.street], ",", BettingName(tree, node), ",");
    std::vector<double> probabilities(n.num_actions);
    for (uint32_t bucket = 0; bucket < run_.layout().NumBuckets(node); ++bucket) {
      const std::string hand = run_.abstraction().HandName(n.street, bucket);
      const RowView row = strategy.Row(bucket);
      strategy.Probabilities(bucket, absl::MakeSpan(probabilities));
      for (int a = 0; a < n.num_actions; ++a) {
        absl::StrAppend(&text_, place, hand, ",", tree.ActionName(tree.LabelsOf(node)[a]));
        // Stored integers have at most ten digits, and all of a double's are wanted.
        absl::StrAppendFormat(&text_, ",%.9g,%.17g,", probabilities[a], row.Regret(a));
        if (strategy.has_sums()) absl::StrAppendFormat(&text_, "%.17g", row.Sum(a));
        text_ += '\n';
      }
      if (text_.size() >= kFlushBytes) Flush();
    }
  }

  // Errors of stdout are told by Finish() (command_line.h).
  void Flush() {
    std::fwrite(text_.data(), 1, text_.size(), stdout);
    text_.clear();
  }

 private:
  const LoadedRun& run_;
  std::string text_;
};

// "preflop" and "street1" are the same, as in run definitions.
absl::StatusOr<int> ParseStreet(const std::string& name, const GameDefinition& game) {
  if (const auto street = FindStreetOrNumber(name, game.num_streets)) return *street;
  return absl::InvalidArgumentError(absl::StrCat("--street=", name,
                                                 ": the game's streets are preflop to ",
                                                 kStreetNames[game.num_streets - 1]));
}

// In the form that the hands of a decision are named in: the higher card first.
absl::StatusOr<std::vector<Card>> ParseHand(const std::string& text, const GameDefinition& game) {
  absl::StatusOr<std::vector<Card>> hand = ParseCards(text);
  if (!hand.ok() || hand->size() != static_cast<size_t>(game.num_hole_cards)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--hand=", text, ": expected ", game.num_hole_cards, " cards, as in AhKd"));
  }
  std::sort(hand->begin(), hand->end(), std::greater<>());
  return hand;
}

void PrintHandsAsCsv(const PublicTree& tree, const Decision& decision) {
  const int player = tree.nodes()[decision.node].player;
  std::string text = "hand,bucket,reach,action,probability,regret\n";
  for (const DecisionHand& hand : decision.hands) {
    for (size_t a = 0; a < hand.actions.size(); ++a) {
      absl::StrAppend(&text, CardNames(hand.hole), ",", hand.bucket);
      absl::StrAppendFormat(&text, ",%.9g,%s,%.9g,%.17g\n", hand.reach[player],
                            tree.ActionName(tree.LabelsOf(decision.node)[a]), hand.actions[a],
                            hand.regrets[a]);
    }
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// One decision, hand by hand.
absl::Status InspectHands(const PolicyRequest& request) {
  if (!request.street.empty()) {
    return absl::InvalidArgumentError("--street: the decision that --betting names has one");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<DecisionViewer> viewer,
                   DecisionViewer::Open(request.folder, request.bucket_cache));
  ASSIGN_OR_RETURN(Decision decision,
                   viewer->At(request.betting.value_or(""), request.board.value_or("")));
  if (!request.hand.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Card> wanted,
                     ParseHand(request.hand, viewer->run().tree().game()));
    std::erase_if(decision.hands, [&](const DecisionHand& hand) { return hand.hole != wanted; });
    if (decision.hands.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--hand=", request.hand, ": the deck without the board has no such hand"));
    }
  }
  if (request.as_json) {
    PrintJson(DecisionJson(*viewer, decision));
  } else {
    PrintHandsAsCsv(viewer->run().tree(), decision);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status InspectPolicy(const PolicyRequest& request) {
  if (request.board.has_value() || !request.hand.empty() || request.as_json) {
    return InspectHands(request);
  }
  if (request.format != "csv") {
    return absl::InvalidArgumentError(
        absl::StrCat("--format=", request.format, ": csv is what there is"));
  }
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache));
  int street = -1;
  if (!request.street.empty()) {
    ASSIGN_OR_RETURN(street, ParseStreet(request.street, run->definition().game));
  }
  CsvPrinter printer(*run);
  const auto is_wanted = [&](NodeIndex node) {
    return street < 0 || run->tree().nodes()[node].street == street;
  };
  if (request.betting.has_value()) {
    ASSIGN_OR_RETURN(const NodeIndex node, FindNode(run->tree(), *request.betting));
    ASSIGN_OR_RETURN(const std::vector<int32_t> values, checkpoint.ReadNode(run->layout(), node));
    if (is_wanted(node)) printer.Add(node, values);
  } else {
    RETURN_IF_ERROR(checkpoint.ForEachNodeOf(run->layout(), [&](const NodeRecord& record) {
      if (is_wanted(record.node)) printer.Add(record.node, record.values);
      return std::ferror(stdout) == 0 ? absl::OkStatus()
                                      : absl::UnknownError("stdout cannot be written to");
    }));
  }
  printer.Flush();
  return absl::OkStatus();
}

}  // namespace nash
