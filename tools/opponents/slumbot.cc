// A server elsewhere is trusted with nothing: its answer must be a hand of this game that goes on
// from the one before (CheckFollows), with our cards unchanged, its betting legal and what was won
// what the rules give. Anything else ends the match with what was found, since chips that were
// counted by a misunderstanding would be worse than none. What it says is cut and made printable
// before a terminal sees it. tests/opponents/fake_slumbot.py answers as it would, and wrongly in
// several ways.
#include "tools/opponents/slumbot.h"

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"

namespace nash {
namespace {

constexpr int32_t kStack = 20000;
constexpr size_t kMessageBytesMax = 200;

absl::Status Senseless(absl::string_view what) {
  // What a server says reaches a terminal: printable, and not for ever.
  std::string text(what.substr(0, kMessageBytesMax));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return !absl::ascii_isprint(c); }, '?');
  return absl::DataLossError(absl::StrCat("Slumbot's answer makes no sense: ", text));
}

BettingState StateOf(const GameDefinition& game, const std::vector<ActionLabel>& actions) {
  BettingState state(&game);
  for (const ActionLabel action : actions) ApplyAction(action, &state);
  return state;
}

absl::StatusOr<std::vector<Card>> Cards(const nlohmann::json& json, const char* key) {
  if (!json.contains(key) || !json[key].is_array()) {
    return Senseless(absl::StrCat(key, " is no list"));
  }
  std::string names;
  for (const auto& card : json[key]) {
    if (!card.is_string()) return Senseless(absl::StrCat(key, " holds what is no text"));
    names += card.get<std::string>();
  }
  auto cards = ParseCards(names);
  if (!cards.ok()) return Senseless(absl::StrCat(key, ": ", cards.status().message()));
  return cards;
}

}  // namespace

absl::StatusOr<std::vector<ActionLabel>> ParseSlumbotBetting(const GameDefinition& game,
                                                             absl::string_view text) {
  std::vector<ActionLabel> actions;
  BettingState state(&game);
  int street = 0;
  for (size_t at = 0; at < text.size();) {
    const auto refused = [&](absl::string_view what) {
      return absl::InvalidArgumentError(
          absl::StrCat("action \"", text, "\", byte ", at, ": ", what));
    };
    const char c = text[at];
    if (c == '/') {
      // After the last action of a hand that is all-in there are those of the streets to come.
      if (++street > (state.is_over() ? game.num_streets - 1 : state.street())) {
        return refused("a street begins too early");
      }
      ++at;
      continue;
    }
    if (state.is_over()) return refused("the betting is over");
    if (street != state.street()) return refused("expected /");
    ActionLabel action = kCallLabel;
    size_t end = at + 1;
    if (c == 'f') {
      if (!state.CanFold()) return refused("there is nothing to fold to");
      action = kFoldLabel;
    } else if (c == 'b') {
      while (end < text.size() && absl::ascii_isdigit(text[end])) ++end;
      int32_t chips = 0;
      if (!absl::SimpleAtoi(text.substr(at + 1, end - at - 1), &chips) || chips > kStack ||
          !state.CanRaise()) {
        return refused("a bet that is not legal");
      }
      const int32_t total = chips + state.street_start_chips();
      if (total < state.MinRaiseTo() || total > state.MaxRaiseTo()) {
        return refused("a bet that is not legal");
      }
      action = total;
    } else if (c != (state.owed_chips() > 0 ? 'c' : 'k')) {
      return refused("expected f, k, c, b or /");
    }
    actions.push_back(action);
    ApplyAction(action, &state);
    at = end;
  }
  if (!state.is_over() && street != state.street()) {
    return absl::InvalidArgumentError(absl::StrCat("action \"", text, "\": expected / at its end"));
  }
  return actions;
}

struct SlumbotTable::Answer {
  int position = 0;
  std::vector<ActionLabel> actions;
  std::vector<Card> hole, board, other_hole;
  std::optional<double> winnings;
};

SlumbotTable::SlumbotTable(HttpPost* server)
    : server_(server), game_(HoldemGame({100, 50}, {0, 0}, {kStack, kStack}, {})) {}

absl::Status SlumbotTable::LogIn(const std::string& name, const std::string& password) {
  const nlohmann::json question = {{"username", name}, {"password", password}};
  ASSIGN_OR_RETURN(const std::string body, server_->Post("/api/login", question.dump()));
  const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Senseless("no JSON object");
  if (json.contains("error_msg")) {
    return absl::PermissionDeniedError("Slumbot refuses the name or the password");
  }
  if (!json.contains("token") || !json["token"].is_string()) return Senseless("no token");
  token_ = json["token"].get<std::string>();
  return absl::OkStatus();
}

absl::StatusOr<SlumbotTable::Answer> SlumbotTable::Ask(const std::string& path,
                                                       const std::string& increment) {
  nlohmann::json question = nlohmann::json::object();
  if (!token_.empty()) question["token"] = token_;
  if (!increment.empty()) question["incr"] = increment;
  ASSIGN_OR_RETURN(const std::string body, server_->Post(path, question.dump()));
  return Read(body);
}

absl::StatusOr<SlumbotTable::Answer> SlumbotTable::Read(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Senseless("no JSON object");
  if (json.contains("error_msg") && json["error_msg"].is_string()) {
    std::string said = json["error_msg"].get<std::string>().substr(0, kMessageBytesMax);
    std::replace_if(
        said.begin(), said.end(), [](char c) { return !absl::ascii_isprint(c); }, '?');
    return absl::FailedPreconditionError(absl::StrCat("Slumbot refuses: ", said));
  }
  if (json.contains("token")) {
    if (!json["token"].is_string()) return Senseless("the token is no text");
    token_ = json["token"].get<std::string>();
  }
  if (token_.empty()) return Senseless("no token");
  Answer answer;
  if (!json.contains("client_pos") || !json["client_pos"].is_number_integer() ||
      json["client_pos"].get<int64_t>() < 0 || json["client_pos"].get<int64_t>() > 1) {
    return Senseless("client_pos is neither 0 nor 1");
  }
  answer.position = json["client_pos"].get<int>();
  if (!json.contains("action") || !json["action"].is_string()) return Senseless("no action");
  auto actions = ParseSlumbotBetting(game_, json["action"].get<std::string>());
  if (!actions.ok()) return Senseless(actions.status().message());
  answer.actions = *std::move(actions);
  ASSIGN_OR_RETURN(answer.hole, Cards(json, "hole_cards"));
  ASSIGN_OR_RETURN(answer.board, Cards(json, "board"));
  if (json.contains("bot_hole_cards")) {
    ASSIGN_OR_RETURN(answer.other_hole, Cards(json, "bot_hole_cards"));
  }
  CardSet seen = 0;
  size_t cards = 0;
  for (const auto* list : {&answer.hole, &answer.board, &answer.other_hole}) {
    for (const Card card : *list) seen |= SetOf(card), ++cards;
  }
  if (static_cast<size_t>(std::popcount(seen)) != cards) return Senseless("a card is there twice");
  const auto held = static_cast<size_t>(game_.num_hole_cards);
  if (answer.hole.size() != held ||
      (answer.other_hole.size() != 0 && answer.other_hole.size() != held)) {
    return Senseless("expected two hole cards");
  }
  const BettingState state = StateOf(game_, answer.actions);
  const auto shown = static_cast<size_t>(BoardCardsShown(game_, answer.actions));
  if (answer.board.size() != shown) {
    return Senseless(absl::StrCat("a board of ", answer.board.size(), " cards, expected ", shown));
  }
  if (json.contains("winnings") && !json["winnings"].is_null()) {
    if (!json["winnings"].is_number()) return Senseless("winnings is no number");
    answer.winnings = json["winnings"].get<double>();
  }
  if (state.is_over() != answer.winnings.has_value()) {
    return Senseless("winnings belong to hands that are over, and to each of them");
  }
  if (!state.is_over() && state.player() != answer.position) return Senseless("it is not our turn");
  return answer;
}

absl::Status SlumbotTable::CheckFollows(const Answer& before, const Answer& after,
                                        ActionLabel sent) const {
  if (after.position != before.position) return Senseless("another seat in the middle of a hand");
  if (after.hole != before.hole) return Senseless("other hole cards in the middle of a hand");
  std::vector<ActionLabel> expected = before.actions;
  expected.push_back(sent);
  const auto begins = [](const auto& whole, const auto& start) {
    return whole.size() >= start.size() && std::equal(start.begin(), start.end(), whole.begin());
  };
  if (!begins(after.actions, expected)) return Senseless("other actions than were played");
  if (!begins(after.board, before.board)) return Senseless("another board in the middle of a hand");
  return absl::OkStatus();
}

absl::StatusOr<HandRecord> SlumbotTable::Finish(const Answer& answer) const {
  HandRecord hand;
  hand.game = game_;
  hand.state.actions = answer.actions;
  hand.state.board = answer.board;
  hand.state.holes[answer.position] = answer.hole;
  hand.state.holes[1 - answer.position] = answer.other_hole;
  hand.names = {"strategy", "Slumbot"};
  hand.values = {*answer.winnings, -*answer.winnings};
  if (answer.position == 1) {
    std::swap(hand.names[0], hand.names[1]);
    std::swap(hand.values[0], hand.values[1]);
  }
  const absl::Status status = CompleteHand(&hand);
  if (!status.ok()) return Senseless(status.message());
  return hand;
}

absl::StatusOr<HandRecord> SlumbotTable::PlayHand(uint32_t number, const OnlineDecision& decide) {
  ASSIGN_OR_RETURN(Answer answer, Ask("/api/new_hand", ""));
  if (answer.actions.size() > 1 && !answer.winnings.has_value()) {
    return Senseless("a new hand has more than one action");
  }
  while (!answer.winnings.has_value()) {
    MatchState told;
    told.position = answer.position;
    told.hand = number;
    told.actions = answer.actions;
    told.holes[answer.position] = answer.hole;
    told.board = answer.board;
    ASSIGN_OR_RETURN(const ActionLabel action, decide(told));
    const BettingState state = StateOf(game_, answer.actions);
    const std::string increment = action == kFoldLabel ? "f"
                                  : action == kCallLabel
                                      ? (state.owed_chips() > 0 ? "c" : "k")
                                      : absl::StrCat("b", action - state.street_start_chips());
    ASSIGN_OR_RETURN(Answer next, Ask("/api/act", increment));
    RETURN_IF_ERROR(CheckFollows(answer, next, action));
    answer = std::move(next);
  }
  ASSIGN_OR_RETURN(HandRecord hand, Finish(answer));
  hand.state.hand = number;
  return hand;
}

}  // namespace nash
