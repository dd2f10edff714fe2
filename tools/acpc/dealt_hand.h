// The cards of a match's hands, and a hand that is over as the ACPC's log has it.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_ACPC_DEALT_HAND_H_
#define NASHVILLE_TOOLS_ACPC_DEALT_HAND_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "solver/play/match_state.h"

namespace nash {

// All cards of a hand, as someone who sees everything would be told of it: a function of (seed,
// hand), so that a match is dealt again.
MatchState DealHand(const GameDefinition& game, uint64_t seed, uint32_t hand);

// "STATE:0:cr300f:AhKd|2c2d:-100|100:A|B" of a hand that is over. names: by position.
std::string FormatLogState(const GameDefinition& game, const MatchState& all_cards,
                           absl::Span<const std::string> names);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_ACPC_DEALT_HAND_H_
