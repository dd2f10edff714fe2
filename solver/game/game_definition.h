// A game as an ACPC definition file states it: players, blinds, stacks, streets, deck; and what
// such a file cannot state and a run definition adds: antes and the ranking of hands.
//
// Grammar and rules: docs/formats/games.md. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_GAME_GAME_DEFINITION_H_
#define NASHVILLE_SOLVER_GAME_GAME_DEFINITION_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/cards/ranking.h"

namespace nash {

inline constexpr int kPlayersMax = 10;
inline constexpr int kStreetsMax = 4;
inline constexpr int kHoleCardsMax = 3;
inline constexpr int kBoardCardsMax = 7;
// "Unlimited" in a definition. Chips fit a float exactly (see cfr), hence 2^24.
inline constexpr int32_t kStackChipsMax = 1 << 24;

enum class BettingKind : uint8_t { kInvalid = 0, kLimit = 1, kNoLimit = 2 };

struct GameDefinition {
  BettingKind betting = BettingKind::kLimit;
  int num_players = 0;
  int num_streets = 0;
  int num_suits = 0;
  int num_ranks = 0;
  int num_hole_cards = 0;
  std::array<int32_t, kPlayersMax> blind_chips{};  // by position
  std::array<int32_t, kPlayersMax> stack_chips{};  // by position
  // By position: antes and dead blinds, chips in the pot before the hand that are no bets.
  // Positions from num_players on have none.
  std::array<int32_t, kPlayersMax> dead_chips{};
  Ranking ranking = Ranking::kStandard;
  // By street:
  std::array<int32_t, kStreetsMax> raise_chips{};  // limit only
  std::array<int, kStreetsMax> first_player{};     // position, from 0
  std::array<int, kStreetsMax> max_raises{};
  std::array<int, kStreetsMax> num_board_cards{};  // dealt at that street's start

  // The most that a position can bet over the whole hand: what its dead chips leave of the stack.
  int32_t BetChipsMax(int position) const { return stack_chips[position] - dead_chips[position]; }
  // Of all positions.
  int64_t DeadChips() const {
    int64_t chips = 0;
    for (const int32_t dead : dead_chips) chips += dead;
    return chips;
  }

  // Board cards visible on `street`.
  int BoardCardsOn(int street) const {
    int n = 0;
    for (int s = 0; s <= street; ++s) n += num_board_cards[s];
    return n;
  }
  int TotalBoardCards() const { return BoardCardsOn(num_streets - 1); }
  int CardsPerDeal() const { return num_players * num_hole_cards + TotalBoardCards(); }
  // A hold'em deck and deal: 52 cards, 2 hole cards, board 0 3 1 1 (or its first streets).
  bool IsHoldem() const;

  friend bool operator==(const GameDefinition&, const GameDefinition&) = default;
};

// Parses the text of a definition. `file_name` is for error messages only.
// Error: InvalidArgument "FILE:LINE: what was found, what was expected".
absl::StatusOr<GameDefinition> ParseGameDefinition(absl::string_view text,
                                                   absl::string_view file_name);
// Reads and parses a file. Errors: as above, and those of ReadTextFile() (common/text_file.h).
absl::StatusOr<GameDefinition> LoadGameDefinition(const std::string& path);

// OK if the game can be played with its dead chips and its ranking, which no game file states.
// Errors: InvalidArgument, with what would do.
absl::Status CheckDeadChips(const GameDefinition& game);
absl::Status CheckRanking(const GameDefinition& game);

// The definition in canonical form, without dead chips and ranking: one spelling for equal games.
// Goes into fingerprints.
std::string FormatGameDefinition(const GameDefinition& game);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_GAME_DEFINITION_H_
