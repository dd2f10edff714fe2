// A server elsewhere is trusted with nothing: its answer must be a hand of this game that goes on
// from the one before (CheckFollows), with our cards unchanged, its betting legal and what was won
// what the rules give. Anything else ends the match with what was found, since chips that were
// counted by a misunderstanding would be worse than none. What it says is cut and made printable
// before a terminal sees it. tests/opponents/fake_slumbot.py answers as it would, and wrongly in
// several ways.
#include "tools/opponents/slumbot.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace nash {
namespace {

// The interface has no codes for its refusals, only words.
bool TellsOfSession(absl::string_view message) {
  const std::string lower = absl::AsciiStrToLower(message);
  return absl::StrContains(lower, "token") || absl::StrContains(lower, "session");
}

}  // namespace

SlumbotTable::SlumbotTable(HttpClient* server, std::string name, std::string password)
    : OnlineTable("Slumbot"),
      server_(server),
      name_(std::move(name)),
      password_(std::move(password)) {}

absl::Status SlumbotTable::LogIn() {
  const nlohmann::json question = {{"username", name_}, {"password", password_}};
  // Who types what is no UTF-8 is refused by the server, not by an exception here.
  const std::string text = question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  ASSIGN_OR_RETURN(const std::string body, server_->Ask({"/api/login", text}));
  ASSIGN_OR_RETURN(const nlohmann::json json, ParseObject(body));
  if (json.contains("error_msg")) {
    return absl::PermissionDeniedError("Slumbot refuses the name or the password");
  }
  if (!json.contains("token") || !json["token"].is_string()) return Senseless("no token");
  token_ = json["token"].get<std::string>();
  return absl::OkStatus();
}

absl::StatusOr<OnlineState> SlumbotTable::Begin() {
  const bool had_token = !token_.empty();
  if (!had_token && !name_.empty()) RETURN_IF_ERROR(LogIn());
  absl::StatusOr<OnlineState> state = Ask("/api/new_hand", "");
  // Whatever the words: a new hand asks for nothing that could be refused but the session.
  if (!had_token || !absl::IsFailedPrecondition(state.status())) return state;
  token_.clear();
  if (!name_.empty()) RETURN_IF_ERROR(LogIn());
  return Ask("/api/new_hand", "");
}

absl::StatusOr<OnlineState> SlumbotTable::Act(const OnlineState& state, ActionLabel action) {
  const OnlineAction increment = OnlineActionOf(game(), state.actions, action);
  std::string text(1, increment.letter);
  if (increment.letter == 'b') absl::StrAppend(&text, increment.street_chips);
  absl::StatusOr<OnlineState> next = Ask("/api/act", text);
  if (!absl::IsFailedPrecondition(next.status()) || !TellsOfSession(next.status().message())) {
    return next;
  }
  token_.clear();
  return absl::UnauthenticatedError(absl::StrCat(next.status().message(), "; the hand is lost"));
}

absl::StatusOr<OnlineState> SlumbotTable::Ask(const std::string& path,
                                              const std::string& increment) {
  nlohmann::json question = nlohmann::json::object();
  if (!token_.empty()) question["token"] = token_;
  if (!increment.empty()) question["incr"] = increment;
  ASSIGN_OR_RETURN(const std::string body, server_->Ask({path, question.dump()}));
  ASSIGN_OR_RETURN(const nlohmann::json json, ParseObject(body));
  return Read(json);
}

absl::StatusOr<std::vector<Card>> SlumbotTable::CardList(const nlohmann::json& json,
                                                         const char* key) const {
  if (!json.contains(key) || !json[key].is_array()) {
    return Senseless(absl::StrCat(key, " is no list"));
  }
  std::string names;
  for (const auto& card : json[key]) {
    if (!card.is_string()) return Senseless(absl::StrCat(key, " holds what is no text"));
    names += card.get<std::string>();
  }
  return Cards(names, key);
}

absl::StatusOr<OnlineState> SlumbotTable::Read(const nlohmann::json& json) {
  if (json.contains("error_msg") && json["error_msg"].is_string()) {
    return Refused(json["error_msg"].get<std::string>());
  }
  if (json.contains("token")) {
    if (!json["token"].is_string()) return Senseless("the token is no text");
    token_ = json["token"].get<std::string>();
  }
  if (token_.empty()) return Senseless("no token");
  OnlineState state;
  if (!json.contains("client_pos") || !json["client_pos"].is_number_integer() ||
      json["client_pos"].get<int64_t>() < 0 || json["client_pos"].get<int64_t>() > 1) {
    return Senseless("client_pos is neither 0 nor 1");
  }
  state.position = json["client_pos"].get<int>();
  if (!json.contains("action") || !json["action"].is_string()) return Senseless("no action");
  auto actions = ParseOnlineBetting(game(), json["action"].get<std::string>());
  if (!actions.ok()) return Senseless(actions.status().message());
  state.actions = *std::move(actions);
  ASSIGN_OR_RETURN(state.hole, CardList(json, "hole_cards"));
  ASSIGN_OR_RETURN(state.board, CardList(json, "board"));
  if (json.contains("bot_hole_cards")) {
    ASSIGN_OR_RETURN(state.other_hole, CardList(json, "bot_hole_cards"));
  }
  const auto chips = [&](const char* key) -> absl::StatusOr<std::optional<double>> {
    if (!json.contains(key) || json[key].is_null()) return std::nullopt;
    if (!json[key].is_number()) return Senseless(absl::StrCat(key, " is no number"));
    return json[key].get<double>();
  };
  ASSIGN_OR_RETURN(state.winnings, chips("winnings"));
  ASSIGN_OR_RETURN(const std::optional<double> baseline, chips("baseline_winnings"));
  if (state.winnings.has_value() && baseline.has_value()) {
    state.adjusted_chips = *state.winnings - *baseline;
  }
  return state;
}

}  // namespace nash
