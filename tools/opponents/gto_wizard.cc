#include "tools/opponents/gto_wizard.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "solver/game/street_names.h"
#include "tools/program/parse_json.h"

namespace nash {
namespace {

using Json = nlohmann::json;

constexpr absl::string_view kGameName = "HUNL 200BB";
constexpr absl::string_view kOpponentName = "GTO Wizard";
constexpr char kOpenHandsPath[] = "/hands/in-progress?game_name=HUNL%20200BB";
constexpr size_t kOpenHandsMax = 1000;

enum class Kind : uint8_t { kText, kNumber, kWhole, kTruth, kList, kObject, kNumberOrNull };

struct Field {
  const char* key;
  Kind kind;
};

constexpr Field kAnswerFields[] = {
    {"hand_id", Kind::kWhole}, {"game", Kind::kObject}, {"game_state", Kind::kObject}};
constexpr Field kGameFields[] = {
    {"game_id", Kind::kWhole},    {"game_name", Kind::kText},
    {"game_format", Kind::kText}, {"starting_stack", Kind::kNumber},
    {"blinds", Kind::kList},      {"stack_reset_per_hand", Kind::kTruth}};
constexpr Field kStateFields[] = {{"street", Kind::kText},
                                  {"common_pot", Kind::kNumber},
                                  {"total_pot", Kind::kNumber},
                                  {"board_cards", Kind::kText},
                                  {"is_hand_over", Kind::kTruth},
                                  {"players", Kind::kList},
                                  {"legal_actions", Kind::kList},
                                  {"action_history", Kind::kList},
                                  {"has_gto_wizard_folded", Kind::kTruth},
                                  {"winnings", Kind::kNumberOrNull},
                                  {"aivat_score", Kind::kNumberOrNull}};
constexpr Field kPlayerFields[] = {
    {"name", Kind::kText}, {"stack", Kind::kNumber}, {"position", Kind::kText}};

bool IsOf(Kind kind, const Json& value) {
  switch (kind) {
    case Kind::kText:
      return value.is_string();
    case Kind::kNumber:
      return value.is_number();
    case Kind::kWhole:
      return value.is_number_integer();
    case Kind::kTruth:
      return value.is_boolean();
    case Kind::kList:
      return value.is_array();
    case Kind::kObject:
      return value.is_object();
    case Kind::kNumberOrNull:
      return value.is_number() || value.is_null();
  }
  return false;
}

// The first field that is not there, or of another kind; empty: all are well.
template <size_t n>
std::string WrongField(const Json& object, const Field (&fields)[n]) {
  if (!object.is_object()) return "an object";
  for (const Field& field : fields) {
    if (!object.contains(field.key) || !IsOf(field.kind, object[field.key])) return field.key;
  }
  return "";
}

// A list of texts, joined. False: it holds something else.
bool JoinTexts(const Json& list, std::string* joined) {
  for (const Json& text : list) {
    if (!text.is_string()) return false;
    *joined += text.get<std::string>();
  }
  return true;
}

}  // namespace

absl::StatusOr<OnlineState> GtoWizardTable::Begin() {
  hand_id_ = -1;
  if (!open_hands_.empty()) {
    const std::string found = std::move(open_hands_.back());
    open_hands_.pop_back();
    ASSIGN_OR_RETURN(OnlineState state, ReadAnswer(found));
    state.is_found = true;
    return state;
  }
  const Json question = {{"game_name", std::string(kGameName)}};
  return Ask({"/hands", question.dump(), /*waits_at_conflict=*/true});
}

absl::StatusOr<OnlineState> GtoWizardTable::Act(const OnlineState& state, ActionLabel action) {
  const OnlineAction sent = OnlineActionOf(game(), state.actions, action);
  const bool is_bet = sent.letter == 'b';
  if (legal_letters_.find(sent.letter) == std::string::npos ||
      (is_bet && (sent.street_chips < raise_min_ || sent.street_chips > raise_max_))) {
    return Senseless(absl::StrCat("by the rules ", std::string(1, sent.letter),
                                  is_bet ? absl::StrCat(sent.street_chips) : "",
                                  " is legal, legal_actions and raise_range leave it out"));
  }
  Json question = {{"action", std::string(1, sent.letter)}, {"amount", nullptr}};
  if (is_bet) question["amount"] = sent.street_chips;
  return Ask({absl::StrCat("/hands/", hand_id_, "/act"), question.dump()});
}

absl::StatusOr<std::vector<std::string>> GtoWizardTable::OpenHands() {
  ASSIGN_OR_RETURN(const std::string body, server_->Ask({kOpenHandsPath, ""}));
  const Json list = ParseJson<Json>(body);
  if (!list.is_array() || list.size() > kOpenHandsMax) {
    return Senseless("hands in progress are no list");
  }
  std::vector<std::string> answers;
  for (const Json& answer : list) answers.push_back(answer.dump());
  return answers;
}

absl::StatusOr<size_t> GtoWizardTable::FindOpenHands() {
  ASSIGN_OR_RETURN(open_hands_, OpenHands());
  return open_hands_.size();
}

absl::StatusOr<OnlineState> GtoWizardTable::AskAgain(const absl::Status& broken) {
  ASSIGN_OR_RETURN(const std::vector<std::string> open, OpenHands());
  for (const std::string& answer : open) {
    const Json json = ParseJson<Json>(answer);
    if (json.is_object() && json.contains("hand_id") && json["hand_id"] == hand_id_) {
      return ReadAnswer(answer);
    }
  }
  return absl::UnauthenticatedError(absl::StrCat(
      broken.message(), "; the server holds the hand no more: it is over, and is lost to us"));
}

absl::StatusOr<OnlineState> GtoWizardTable::Ask(const HttpQuestion& question) {
  ASSIGN_OR_RETURN(const std::string body, server_->Ask(question));
  return ReadAnswer(body);
}

absl::StatusOr<OnlineState> GtoWizardTable::ReadAnswer(const std::string& body) {
  ASSIGN_OR_RETURN(const Json json, ParseObject(body));
  const std::string wrong = WrongField(json, kAnswerFields);
  if (!wrong.empty()) return Senseless(absl::StrCat(wrong, " is missing or of another kind"));
  const int64_t hand_id = json["hand_id"].get<int64_t>();
  if (hand_id < 0 || (hand_id_ >= 0 && hand_id != hand_id_)) {
    return Senseless("another hand_id in the middle of a hand");
  }
  hand_id_ = hand_id;
  RETURN_IF_ERROR(CheckGame(json["game"]));
  return Read(json["game_state"]);
}

absl::Status GtoWizardTable::CheckGame(const Json& told) const {
  const std::string wrong = WrongField(told, kGameFields);
  if (!wrong.empty()) return Senseless(absl::StrCat("game: ", wrong, " is missing"));
  const Json& blinds = told["blinds"];
  const bool has_numbers = blinds.size() == 2 && blinds[0].is_number() && blinds[1].is_number();
  if (!has_numbers) return Senseless("game: blinds are not two numbers");
  const double first = blinds[0].get<double>(), second = blinds[1].get<double>();
  if (told["game_name"].get<std::string>() == kGameName &&
      told["starting_stack"] == game().stack_chips[0] && told["stack_reset_per_hand"] == true &&
      std::max(first, second) == game().blind_chips[0] &&
      std::min(first, second) == game().blind_chips[1]) {
    return absl::OkStatus();
  }
  return Refused(absl::StrCat("it plays another game than ", kGameName, ": ", told.dump()));
}

absl::Status GtoWizardTable::ReadPlayers(const Json& players, OnlineState* state) const {
  if (players.size() != 2) return Senseless("expected two players");
  std::array<std::vector<Card>, 2> holes;  // by position
  std::array<bool, 2> is_opponent{};
  std::array<bool, 2> is_there{};
  for (const Json& player : players) {
    const std::string wrong = WrongField(player, kPlayerFields);
    if (!wrong.empty()) return Senseless(absl::StrCat("players: ", wrong, " is missing"));
    const std::string position = player["position"].get<std::string>();
    const bool is_button = position == "SB" || position == "BTN";
    if ((!is_button && position != "BB") || std::exchange(is_there[is_button], true)) {
      return Senseless("players: positions are not SB and BB");
    }
    is_opponent[is_button] = absl::StartsWith(player["name"].get<std::string>(), kOpponentName);
    if (!player.contains("hole_cards")) return Senseless("players: hole_cards is missing");
    const Json& cards = player["hole_cards"];
    if (cards.is_null()) continue;
    if (!cards.is_string()) return Senseless("players: hole_cards is no text");
    ASSIGN_OR_RETURN(holes[is_button], Cards(cards.get<std::string>(), "hole_cards"));
  }
  // Once a hand is decided both hands are shown: names tell who is who, else who has cards.
  const bool has_names = is_opponent[0] != is_opponent[1];
  if (!has_names && holes[0].empty() == holes[1].empty()) {
    return Senseless("players: neither names nor cards tell which of them we are");
  }
  state->position = has_names ? is_opponent[0] : holes[0].empty();
  state->hole = holes[state->position];
  state->other_hole = holes[1 - state->position];
  return absl::OkStatus();
}

// "b300", "c", "_", "k": bets are totals on their street, _ ends one.
absl::Status GtoWizardTable::ReadActions(const Json& history, OnlineState* state) const {
  std::string text;
  for (const Json& action : history) {
    if (!action.is_string()) return Senseless("action_history holds what is no text");
    const std::string token = action.get<std::string>();
    absl::string_view whole = token;
    absl::ConsumeSuffix(&whole, ".0");
    absl::StrAppend(&text, token == "_" ? "/" : whole);
  }
  auto actions = ParseOnlineBetting(game(), text);
  // Whether the end of a street is told before somebody acts on the next is not said.
  if (!actions.ok()) {
    auto with_end = ParseOnlineBetting(game(), text + "/");
    if (with_end.ok()) actions = std::move(with_end);
  }
  if (!actions.ok()) return Senseless(absl::StrCat("action_history: ", actions.status().message()));
  state->actions = *std::move(actions);
  return absl::OkStatus();
}

absl::Status GtoWizardTable::ReadTurn(const Json& json, const OnlineState& state) {
  legal_letters_.clear();
  if (!JoinTexts(json["legal_actions"], &legal_letters_) ||
      legal_letters_.find_first_not_of("fkcb") != std::string::npos) {
    return Senseless("legal_actions holds other things than f, k, c and b");
  }
  if (!json.contains("raise_range")) return Senseless("raise_range is missing");
  const Json& range = json["raise_range"];
  constexpr Field kRangeFields[] = {{"min", Kind::kNumber}, {"max", Kind::kNumber}};
  if (!range.is_null() && !WrongField(range, kRangeFields).empty()) {
    return Senseless("raise_range has no min and max");
  }
  raise_min_ = range.is_null() ? 0 : range["min"].get<double>();
  raise_max_ = range.is_null() ? 0 : range["max"].get<double>();
  BettingState betting(&game());
  bool has_opponent_folded = false;
  for (const ActionLabel action : state.actions) {
    has_opponent_folded = action == kFoldLabel && betting.player() != state.position;
    ApplyAction(action, &betting);
  }
  if (json["is_hand_over"] != betting.is_over()) {
    return Senseless("is_hand_over is not what action_history says");
  }
  if (json["has_gto_wizard_folded"] != has_opponent_folded) {
    return Senseless("has_gto_wizard_folded is not what action_history says");
  }
  const auto street = FindStreet(json["street"].get<std::string>(), game().num_streets);
  if (!street.has_value() || (!betting.is_over() && *street != betting.street())) {
    return Senseless("street is not that of action_history");
  }
  return absl::OkStatus();
}

absl::StatusOr<OnlineState> GtoWizardTable::Read(const Json& json) {
  const std::string wrong = WrongField(json, kStateFields);
  if (!wrong.empty()) {
    return Senseless(absl::StrCat("game_state: ", wrong, " is missing or of another kind"));
  }
  OnlineState state;
  RETURN_IF_ERROR(ReadActions(json["action_history"], &state));
  RETURN_IF_ERROR(ReadPlayers(json["players"], &state));
  ASSIGN_OR_RETURN(state.board, Cards(json["board_cards"].get<std::string>(), "board_cards"));
  RETURN_IF_ERROR(ReadTurn(json, state));
  if (!json["winnings"].is_null()) state.winnings = json["winnings"].get<double>();
  if (!json["aivat_score"].is_null()) {
    if (!state.winnings.has_value()) return Senseless("aivat_score of a hand that is not over");
    state.adjusted_chips = json["aivat_score"].get<double>();
  }
  return state;
}

}  // namespace nash
