// What a seat may hold: for every hand, how often the strategy would have come this way with it.
//
// Thread-safe: pure functions. Cost: a question to the strategy for each hand and decision, so
// some milliseconds in hold'em.
#ifndef NASHVILLE_TOOLS_PLAYING_SEAT_RANGE_H_
#define NASHVILLE_TOOLS_PLAYING_SEAT_RANGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/play/strategy_player.h"

namespace nash {

struct WeighedHole {
  std::vector<Card> hole;
  double weight = 0;  // in [0, 1]: the product of what it plays with it, over its decisions
};

// Of the position `seat.position`; seat.hole is not looked at. seat.board: as far as it is seen.
// known: cards that the seat cannot hold, the board among them. An action that the strategy does
// not consider counts as the nearest one that it does. Errors: those of StrategyPlayer::Ask().
absl::StatusOr<std::vector<WeighedHole>> SeatRange(const StrategyPlayer& strategy,
                                                   const PlayedHand& seat, CardSet known);

// Hold'em: the 13 x 13 classes, in percent, suited ones above the diagonal. Other games: every
// hand with its probability, the most likely first.
std::string FormatRange(const GameDefinition& game, const std::vector<WeighedHole>& range);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_SEAT_RANGE_H_
