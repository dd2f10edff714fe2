// Files of hands, by the format that their name says.
//
// Functions are thread-safe, writers are not. Memory of readers: the file, and about 1 KB a hand.
#ifndef NASHVILLE_TOOLS_HISTORY_HAND_FILES_H_
#define NASHVILLE_TOOLS_HISTORY_HAND_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/append_file.h"
#include "tools/history/acpc_log.h"
#include "tools/history/hand_record.h"

namespace nash {

inline constexpr uint64_t kHandFileBytesMax = uint64_t{1} << 28;
inline constexpr size_t kHandLineBytesMax = size_t{1} << 16;
inline constexpr size_t kPlayerNameBytesMax = 256;

enum class HandFormat : uint8_t {
  kAcpcLog = 0,     // .log, .acpc
  kPhh = 1,         // .phh
  kPhhs = 2,        // .phhs
  kPokerStars = 3,  // .txt
};

// By the end of the file's name, or by `named` ("acpc", "phh", "phhs", "pokerstars") where that is
// not empty. Error: InvalidArgument, with the names there are.
absl::StatusOr<HandFormat> HandFormatOf(const std::string& path, const std::string& named);

// Lines that are too long, NULs and other control characters are refused, in names too. game: of
// ACPC logs, which do not state theirs. Error: InvalidArgument "FILE:LINE: what".
absl::StatusOr<std::vector<HandRecord>> ParseHands(absl::string_view text, absl::string_view file,
                                                   HandFormat format,
                                                   const std::optional<GameDefinition>& game);
// The same, and errors of files.
absl::StatusOr<std::vector<HandRecord>> ReadHands(const std::string& path, HandFormat format,
                                                  const std::optional<GameDefinition>& game);

// The text of a file of hands, hand by hand.
class HandFormatter {
 public:
  explicit HandFormatter(HandFormat format) : format_(format) {}
  // Needs a hand that CompleteHand() has seen. Error: FailedPrecondition where the format has no
  // words for it.
  absl::StatusOr<std::string> Add(const HandRecord& hand);
  // What stands behind the last hand.
  std::string Finish() const;

 private:
  HandFormat format_;
  uint64_t num_hands_ = 0;
  AcpcLogWriter acpc_log_;
};

// OK if the format has words for the game. Error: FailedPrecondition.
absl::Status CheckGameOf(HandFormat format, const GameDefinition& game);

absl::StatusOr<std::string> FormatHands(absl::Span<const HandRecord> hands, HandFormat format);
// Replaces a file that is there.
absl::Status WriteHands(const std::string& path, HandFormat format,
                        absl::Span<const HandRecord> hands);

// A file that hands are added to while they are played: what was played is in it, whatever the end.
class HandFileWriter {
 public:
  // By the end of the file's name. Errors: those of HandFormatOf(); FailedPrecondition where the
  // format has no words for the game; AlreadyExists where the file is there; InvalidArgument for
  // .phh, which holds one hand.
  static absl::StatusOr<HandFileWriter> Create(const std::string& path, const GameDefinition& game);
  absl::Status Add(const HandRecord& hand);
  absl::Status Finish();

 private:
  HandFileWriter(AppendFile file, HandFormat format) : file_(std::move(file)), text_(format) {}
  AppendFile file_;
  HandFormatter text_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_HAND_FILES_H_
