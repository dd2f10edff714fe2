#include "tools/acpc/acpc_player.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"

namespace nash {

absl::Status AcpcPlayer::CheckFollows(const MatchState& state) const {
  if (!last_.has_value()) return absl::OkStatus();
  const auto refused = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat("the dealer contradicts itself in hand ", state.hand,
                                            ": ", what, " than in the state before"));
  };
  if (state.hand != last_->hand) {
    if (is_over_) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("the dealer begins hand ", state.hand, " before hand ",
                                            last_->hand, " is over"));
  }
  if (state.position != last_->position) return refused("another seat");
  const int own = state.position;
  if (state.holes[own] != last_->holes[own]) return refused("other hole cards");
  const auto extends = [](const auto& longer, const auto& shorter) {
    return longer.size() >= shorter.size() &&
           std::equal(shorter.begin(), shorter.end(), longer.begin());
  };
  if (!extends(state.actions, last_->actions)) return refused("other actions");
  if (!extends(state.board, last_->board)) return refused("another board");
  return absl::OkStatus();
}

absl::StatusOr<ActionLabel> AcpcPlayer::ActionAt(const MatchState& state) const {
  PlayedHand hand;
  hand.game = &game_;
  hand.position = state.position;
  hand.number = state.hand;
  hand.hole = state.holes[state.position];
  hand.board = state.board;
  hand.actions = state.actions;
  ASSIGN_OR_RETURN(const PlayerAnswer answer, strategy_.Ask(hand));
  return answer.action();
}

absl::StatusOr<std::optional<std::string>> AcpcPlayer::Answer(const std::string& line) {
  if (line.empty() || line[0] == '#' || line[0] == ';') return std::nullopt;
  absl::StatusOr<MatchState> state = ParseMatchState(game_, line);
  if (!state.ok()) {
    return absl::DataLossError(absl::StrCat(
        "the dealer sent a ", state.status().message(),
        "; if it plays another game than the strategy was trained for, name it by --game"));
  }
  RETURN_IF_ERROR(CheckFollows(*state));
  if (last_ == *state) return std::nullopt;
  BettingState betting(&game_);
  for (const ActionLabel action : state->actions) ApplyAction(action, &betting);
  last_ = *std::move(state);
  is_over_ = betting.is_over();
  num_hands_ += is_over_;
  if (is_over_ || betting.player() != last_->position) return std::nullopt;
  ASSIGN_OR_RETURN(const ActionLabel action, ActionAt(*last_));
  ++num_answers_;
  return absl::StrCat(line, ":", FormatAction(game_, action));
}

}  // namespace nash
