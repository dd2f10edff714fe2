// Logs of the ACPC's dealer, read and written: a line STATE a hand, and the sum at the end.
//
// The reader is a pure function, the writer not thread-safe.
#ifndef NASHVILLE_TOOLS_HISTORY_ACPC_LOG_H_
#define NASHVILLE_TOOLS_HISTORY_ACPC_LOG_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/history/hand_record.h"

namespace nash {

// "STATE:0:cr300f:AhKd|2c2d:-100|100:A|B". Error: InvalidArgument, with what was found; what each
// has won is compared with the cards.
absl::StatusOr<HandRecord> ParseAcpcHand(const GameDefinition& game, absl::string_view line);

// A log does not state its game. Error: InvalidArgument "FILE:LINE: what"; the line SCORE is
// compared with the hands.
absl::StatusOr<std::vector<HandRecord>> ReadAcpcLog(absl::string_view text, absl::string_view file,
                                                    const GameDefinition& game);

// The lines of a log, hand by hand.
class AcpcLogWriter {
 public:
  // Needs a hand that CompleteHand() has seen. Error: FailedPrecondition for games with antes, for
  // hands of several games, and where values or the board are not known.
  absl::StatusOr<std::string> Add(const HandRecord& hand);
  // The line SCORE; empty where there were no hands.
  std::string Finish() const;

 private:
  std::optional<GameDefinition> game_;  // of the first hand
  std::vector<std::string> names_;      // in the order in which they came
  std::map<std::string, double> totals_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_ACPC_LOG_H_
