// inspect_checkpoint policy: every infoset of a strategy as text, or one decision hand by hand.
//
// Without a hand, a board or a range it is a stream: nodes as the checkpoint has them, a line for
// each action, in pieces of 64 KB. Nothing is kept, so that a table of any size can be piped into a
// program, and a reader that goes away ends it (stdout's error flag). With one of them the question
// is about hole cards, and policy_hands.cc answers.
//
// Regrets and sums are printed as they are stored, with all digits: these lines say all that the
// table knows, and tests/tools/look.py computes from them alone what `range`, `tree`, `diff` and
// `regrets` should say.
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/game/street_names.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/print_json.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// No field needs quoting: all are made of letters, digits and "/|.-".
constexpr char kHeader[] = "player,street,betting,hand,action,probability,regret,strategy_sum\n";
constexpr size_t kFlushBytes = 1 << 16;

// Prints infosets as they come: a line for every action, or a JSON object for every infoset.
class InfosetPrinter {
 public:
  InfosetPrinter(const LoadedRun& run, bool as_json) : run_(run), as_json_(as_json) {
    if (!as_json) text_ = kHeader;
  }

  void Add(NodeIndex node, absl::Span<const int32_t> values) {
    const PublicTree& tree = run_.tree();
    const PublicNode& n = tree.nodes()[node];
    const NodeStrategy strategy(run_.layout(), node, values);
    const std::string betting = BettingName(tree, node);
    std::vector<double> probabilities(n.num_actions);
    for (uint32_t bucket = 0; bucket < run_.layout().NumBuckets(node); ++bucket) {
      const std::string hand = run_.abstraction().HandName(n.street, bucket);
      strategy.Probabilities(bucket, absl::MakeSpan(probabilities));
      if (as_json_) {
        AddJson(node, betting, hand, strategy, bucket, probabilities);
      } else {
        AddCsv(node, betting, hand, strategy, bucket, probabilities);
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
  void AddCsv(NodeIndex node, const std::string& betting, const std::string& hand,
              const NodeStrategy& strategy, uint32_t bucket,
              const std::vector<double>& probabilities) {
    const PublicTree& tree = run_.tree();
    const PublicNode& n = tree.nodes()[node];
    const RowView row = strategy.Row(bucket);
    for (int a = 0; a < n.num_actions; ++a) {
      absl::StrAppend(&text_, n.player, ",", kStreetNames[n.street], ",", betting, ",", hand, ",",
                      tree.ActionName(tree.LabelsOf(node)[a]));
      // Stored integers have at most ten digits, and all of a double's are wanted.
      absl::StrAppendFormat(&text_, ",%.9g,%.17g,", probabilities[a], row.Regret(a));
      if (strategy.has_sums()) absl::StrAppendFormat(&text_, "%.17g", row.Sum(a));
      text_ += '\n';
    }
  }

  void AddJson(NodeIndex node, const std::string& betting, const std::string& hand,
               const NodeStrategy& strategy, uint32_t bucket,
               const std::vector<double>& probabilities) {
    const PublicTree& tree = run_.tree();
    const PublicNode& n = tree.nodes()[node];
    const RowView row = strategy.Row(bucket);
    nlohmann::ordered_json json = {{"player", n.player}, {"street", kStreetNames[n.street]},
                                   {"betting", betting}, {"hand", hand},
                                   {"bucket", bucket},   {"actions", nlohmann::json::array()}};
    for (int a = 0; a < n.num_actions; ++a) {
      nlohmann::ordered_json action = {{"name", tree.ActionName(tree.LabelsOf(node)[a])},
                                       {"probability", std::round(probabilities[a] * 1e9) / 1e9},
                                       {"regret", row.Regret(a)}};
      if (strategy.has_sums()) action["strategy_sum"] = row.Sum(a);
      json["actions"].push_back(std::move(action));
    }
    text_ += JsonLine(json) + "\n";
  }

  const LoadedRun& run_;
  const bool as_json_;
  std::string text_;
};

// "preflop" and "street1" are the same, as in run definitions.
absl::StatusOr<int> ParseStreet(const std::string& name, const GameDefinition& game) {
  if (const auto street = FindStreetOrNumber(name, game.num_streets)) return *street;
  return absl::InvalidArgumentError(absl::StrCat("--street=", name,
                                                 ": the game's streets are preflop to ",
                                                 kStreetNames[game.num_streets - 1]));
}

}  // namespace

absl::Status InspectPolicy(const PolicyRequest& request) {
  if (request.format != "csv" && request.format != "jsonl") {
    return absl::InvalidArgumentError(absl::StrCat(
        "--format=", absl::CEscape(request.format),
        ": policy prints csv (a line for every action) or jsonl (one for every infoset)"));
  }
  if (request.board.has_value() || !request.hand.empty() || request.range.has_value() ||
      request.same_bucket || request.as_json) {
    return InspectHands(request);
  }
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache, BucketCheck::kWhenAsked));
  int street = -1;
  if (!request.street.empty()) {
    ASSIGN_OR_RETURN(street, ParseStreet(request.street, run->definition().game));
  }
  InfosetPrinter printer(*run, request.format == "jsonl");
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
