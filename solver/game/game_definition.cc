// FormatGameDefinition() writes the one canonical form of a game: all keys, one order, no comments,
// defaults spelt out. It goes into run definitions and their fingerprints, so that two files that
// mean the same game name the same run; changing a character of it would orphan every checkpoint
// there is.
#include "solver/game/game_definition.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/game/definition_lines.h"

namespace nash {

bool GameDefinition::IsHoldem() const {
  constexpr std::array<int, kStreetsMax> kBoard = {0, 3, 1, 1};
  return num_suits == 4 && num_ranks == 13 && num_hole_cards == 2 &&
         std::equal(num_board_cards.begin(), num_board_cards.begin() + num_streets, kBoard.begin());
}

absl::StatusOr<GameDefinition> LoadGameDefinition(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path, kGameTextBytesMax);
  if (absl::IsResourceExhausted(text.status())) {  // too large for a game
    return absl::InvalidArgumentError(text.status().message());
  }
  const bool is_folder = absl::IsFailedPrecondition(text.status());
  if (is_folder || (text.ok() && text->empty())) {
    return absl::NotFoundError(
        absl::StrCat(path, ": this game file is empty or a folder; check the path"));
  }
  RETURN_IF_ERROR(text.status());
  return ParseGameDefinition(*text, path);
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
