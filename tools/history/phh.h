// Poker hand histories (PHH, arXiv 2312.11753) of hold'em, limit and no limit: one hand a file
// (.phh) or many, a table each (.phhs).
//
// Player n is position n - 1: with two players the first has the big blind, and blinds and antes
// are listed the other way round. Amounts are totals on a street there, over the hand here.
// Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_HISTORY_PHH_H_
#define NASHVILLE_TOOLS_HISTORY_PHH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/history/hand_record.h"

namespace nash {

// A hand without `hand` has its place in the file as number. Cards "??" and those of hands that
// were mucked are not known. Error: InvalidArgument "FILE:LINE: what"; other variants of poker,
// uneven antes that are trimmed, and chips that are no whole numbers are refused.
absl::StatusOr<std::vector<HandRecord>> ReadPhh(absl::string_view text, absl::string_view file);

// OK if the game is what PHH's hold'em is. Error: FailedPrecondition.
absl::Status CheckPhhGame(const GameDefinition& game);

// The hand's keys, without the name of a table before them. Error: that of CheckPhhGame().
absl::StatusOr<std::string> FormatPhhHand(const HandRecord& hand);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_PHH_H_
