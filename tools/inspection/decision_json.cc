// `policy --json` and the browser's server print the same objects, so that what the page draws can
// be checked on the command line.
//
// Probabilities and reaches are rounded to nine digits behind the point, which float does not
// reach; regrets and sums are the table's own values and are not rounded, so that they can be
// compared with the lines of `policy`. An equity is null where no hand of the opponent's range is
// possible beside the hand. tests/tools/browse_test.sh reads every field.
#include "tools/inspection/decision_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "solver/game/street_names.h"
#include "solver/run/run_definition.h"
#include "tools/inspection/equity.h"
#include "tools/inspection/inspected_run.h"

namespace nash {
namespace {

// Probabilities to nine digits, as the CSV of `policy` has them.
double Rounded(double value) { return std::round(value * 1e9) / 1e9; }

nlohmann::ordered_json RoundedList(const std::vector<double>& values) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const double value : values) list.push_back(Rounded(value));
  return list;
}

const char* EndName(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kDecision:
      return "";
    case EdgeKind::kFold:
      return "fold";
    case EdgeKind::kShowdown:
      return "showdown";
    case EdgeKind::kMultiway:
      return "end";
  }
  return "";
}

nlohmann::ordered_json ActionsJson(const PublicTree& tree, NodeIndex node) {
  nlohmann::ordered_json actions = nlohmann::ordered_json::array();
  for (size_t a = 0; a < tree.EdgesOf(node).size(); ++a) {
    const PublicEdge& edge = tree.EdgesOf(node)[a];
    nlohmann::ordered_json action;
    action["name"] = tree.ActionName(tree.LabelsOf(node)[a]);
    if (edge.kind() == EdgeKind::kDecision) {
      action["betting"] = BettingName(tree, edge.payload());
    } else {
      action["ends"] = EndName(edge.kind());
    }
    actions.push_back(std::move(action));
  }
  return actions;
}

}  // namespace

nlohmann::ordered_json RunJson(const DecisionViewer& viewer) {
  const LoadedRun& run = viewer.run();
  const GameDefinition& game = run.tree().game();
  const Manifest& manifest = viewer.checkpoint().manifest();
  nlohmann::ordered_json json;
  json["name"] = run.definition().name;
  json["checkpoint"] = viewer.checkpoint().path();
  json["round"] = manifest.position.round;
  json["iterations"] = manifest.position.iterations;
  json["run_fingerprint"] = manifest.position.fingerprint;
  json["players"] = game.num_players;
  json["hole_cards"] = game.num_hole_cards;
  json["limit"] = game.betting == BettingKind::kLimit;
  nlohmann::ordered_json deck = nlohmann::ordered_json::array();
  for (const Card card : MakeDeck(game.num_ranks, game.num_suits)) deck.push_back(CardName(card));
  json["deck"] = std::move(deck);
  nlohmann::ordered_json streets = nlohmann::ordered_json::array();
  for (int s = 0; s < game.num_streets; ++s) {
    nlohmann::ordered_json street;
    street["name"] = std::string(kStreetNames[s]);
    street["board_cards"] = game.BoardCardsOn(s);
    street["buckets"] = run.layout().num_buckets_on(s);
    streets.push_back(std::move(street));
  }
  json["streets"] = std::move(streets);
  return json;
}

nlohmann::ordered_json DecisionJson(const DecisionViewer& viewer, const Decision& decision) {
  const PublicTree& tree = viewer.run().tree();
  const GameDefinition& game = tree.game();
  const PublicNode& node = tree.nodes()[decision.node];
  nlohmann::ordered_json json;
  json["betting"] = BettingName(tree, decision.node);
  json["player"] = node.player;
  json["street"] = std::string(kStreetNames[node.street]);
  json["board"] = CardNames(decision.board);
  json["strategy"] = decision.is_average ? "average" : "current";
  json["pot"] = decision.betting.pot_chips();
  nlohmann::ordered_json seats = nlohmann::ordered_json::array();
  for (int p = 0; p < game.num_players; ++p) {
    const int32_t spent = decision.betting.spent_chips(p);
    seats.push_back({{"bet", spent},
                     {"stack", game.BetChipsMax(p) - spent},
                     {"folded", (decision.betting.in_hand() >> p & 1) == 0}});
  }
  json["seats"] = std::move(seats);
  nlohmann::ordered_json path = nlohmann::ordered_json::array();
  for (const PathStep& step : decision.path) {
    const PublicNode& at = tree.nodes()[step.node];
    path.push_back({{"betting", BettingName(tree, step.node)},
                    {"player", at.player},
                    {"street", std::string(kStreetNames[at.street])},
                    {"action", tree.ActionName(tree.LabelsOf(step.node)[step.action])}});
  }
  json["path"] = std::move(path);
  json["actions"] = ActionsJson(tree, decision.node);
  json["mean"] = RoundedList(decision.mean);
  nlohmann::ordered_json hands = nlohmann::ordered_json::array();
  for (const DecisionHand& hand : decision.hands) {
    hands.push_back({{"hand", CardNames(hand.hole)},
                     {"bucket", hand.bucket},
                     {"reached", hand.is_reached},
                     {"reach", RoundedList(hand.reach)},
                     {"probabilities", RoundedList(hand.actions)},
                     {"regrets", hand.regrets},
                     {"sums", hand.sums}});
  }
  json["hands"] = std::move(hands);
  return json;
}

nlohmann::ordered_json EquityJson(const DecisionViewer& viewer, const Decision& decision) {
  nlohmann::ordered_json json;
  json["seats"] = json["equity"] = nlohmann::ordered_json::array();
  const std::optional<Equities> equities = EquitiesOf(viewer.run(), decision);
  if (!equities.has_value()) return json;
  json["seats"] = equities->seats;
  for (const std::vector<std::optional<double>>& seat : equities->equity) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const std::optional<double>& equity : seat) {
      list.push_back(equity.has_value() ? nlohmann::ordered_json(Rounded(*equity))
                                        : nlohmann::ordered_json(nullptr));
    }
    json["equity"].push_back(std::move(list));
  }
  return json;
}

}  // namespace nash
