// Logs of the ACPC's dealer, read and written: a line STATE a hand, and the sum at the end.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_HISTORY_ACPC_LOG_H_
#define NASHVILLE_TOOLS_HISTORY_ACPC_LOG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/history/hand_record.h"

namespace nash {

// A log does not state its game. Error: InvalidArgument "FILE:LINE: what"; what each has won is
// compared with the cards, and the line SCORE with the hands.
absl::StatusOr<std::vector<HandRecord>> ReadAcpcLog(absl::string_view text, absl::string_view file,
                                                    const GameDefinition& game);

// Needs hands of known values. Error: FailedPrecondition for games with antes and for hands of
// several games.
absl::StatusOr<std::string> WriteAcpcLog(absl::Span<const HandRecord> hands);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_ACPC_LOG_H_
