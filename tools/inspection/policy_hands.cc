// inspect_checkpoint policy --board, --hand, --range: one decision by hole cards.
//
// A range that is asked about takes the place of the reach that the strategy gives: the mean is
// over its weights then. Hands that share a bucket are played alike, and --same_bucket shows them.
//
// The table knows buckets. What is printed here follows from it: a hand's bucket on the board
// (decision.h), the row of that bucket, the product of probabilities on the way. Three sets of
// hands are told apart: those of the decision, which equities are against; those that the user
// named; and with --same_bucket those that share a row with one of these. tests/tools/look_test.sh
// and browse_test.sh compare with the lines of `policy` by buckets.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/decision.h"
#include "tools/inspection/decision_json.h"
#include "tools/inspection/equity.h"
#include "tools/inspection/hand_range.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

// In the form that the hands of a decision are named in: the higher card first.
absl::StatusOr<std::vector<Card>> ParseHand(const std::string& text, const GameDefinition& game) {
  absl::StatusOr<std::vector<Card>> hand = ParseCards(text);
  if (!hand.ok() || hand->size() != static_cast<size_t>(game.num_hole_cards)) {
    return absl::InvalidArgumentError(absl::StrCat("--hand=", absl::CEscape(text), ": expected ",
                                                   game.num_hole_cards, " cards, as in AhKd"));
  }
  std::sort(hand->begin(), hand->end(), std::greater<>());
  return hand;
}

// weights: of the range that was asked about; null: none was.
void PrintHandsAsCsv(const PublicTree& tree, const Decision& decision, const HandRange* weights) {
  const int player = tree.nodes()[decision.node].player;
  std::string text = absl::StrCat("hand,bucket,", weights != nullptr ? "weight," : "",
                                  "reach,action,probability,regret\n");
  for (const DecisionHand& hand : decision.hands) {
    for (size_t a = 0; a < hand.actions.size(); ++a) {
      absl::StrAppend(&text, CardNames(hand.hole), ",", hand.bucket);
      if (weights != nullptr) absl::StrAppendFormat(&text, ",%.9g", weights->at(hand.hole));
      absl::StrAppendFormat(&text, ",%.9g,%s,%.9g,%.17g\n", hand.reach[player],
                            tree.ActionName(tree.LabelsOf(decision.node)[a]), hand.actions[a],
                            hand.regrets[a]);
    }
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// Leaves the hands that --hand and --range name, and with --same_bucket all that are played like
// one of them.
absl::Status KeepWanted(const PolicyRequest& request, const GameDefinition& game,
                        const HandRange* range, Decision* decision) {
  std::set<std::vector<Card>> wanted;
  if (!request.hand.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Card> hand, ParseHand(request.hand, game));
    wanted.insert(hand);
  } else if (range != nullptr) {
    for (const auto& [hand, weight] : *range) wanted.insert(hand);
  } else {
    return absl::OkStatus();
  }
  std::set<uint32_t> buckets;
  for (const DecisionHand& hand : decision->hands) {
    if (wanted.count(hand.hole) != 0) buckets.insert(hand.bucket);
  }
  if (buckets.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(request.hand.empty() ? "--range" : absl::StrCat("--hand=", request.hand),
                     ": the deck without the board has no such hand"));
  }
  std::erase_if(decision->hands, [&](const DecisionHand& hand) {
    return request.same_bucket ? buckets.count(hand.bucket) == 0 : wanted.count(hand.hole) == 0;
  });
  return absl::OkStatus();
}

// The mean over the range instead of over reach.
void WeighBy(const HandRange& range, Decision* decision) {
  std::fill(decision->mean.begin(), decision->mean.end(), 0);
  double sum = 0;
  for (const DecisionHand& hand : decision->hands) {
    const double weight = range.at(hand.hole);
    for (size_t a = 0; a < hand.actions.size(); ++a) decision->mean[a] += weight * hand.actions[a];
    sum += weight;
  }
  for (double& mean : decision->mean) mean = sum > 0 ? mean / sum : 0;
}

absl::Status CheckFlags(const PolicyRequest& request) {
  if (!request.street.empty()) {
    return absl::InvalidArgumentError("--street: the decision that --betting names has one");
  }
  if (request.format == "jsonl") {
    return absl::InvalidArgumentError(
        "--format=jsonl is of whole strategies; --json is the form for one decision");
  }
  if (!request.hand.empty() && request.range.has_value()) {
    return absl::InvalidArgumentError("--hand and --range: one of them; a range may be one hand");
  }
  if (request.same_bucket && request.hand.empty() && !request.range.has_value()) {
    return absl::InvalidArgumentError("--same_bucket: as which hand? Say it by --hand or --range");
  }
  return absl::OkStatus();
}

// By position, as reach is; null for players who folded, and where no equity is computed.
std::map<std::vector<Card>, nlohmann::ordered_json> EquitiesByHand(const LoadedRun& run,
                                                                   const Decision& decision) {
  std::map<std::vector<Card>, nlohmann::ordered_json> by_hand;
  const std::optional<Equities> equities = EquitiesOf(run, decision);
  for (size_t i = 0; i < decision.hands.size(); ++i) {
    nlohmann::ordered_json list(std::vector<nlohmann::ordered_json>(run.tree().num_players()));
    for (int k = 0; equities.has_value() && k < 2; ++k) {
      const std::optional<double> equity = equities->equity[k][i];
      if (equity.has_value()) list[equities->seats[k]] = *equity;
    }
    by_hand[decision.hands[i].hole] = std::move(list);
  }
  return by_hand;
}

}  // namespace

absl::Status InspectHands(const PolicyRequest& request) {
  RETURN_IF_ERROR(CheckFlags(request));
  ASSIGN_OR_RETURN(const std::unique_ptr<DecisionViewer> viewer,
                   DecisionViewer::Open(request.folder, request.bucket_cache));
  const GameDefinition& game = viewer->run().tree().game();
  HandRange range;
  const HandRange* wanted = nullptr;
  if (request.range.has_value()) {
    ASSIGN_OR_RETURN(range, ParseHandRange(*request.range, MakeDeck(game.num_ranks, game.num_suits),
                                           game.num_hole_cards));
    wanted = &range;
  }
  ASSIGN_OR_RETURN(Decision decision,
                   viewer->At(request.betting.value_or(""), request.board.value_or("")));
  // Equities are against all that the opponent holds, so they come before hands are left out.
  std::map<std::vector<Card>, nlohmann::ordered_json> equities;
  if (request.as_json) equities = EquitiesByHand(viewer->run(), decision);
  RETURN_IF_ERROR(KeepWanted(request, game, wanted, &decision));
  if (wanted != nullptr) {
    // Hands that are there for their bucket only.
    for (const DecisionHand& hand : decision.hands) range.try_emplace(hand.hole, 0);
    WeighBy(range, &decision);
  }
  if (!request.as_json) {
    PrintHandsAsCsv(viewer->run().tree(), decision, wanted);
    return absl::OkStatus();
  }
  nlohmann::ordered_json json = DecisionJson(*viewer, decision);
  for (size_t i = 0; i < decision.hands.size(); ++i) {
    json["hands"][i]["equity"] = equities[decision.hands[i].hole];
  }
  if (wanted != nullptr) {
    json["range"] = FormatHandRange(range);
    for (size_t i = 0; i < decision.hands.size(); ++i) {
      json["hands"][i]["weight"] = range.at(decision.hands[i].hole);
    }
  }
  PrintJson(json);
  return absl::OkStatus();
}

}  // namespace nash
