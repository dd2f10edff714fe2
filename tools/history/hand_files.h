// Files of hands, by the format that their name says.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_HISTORY_HAND_FILES_H_
#define NASHVILLE_TOOLS_HISTORY_HAND_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/history/hand_record.h"

namespace nash {

inline constexpr uint64_t kHandFileBytesMax = uint64_t{1} << 30;

enum class HandFormat : uint8_t {
  kAcpcLog = 0,     // .log, .acpc
  kPhh = 1,         // .phh
  kPhhs = 2,        // .phhs
  kPokerStars = 3,  // .txt
};

// By the end of the file's name, or by `named` ("acpc", "phh", "phhs", "pokerstars") where that is
// not empty. Error: InvalidArgument, with the names there are.
absl::StatusOr<HandFormat> HandFormatOf(const std::string& path, const std::string& named);

// game: of ACPC logs, which do not state theirs. Errors: those of files, InvalidArgument
// "FILE:LINE: what".
absl::StatusOr<std::vector<HandRecord>> ReadHands(const std::string& path, HandFormat format,
                                                  const std::optional<GameDefinition>& game);

// Error: FailedPrecondition where the format has no words for a hand.
absl::StatusOr<std::string> FormatHands(absl::Span<const HandRecord> hands, HandFormat format);
absl::Status WriteHands(const std::string& path, HandFormat format,
                        absl::Span<const HandRecord> hands);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_HAND_FILES_H_
