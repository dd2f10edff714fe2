// The stakes of a table that are not those a strategy was trained for: the same game in other
// chips.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_PLAYING_TABLE_STAKES_H_
#define NASHVILLE_TOOLS_PLAYING_TABLE_STAKES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/game/game_definition.h"

namespace nash {

// "200,100" and "40000", or "40000,30000": chips by position, one stack for all where there is one.
// What is not given follows from what is: stacks, antes and limit bets keep their ratio to the
// blinds. Whether a strategy plays such a game it says itself (StrategyPlayer::CheckGame). Error:
// InvalidArgument for what are no chips, or where the ratio gives no whole chips.
absl::StatusOr<GameDefinition> GameWithStakes(const GameDefinition& trained,
                                              absl::string_view blinds, absl::string_view stacks);

// Whether every stack has as many blinds as in `trained`, so that only the chips' names differ.
// Needs a game of GameWithStakes().
bool HasSameDepth(const GameDefinition& trained, const GameDefinition& played);

// "200,100:40000,40000", for files: what GameWithStakes() takes, at a colon.
std::string FormatStakes(const GameDefinition& game);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_TABLE_STAKES_H_
