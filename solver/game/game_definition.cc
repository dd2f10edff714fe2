// FormatGameDefinition() writes the one canonical form of a game: all keys, one order, no comments,
// defaults spelt out. It goes into run definitions and their fingerprints, so that two files that
// mean the same game name the same run; changing a character of it would orphan every checkpoint
// there is.
#include "solver/game/game_definition.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/text_file.h"
#include "solver/cards/card.h"
#include "solver/game/definition_lines.h"

namespace nash {

bool GameDefinition::IsHoldem() const {
  constexpr std::array<int, kStreetsMax> kBoard = {0, 3, 1, 1};
  return num_suits == 4 && num_ranks == 13 && num_hole_cards == 2 &&
         std::equal(num_board_cards.begin(), num_board_cards.begin() + num_streets, kBoard.begin());
}

absl::Status CheckDeadChips(const GameDefinition& game) {
  bool someone_can_act = false;
  for (int p = 0; p < game.num_players; ++p) {
    const int64_t posted = int64_t{game.dead_chips[p]} + game.blind_chips[p];
    if (game.dead_chips[p] < 0 || posted > game.stack_chips[p]) {
      return absl::InvalidArgumentError(absl::StrCat(
          "found ", game.dead_chips[p], " chips for player ", p + 1, ", who has a stack of ",
          game.stack_chips[p], " and posts a blind of ", game.blind_chips[p],
          "; expected at most what the blind leaves: lower the ante or raise the stack"));
    }
    someone_can_act |= posted < game.stack_chips[p];
  }
  if (!someone_can_act) {
    return absl::InvalidArgumentError(
        "antes and blinds take every stack; expected someone with chips to act: lower them or "
        "raise "
        "a stack");
  }
  // What the loser of a hand of two loses is one number, in whole chips (PublicEdge).
  if (game.num_players == 2 && game.DeadChips() % 2 != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "found ", game.dead_chips[0], " and ", game.dead_chips[1],
        "; expected an even sum with two players, so that a split pot is whole chips: double all "
        "chips of the game"));
  }
  return absl::OkStatus();
}

absl::Status CheckRanking(const GameDefinition& game) {
  if (game.ranking == Ranking::kStandard) return absl::OkStatus();
  constexpr int kShortDeckRanks = 9;  // six to ace
  if (game.num_ranks != kShortDeckRanks || game.num_suits != kSuitsMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "short_deck is for decks of 36 cards, six to ace (numRanks = 9, numSuits = 4); this game "
        "has ",
        game.num_ranks, " ranks and ", game.num_suits, " suits: use standard"));
  }
  if (game.num_hole_cards + game.TotalBoardCards() < 5) {
    return absl::InvalidArgumentError(
        "a player sees fewer than five cards, so that there are neither flushes nor straights: "
        "remove it");
  }
  return absl::OkStatus();
}

absl::StatusOr<GameDefinition> LoadGameDefinition(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path, kGameTextBytesMax));
  return ParseGameDefinition(text, path);
}

std::string FormatGameDefinition(const GameDefinition& game) {
  const auto list = [](const auto& values, int count) {
    return absl::StrCat(" = ", absl::StrJoin(values.begin(), values.begin() + count, " "), "\n");
  };
  const auto per_player = [&](const auto& values) { return list(values, game.num_players); };
  const auto per_street = [&](const auto& values) { return list(values, game.num_streets); };
  const bool is_limit = game.betting == BettingKind::kLimit;
  std::array<int, kStreetsMax> first_player = game.first_player;
  for (int& position : first_player) ++position;  // the file counts from 1

  std::string out = absl::StrCat("GAMEDEF\n", is_limit ? "limit" : "nolimit", "\n");
  absl::StrAppend(&out, "numPlayers = ", game.num_players, "\n");
  absl::StrAppend(&out, "numRounds = ", game.num_streets, "\n");
  absl::StrAppend(&out, "stack", per_player(game.stack_chips));
  absl::StrAppend(&out, "blind", per_player(game.blind_chips));
  if (is_limit) absl::StrAppend(&out, "raiseSize", per_street(game.raise_chips));
  absl::StrAppend(&out, "firstPlayer", per_street(first_player));
  absl::StrAppend(&out, "maxRaises", per_street(game.max_raises));
  absl::StrAppend(&out, "numSuits = ", game.num_suits, "\n");
  absl::StrAppend(&out, "numRanks = ", game.num_ranks, "\n");
  absl::StrAppend(&out, "numHoleCards = ", game.num_hole_cards, "\n");
  absl::StrAppend(&out, "numBoardCards", per_street(game.num_board_cards));
  absl::StrAppend(&out, "END GAMEDEF\n");
  return out;
}

}  // namespace nash
