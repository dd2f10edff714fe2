#include "tools/history/hand_files.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "tools/history/acpc_log.h"
#include "tools/history/phh.h"
#include "tools/history/pokerstars_text.h"

namespace nash {
namespace {

struct FormatName {
  absl::string_view ending;
  absl::string_view name;
  HandFormat format;
};
constexpr std::array<FormatName, 5> kFormats = {{{".log", "acpc", HandFormat::kAcpcLog},
                                                 {".acpc", "acpc", HandFormat::kAcpcLog},
                                                 {".phh", "phh", HandFormat::kPhh},
                                                 {".phhs", "phhs", HandFormat::kPhhs},
                                                 {".txt", "pokerstars", HandFormat::kPokerStars}}};

}  // namespace

absl::StatusOr<HandFormat> HandFormatOf(const std::string& path, const std::string& named) {
  for (const FormatName& format : kFormats) {
    if (named.empty() ? absl::EndsWith(path, format.ending) : named == format.name) {
      return format.format;
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      named.empty() ? path : named,
      ": no format of hands; there are acpc (.log, .acpc), phh (.phh), phhs (.phhs) and pokerstars "
      "(.txt)"));
}

absl::StatusOr<std::vector<HandRecord>> ReadHands(const std::string& path, HandFormat format,
                                                  const std::optional<GameDefinition>& game) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kHandFileBytesMax));
  switch (format) {
    case HandFormat::kAcpcLog:
      if (!game.has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ": an ACPC log does not state its game: name it by --game"));
      }
      return ReadAcpcLog(text, path, *game);
    case HandFormat::kPhh:
    case HandFormat::kPhhs:
      return ReadPhh(text, path);
    case HandFormat::kPokerStars:
      return ReadPokerStars(text, path);
  }
  return absl::InternalError("a format without a reader");
}

absl::StatusOr<std::string> FormatHands(absl::Span<const HandRecord> hands, HandFormat format) {
  switch (format) {
    case HandFormat::kAcpcLog:
      return WriteAcpcLog(hands);
    case HandFormat::kPhh:
      return WritePhh(hands, /*is_many=*/false);
    case HandFormat::kPhhs:
      return WritePhh(hands, /*is_many=*/true);
    case HandFormat::kPokerStars:
      return WritePokerStars(hands);
  }
  return absl::InternalError("a format without a writer");
}

absl::Status WriteHands(const std::string& path, HandFormat format,
                        absl::Span<const HandRecord> hands) {
  ASSIGN_OR_RETURN(const std::string text, FormatHands(hands, format));
  return WriteFileAtomically(path, text);
}

}  // namespace nash
