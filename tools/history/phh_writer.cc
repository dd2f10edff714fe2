#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tools/history/phh.h"
#include "tools/history/toml_tables.h"

namespace nash {
namespace {

constexpr absl::string_view kUnknown = "????";

template <typename Chips>
std::string List(const Chips& chips) {
  return absl::StrCat("[", absl::StrJoin(chips, ", "), "]");
}

// By player; of two the other way round.
std::string Blinds(const GameDefinition& game, const std::array<int32_t, kPlayersMax>& chips) {
  std::vector<int32_t> listed(chips.begin(), chips.begin() + game.num_players);
  if (game.num_players == 2) std::swap(listed[0], listed[1]);
  return List(listed);
}

std::string CardsOrUnknown(absl::Span<const Card> cards) {
  return cards.empty() ? std::string(kUnknown) : CardNames(cards);
}

// The board of streets after `street`, up to what is known.
void DealBoard(const HandRecord& hand, int from, int to, std::vector<std::string>* actions) {
  for (int s = from; s <= to; ++s) {
    const size_t first = hand.game.BoardCardsOn(s - 1), n = hand.game.num_board_cards[s];
    if (hand.state.board.size() < first + n) return;
    actions->push_back(
        absl::StrCat("d db ", CardNames(absl::MakeConstSpan(hand.state.board).subspan(first, n))));
  }
}

std::vector<std::string> Actions(const HandRecord& hand) {
  const GameDefinition& game = hand.game;
  std::vector<std::string> actions;
  for (int p = 0; p < game.num_players; ++p) {
    actions.push_back(absl::StrCat("d dh p", p + 1, " ", CardsOrUnknown(hand.state.holes[p])));
  }
  BettingState state(&game);
  for (const ActionLabel action : hand.state.actions) {
    const int street = state.street();
    const std::string player = absl::StrCat("p", state.player() + 1);
    if (action == kFoldLabel) {
      actions.push_back(player + " f");
    } else if (action == kCallLabel) {
      actions.push_back(player + " cc");
    } else {
      actions.push_back(absl::StrCat(player, " cbr ", action - state.street_start_chips()));
    }
    ApplyAction(action, &state);
    if (state.street() != street) DealBoard(hand, street + 1, state.street(), &actions);
  }
  if (std::has_single_bit(state.in_hand())) return actions;
  for (int p = 0; p < game.num_players; ++p) {
    if ((state.in_hand() >> p & 1) == 0) continue;
    const auto& hole = hand.state.holes[p];
    actions.push_back(absl::StrCat("p", p + 1, " sm", hole.empty() ? "" : " ", CardNames(hole)));
  }
  DealBoard(hand, state.street() + 1, game.num_streets - 1, &actions);
  return actions;
}

std::string Hand(const HandRecord& hand) {
  const GameDefinition& game = hand.game;
  const bool is_limit = game.betting == BettingKind::kLimit;
  std::string text = absl::StrCat("variant = \"", is_limit ? "FT" : "NT", "\"\n",
                                  "antes = ", Blinds(game, game.dead_chips), "\n",
                                  "blinds_or_straddles = ", Blinds(game, game.blind_chips), "\n");
  if (is_limit) {
    absl::StrAppend(&text, "small_bet = ", game.raise_chips[0], "\nbig_bet = ", game.raise_chips[3],
                    "\n");
  } else {
    absl::StrAppend(&text, "min_bet = ",
                    *std::max_element(game.blind_chips.begin(), game.blind_chips.end()), "\n");
  }
  const absl::Span<const int32_t> stacks =
      absl::MakeConstSpan(game.stack_chips).first(game.num_players);
  absl::StrAppend(&text, "starting_stacks = ", List(stacks), "\nactions = [\n");
  for (const std::string& action : Actions(hand)) absl::StrAppend(&text, "  \"", action, "\",\n");
  absl::StrAppend(
      &text, "]\nhand = ", hand.state.hand, "\nplayers = [",
      absl::StrJoin(hand.names, ", ",
                    [](std::string* out, const std::string& name) { out->append(TomlText(name)); }),
      "]\n");
  if (!hand.values.empty()) {
    std::vector<std::string> finishing;
    for (int p = 0; p < game.num_players; ++p) {
      finishing.push_back(FormatChips(stacks[p] + hand.values[p]));
    }
    absl::StrAppend(&text, "finishing_stacks = ", List(finishing), "\n");
  }
  return text;
}

}  // namespace

absl::Status CheckPhhGame(const GameDefinition& game) {
  RETURN_IF_ERROR(CheckHoldemGame(game, "PHH"));
  if (game.betting == BettingKind::kLimit &&
      (game.raise_chips[0] != game.raise_chips[1] || game.raise_chips[2] != game.raise_chips[3])) {
    return absl::FailedPreconditionError(
        "PHH has one small and one big bet, for two streets each; this game has others");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FormatPhhHand(const HandRecord& hand) {
  RETURN_IF_ERROR(CheckPhhGame(hand.game));
  return Hand(hand);
}

}  // namespace nash
