// Equities at a decision: what a hand would win of the pot, in the mean, if both players went on to
// the showdown without another bet, against the range that the opponent comes here with.
//
// All cards that may still come are enumerated, and all hands of a board are compared at once
// (solver/ranges/hand_values.h). So equities are exact, and there are none where too many cards are
// to come: before the flop of a full deck they would take minutes.
//
// solver/evaluation/run_out_equity.h has equities of one hand against each other one, for players
// at a table; here one sweep of a board serves all hands of both ranges.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_EQUITY_H_
#define NASHVILLE_TOOLS_INSPECTION_EQUITY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tools/inspection/decision.h"

namespace nash {

// Ways for the rest of the board to come; a full deck has 1,081 to 1,176 after the flop.
inline constexpr uint64_t kRunoutsMax = 2000;

struct Equities {
  std::array<int, 2> seats;  // positions of the two players who are left
  // [0]: of the first's hands against the second's range; [1] the other way round. By the
  // decision's hands; none for a hand to which no hand of the opponent's range is possible.
  std::array<std::vector<std::optional<double>>, 2> equity;
};

// Needs a decision with all of its hands. None with more than two players in the hand, and beyond
// kRunoutsMax. Cards of players who folded count as unknown, as they are.
std::optional<Equities> EquitiesOf(const LoadedRun& run, const Decision& decision);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_EQUITY_H_
