// What a person types at the table.
//
// Amounts are totals on this street, as tables of cards say them: "r 600" after a bet of 200 makes
// it 600. Fractions are of the pot after calling. Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_PLAYING_TYPED_ACTION_H_
#define NASHVILLE_TOOLS_PLAYING_TYPED_ACTION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/game/betting_state.h"
#include "solver/game/game_definition.h"
#include "solver/game/public_tree.h"

namespace nash {

// "f"; "c", "k"; "r 600", "b600", "r 1/2", "r 0.75", "r 75%", "r pot", "r min", "r allin"; in
// limit games "r". A fraction is rounded and moved to the nearest legal raise. Error:
// InvalidArgument, with what is legal. Needs a hand that is not over.
absl::StatusOr<ActionLabel> ParseTypedAction(const GameDefinition& game, const BettingState& state,
                                             absl::string_view text);

// "f fold, c call 250, r 550 to 20000": what may be typed.
std::string LegalActions(const GameDefinition& game, const BettingState& state);

// "fold", "check", "call 250", "bet 300", "raise to 900", "raise to 19900, all-in": by who is on
// turn, before it is done.
std::string ActionInWords(const GameDefinition& game, const BettingState& state,
                          ActionLabel action);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_TYPED_ACTION_H_
