#include "tools/opponents/online_table.h"

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tools/program/parse_json.h"

namespace nash {
namespace {

constexpr int32_t kStack = 20000;
constexpr size_t kMessageBytesMax = 200;
constexpr int kBreaksMax = 3;  // of the connection in a hand

// What a server says reaches a terminal: printable, and not for ever.
std::string Printable(absl::string_view said) {
  std::string text(said.substr(0, kMessageBytesMax));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return !absl::ascii_isprint(c); }, '?');
  return text;
}

BettingState StateOf(const GameDefinition& game, const std::vector<ActionLabel>& actions) {
  BettingState state(&game);
  for (const ActionLabel action : actions) ApplyAction(action, &state);
  return state;
}

}  // namespace

absl::StatusOr<std::vector<ActionLabel>> ParseOnlineBetting(const GameDefinition& game,
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

OnlineAction OnlineActionOf(const GameDefinition& game, const std::vector<ActionLabel>& actions,
                            ActionLabel action) {
  const BettingState state = StateOf(game, actions);
  if (action == kFoldLabel) return {'f', 0};
  if (action == kCallLabel) return {state.owed_chips() > 0 ? 'c' : 'k', 0};
  return {'b', action - state.street_start_chips()};
}

OnlineTable::OnlineTable(absl::string_view opponent)
    : opponent_(opponent), game_(HoldemGame({100, 50}, {0, 0}, {kStack, kStack}, {})) {}

absl::Status OnlineTable::Senseless(absl::string_view what) const {
  return absl::DataLossError(
      absl::StrCat(opponent_, "'s answer makes no sense: ", Printable(what)));
}

absl::Status OnlineTable::Refused(absl::string_view said) const {
  return absl::FailedPreconditionError(absl::StrCat(opponent_, " refuses: ", Printable(said)));
}

absl::StatusOr<nlohmann::json> OnlineTable::ParseObject(const std::string& body) const {
  nlohmann::json json = ParseJson<nlohmann::json>(body);
  if (!json.is_object()) return Senseless("no JSON object");
  return json;
}

absl::StatusOr<std::vector<Card>> OnlineTable::Cards(const std::string& names,
                                                     absl::string_view key) const {
  auto cards = ParseCards(names);
  if (!cards.ok()) return Senseless(absl::StrCat(key, ": ", cards.status().message()));
  return cards;
}

absl::Status OnlineTable::CheckState(const OnlineState& state) const {
  CardSet seen = 0;
  size_t cards = 0;
  for (const auto* list : {&state.hole, &state.board, &state.other_hole}) {
    for (const Card card : *list) seen |= SetOf(card), ++cards;
  }
  if (static_cast<size_t>(std::popcount(seen)) != cards) return Senseless("a card is there twice");
  const auto held = static_cast<size_t>(game_.num_hole_cards);
  if (state.hole.size() != held ||
      (state.other_hole.size() != 0 && state.other_hole.size() != held)) {
    return Senseless("expected two hole cards");
  }
  const auto shown = static_cast<size_t>(BoardCardsShown(game_, state.actions));
  if (state.board.size() != shown) {
    return Senseless(absl::StrCat("a board of ", state.board.size(), " cards, expected ", shown));
  }
  const BettingState betting = StateOf(game_, state.actions);
  if (betting.is_over() != state.winnings.has_value()) {
    return Senseless("winnings belong to hands that are over, and to each of them");
  }
  if (!betting.is_over() && betting.player() != state.position) {
    return Senseless("it is not our turn");
  }
  return absl::OkStatus();
}

absl::Status OnlineTable::CheckFollows(const OnlineState& before, const OnlineState& after,
                                       std::optional<ActionLabel> sent) const {
  if (after.position != before.position) return Senseless("another seat in the middle of a hand");
  if (after.hole != before.hole) return Senseless("other hole cards in the middle of a hand");
  std::vector<ActionLabel> expected = before.actions;
  if (sent.has_value()) expected.push_back(*sent);
  const auto begins = [](const auto& whole, const auto& start) {
    return whole.size() >= start.size() && std::equal(start.begin(), start.end(), whole.begin());
  };
  if (!begins(after.actions, expected)) return Senseless("other actions than were played");
  if (!begins(after.board, before.board)) return Senseless("another board in the middle of a hand");
  return absl::OkStatus();
}

absl::StatusOr<OnlineHand> OnlineTable::Finish(const OnlineState& state, uint32_t number) const {
  OnlineHand hand;
  hand.record.game = game_;
  hand.record.state.hand = number;
  hand.record.state.actions = state.actions;
  hand.record.state.board = state.board;
  hand.record.state.holes[state.position] = state.hole;
  hand.record.state.holes[1 - state.position] = state.other_hole;
  hand.record.names = {"strategy", opponent_};
  hand.record.values = {*state.winnings, -*state.winnings};
  if (state.position == 1) {
    std::swap(hand.record.names[0], hand.record.names[1]);
    std::swap(hand.record.values[0], hand.record.values[1]);
  }
  const absl::Status status = CompleteHand(&hand.record);
  if (!status.ok()) return Senseless(status.message());
  hand.chips = hand.record.values[state.position];
  hand.adjusted_chips = state.adjusted_chips;
  return hand;
}

// The state after `action`; where the connection breaks, the one that the server holds then, which
// is the same as before where it has not heard of the action.
absl::StatusOr<OnlineState> OnlineTable::Proceed(const OnlineState& state, ActionLabel action,
                                                 int* breaks) {
  absl::StatusOr<OnlineState> next = Act(state, action);
  const bool is_broken = absl::IsAborted(next.status()) && (*breaks)++ < kBreaksMax;
  if (is_broken) next = AskAgain(next.status());
  RETURN_IF_ERROR(next.status());
  RETURN_IF_ERROR(CheckState(*next));
  const bool was_not_heard = is_broken && next->actions == state.actions;
  RETURN_IF_ERROR(CheckFollows(state, *next, was_not_heard ? std::nullopt : std::optional(action)));
  return next;
}

absl::StatusOr<OnlineHand> OnlineTable::PlayHand(uint32_t number, const OnlineDecision& decide) {
  ASSIGN_OR_RETURN(OnlineState state, Begin());
  RETURN_IF_ERROR(CheckState(state));
  if (state.actions.size() > 1 && !state.winnings.has_value() && !state.is_found) {
    return Senseless("a new hand has more than one action");
  }
  int breaks = 0;
  while (!state.winnings.has_value()) {
    MatchState told;
    told.position = state.position;
    told.hand = number;
    told.actions = state.actions;
    told.holes[state.position] = state.hole;
    told.board = state.board;
    ASSIGN_OR_RETURN(const ActionLabel action, decide(told));
    ASSIGN_OR_RETURN(state, Proceed(state, action, &breaks));
  }
  return Finish(state, number);
}

}  // namespace nash
