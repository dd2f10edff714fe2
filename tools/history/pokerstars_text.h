// Hands as PokerStars prints them, for trackers and analysers: hold'em, limit and no limit.
//
// Whole chips without a currency. The writer shows all cards that are known ("Dealt to"), and has
// one time for all hands, because a strategy's hands have none; numbers tell hands apart. The
// reader takes what the writer writes, and hands of that site in whole chips; it passes over lines
// of talk, of people who come and go, and the summary. Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_HISTORY_POKERSTARS_TEXT_H_
#define NASHVILLE_TOOLS_HISTORY_POKERSTARS_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/history/hand_record.h"

namespace nash {

// Error: InvalidArgument "FILE:LINE: what".
absl::StatusOr<std::vector<HandRecord>> ReadPokerStars(absl::string_view text,
                                                       absl::string_view file);

// The lines of one hand, an empty one at the end. Error: FailedPrecondition for other games than
// hold'em, and for names that the format cannot hold.
absl::StatusOr<std::string> FormatPokerStarsHand(const HandRecord& hand);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_POKERSTARS_TEXT_H_
