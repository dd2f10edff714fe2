// A session on disk, so that it goes on where it was left: lines of text, each of which ends in a
// checksum of itself and all before it. Format: docs/playing.md, "The file of a session".
//
// Cards are not stored: they follow from the seed. Not thread-safe; one writer at a time.
#ifndef NASHVILLE_TOOLS_PLAYING_SESSION_FILE_H_
#define NASHVILLE_TOOLS_PLAYING_SESSION_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/append_file.h"
#include "solver/game/game_definition.h"
#include "solver/game/public_tree.h"
#include "tools/playing/hand_schedule.h"

namespace nash {

inline constexpr uint64_t kSessionBytesMax = uint64_t{1} << 28;

struct SessionHeader {
  std::string strategy;     // 32 digits: the checksum of the strategy file
  std::string translation;  // as the flag names it
  SessionPlan plan;
  std::string stakes;  // FormatStakes() where they are not those of the strategy, else empty
  friend bool operator==(const SessionHeader&, const SessionHeader&) = default;
};

struct SessionRecord {
  std::vector<std::vector<ActionLabel>> hands;  // that are over, in order
  std::vector<ActionLabel> open;                // of the hand that was left, if any
  uint64_t whole_bytes = 0;  // of the text: a last line without an end is left out
  std::string last_checksum;
};

// Error: DataLoss "FILE:LINE: what"; FailedPrecondition for another format version.
absl::StatusOr<SessionHeader> ParseSessionHeader(absl::string_view text, absl::string_view path);
absl::StatusOr<SessionRecord> ParseSession(absl::string_view text, absl::string_view path,
                                           const GameDefinition& game);

class SessionFile {
 public:
  // Creates the file or goes on after `record`, which is what its text says.
  static absl::StatusOr<SessionFile> Open(const std::string& path, const SessionHeader& header,
                                          const std::optional<SessionRecord>& record);
  absl::Status AddHand(const GameDefinition& game, uint32_t hand,
                       const std::vector<ActionLabel>& actions);
  absl::Status AddOpenHand(const GameDefinition& game, uint32_t hand,
                           const std::vector<ActionLabel>& actions);

 private:
  explicit SessionFile(AppendFile file) : file_(std::move(file)) {}
  absl::Status AddLine(const std::string& body);

  AppendFile file_;
  std::string last_checksum_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_SESSION_FILE_H_
