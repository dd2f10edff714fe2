// One hand as it is kept: stakes, who sat where, what was done, the cards that are known, and what
// each has won. The form between all formats of files.
//
// Thread-safe: values and pure functions.
#ifndef NASHVILLE_TOOLS_HISTORY_HAND_RECORD_H_
#define NASHVILLE_TOOLS_HISTORY_HAND_RECORD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "solver/game/game_definition.h"
#include "solver/play/match_state.h"

namespace nash {

struct HandRecord {
  GameDefinition game;
  // Hole cards are empty where they are not known; the board is as far as the hand showed it.
  MatchState state;
  std::vector<std::string> names;  // by position
  std::vector<double> values;      // in chips, by position; empty: not known

  friend bool operator==(const HandRecord&, const HandRecord&) = default;
};

// Finds values where the cards tell them, and compares them with those that are there. Error:
// InvalidArgument where the hand is not over, or somebody has won other chips.
absl::Status CompleteHand(HandRecord* hand);

// The game of a hold'em table as most file formats mean it: the last position is the button, two
// players' blinds are reversed. blinds, antes, stacks: by position. raise_chips: of limit games, by
// street; all 0: no limit.
GameDefinition HoldemGame(const std::vector<int32_t>& blinds, const std::vector<int32_t>& antes,
                          const std::vector<int32_t>& stacks,
                          const std::array<int32_t, kStreetsMax>& raise_chips);

// OK if HoldemGame() of the game's stakes is the game, but for the cap of raises. Error:
// FailedPrecondition. format: for the message.
absl::Status CheckHoldemGame(const GameDefinition& game, absl::string_view format);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_HAND_RECORD_H_
