// Betting as ACPC writes it: "cr300c/r600", streets separated by '/'.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_GAME_BETTING_TEXT_H_
#define NASHVILLE_SOLVER_GAME_BETTING_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/game/betting_state.h"
#include "solver/game/public_tree.h"

namespace nash {

// Far longer than the longest hand of the games that are played.
inline constexpr size_t kBettingTextBytesMax = 1 << 14;

// Applies a legal action.
void ApplyAction(ActionLabel action, BettingState* state);

// The actions of one hand, each legal; raises as totals over the whole hand, in limit games too. A
// slash stands where a street begins; after the last action of a hand that ends before the last
// street there may be those of the streets to come. Error: InvalidArgument, with the place.
absl::StatusOr<std::vector<ActionLabel>> ParseBetting(const GameDefinition& game,
                                                      absl::string_view text);

// One action: "f", "c", "r300" (no-limit) or "r" (limit).
std::string FormatAction(const GameDefinition& game, ActionLabel action);
// The text of legal actions. A hand in which nobody can bet any more has the slashes of the streets
// to come, as the ACPC's dealer writes it: "r20000c///".
std::string FormatBetting(const GameDefinition& game, absl::Span<const ActionLabel> actions);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_BETTING_TEXT_H_
