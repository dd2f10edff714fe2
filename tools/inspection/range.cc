// inspect_checkpoint range: what a player holds at a line of betting and a board, by reach.
//
// The probability that the player's own actions lead there, hand by hand. What the others hold is
// not looked at, so that cards of theirs take none of it: a solver's range, as analysts pass it on.
//
// Hands that share a bucket on each street of the path have the same reach, whatever an analyst
// would think of them. tests/tools/look.py multiplies the lines of `policy` along the path and
// compares, and look_test.sh reads a printed range back by `policy --range`.
#include <algorithm>
#include <cmath>
#include <cstdio>
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
#include "tools/inspection/hand_range.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

// The likeliest hands first, equals in the order of their cards.
void SortByReach(int seat, std::vector<DecisionHand>* hands) {
  std::sort(hands->begin(), hands->end(), [&](const DecisionHand& a, const DecisionHand& b) {
    if (a.reach[seat] != b.reach[seat]) return a.reach[seat] > b.reach[seat];
    return a.hole > b.hole;
  });
}

double SumOf(int seat, const std::vector<DecisionHand>& hands) {
  double sum = 0;
  for (const DecisionHand& hand : hands) sum += hand.reach[seat];
  return sum;
}

std::string Notation(int seat, const std::vector<DecisionHand>& hands) {
  HandRange range;
  for (const DecisionHand& hand : hands) range[hand.hole] = hand.reach[seat];
  return FormatHandRange(range);
}

void PrintRangeJson(const DecisionViewer& viewer, const Decision& decision, int seat) {
  const PublicTree& tree = viewer.run().tree();
  const double sum = SumOf(seat, decision.hands);
  const auto rounded = [](double value) { return std::round(value * 1e9) / 1e9; };
  nlohmann::ordered_json json;
  json["checkpoint"] = viewer.checkpoint().path();
  json["betting"] = BettingName(tree, decision.node);
  json["street"] = kStreetNames[tree.nodes()[decision.node].street];
  json["board"] = CardNames(decision.board);
  json["seat"] = seat;
  json["hands_held"] = rounded(sum);
  json["share_of_all"] = rounded(sum / decision.hands.size());
  json["range"] = Notation(seat, decision.hands);
  json["hands"] = nlohmann::ordered_json::array();
  for (const DecisionHand& hand : decision.hands) {
    json["hands"].push_back({{"hand", CardNames(hand.hole)},
                             {"bucket", hand.bucket},
                             {"reach", rounded(hand.reach[seat])},
                             {"share", sum > 0 ? rounded(hand.reach[seat] / sum) : 0}});
  }
  PrintJson(json);
}

void PrintRangeCsv(const Decision& decision, int seat) {
  const double sum = SumOf(seat, decision.hands);
  std::string text = "hand,bucket,reach,share\n";
  for (const DecisionHand& hand : decision.hands) {
    absl::StrAppendFormat(&text, "%s,%d,%.9g,%.9g\n", CardNames(hand.hole), hand.bucket,
                          hand.reach[seat], sum > 0 ? hand.reach[seat] / sum : 0);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

absl::Status InspectRange(const RangeRequest& request) {
  if (request.format != "csv" && request.format != "range") {
    return absl::InvalidArgumentError(
        absl::StrCat("--format: range prints csv, or range (one line that policy --range takes); "
                     "--json beside"));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<DecisionViewer> viewer,
                   DecisionViewer::Open(request.folder, request.bucket_cache));
  ASSIGN_OR_RETURN(Decision decision, viewer->At(request.betting, request.board));
  const PublicTree& tree = viewer->run().tree();
  const int seat = request.seat.value_or(tree.nodes()[decision.node].player);
  if (seat < 0 || seat >= tree.num_players()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--seat=", seat, ": positions are 0 to ", tree.num_players() - 1,
                     " here; left out, it is ", tree.nodes()[decision.node].player, ", who acts"));
  }
  SortByReach(seat, &decision.hands);
  if (request.as_json) {
    PrintRangeJson(*viewer, decision, seat);
  } else if (request.format == "range") {
    std::printf("%s\n", Notation(seat, decision.hands).c_str());
  } else {
    PrintRangeCsv(decision, seat);
  }
  return absl::OkStatus();
}

}  // namespace nash
