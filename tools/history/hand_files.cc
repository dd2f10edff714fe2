// Formats meet in one table of names and endings, and in HandRecord; each has a reader and a writer
// of its own. Before any reader sees a text, it is known to have lines of a bounded length and no
// control characters, and its errors have none either: messages stay on one line, whatever a file
// holds.
//
// A file of hands is written whole (WriteHands) or hand by hand while a match goes on
// (HandFileWriter), which never writes over a file that is there. Switches over formats have no
// default: a new one does not compile without its cases.
#include "tools/history/hand_files.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
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

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

absl::Status CheckLines(absl::string_view text, absl::string_view file) {
  size_t number = 1, start = 0;
  const auto refused = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": ", what));
  };
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at == text.size() || text[at] == '\n') {
      if (at - start > kHandLineBytesMax) {
        return refused(absl::StrCat("a line of more than ", kHandLineBytesMax, " bytes"));
      }
      start = at + 1;
      ++number;
    } else if (text[at] == '\0') {
      return refused("a NUL; this is no text");
    } else if (IsControl(text[at]) && text[at] != '\t' && text[at] != '\r') {
      return refused("a control character");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<HandRecord>> ParseText(absl::string_view text, absl::string_view file,
                                                  HandFormat format,
                                                  const std::optional<GameDefinition>& game) {
  switch (format) {
    case HandFormat::kAcpcLog:
      if (!game.has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat(file, ": an ACPC log does not state its game: name it by --game"));
      }
      return ReadAcpcLog(text, file, *game);
    case HandFormat::kPhh:
    case HandFormat::kPhhs:
      return ReadPhh(text, file);
    case HandFormat::kPokerStars:
      return ReadPokerStars(text, file);
  }
  return absl::InternalError("a format without a reader");
}

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

absl::StatusOr<std::vector<HandRecord>> ParseHands(absl::string_view text, absl::string_view file,
                                                   HandFormat format,
                                                   const std::optional<GameDefinition>& game) {
  RETURN_IF_ERROR(CheckLines(text, file));
  absl::StatusOr<std::vector<HandRecord>> hands = ParseText(text, file, format, game);
  if (!hands.ok()) {
    // A tab or the end of a text's line, quoted, would break the one line of the message.
    std::string message(hands.status().message());
    std::replace_if(message.begin(), message.end(), IsControl, '?');
    return absl::Status(hands.status().code(), message);
  }
  for (const HandRecord& hand : *hands) {
    for (const std::string& name : hand.names) {
      if (name.size() <= kPlayerNameBytesMax && std::none_of(name.begin(), name.end(), IsControl)) {
        continue;
      }
      return absl::InvalidArgumentError(
          absl::StrCat(file, ": hand ", hand.state.hand,
                       ": a player's name has a control character, or more than ",
                       kPlayerNameBytesMax, " bytes"));
    }
  }
  return hands;
}

absl::StatusOr<std::vector<HandRecord>> ReadHands(const std::string& path, HandFormat format,
                                                  const std::optional<GameDefinition>& game) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kHandFileBytesMax));
  return ParseHands(text, path, format, game);
}

absl::StatusOr<std::string> HandFormatter::Add(const HandRecord& hand) {
  ++num_hands_;
  switch (format_) {
    case HandFormat::kAcpcLog:
      return acpc_log_.Add(hand);
    case HandFormat::kPhh:
      if (num_hands_ == 1) return FormatPhhHand(hand);
      return absl::FailedPreconditionError("a .phh holds one hand; write a .phhs");
    case HandFormat::kPhhs: {
      ASSIGN_OR_RETURN(const std::string text, FormatPhhHand(hand));
      return absl::StrCat(num_hands_ == 1 ? "" : "\n", "[", num_hands_, "]\n", text);
    }
    case HandFormat::kPokerStars:
      return FormatPokerStarsHand(hand);
  }
  return absl::InternalError("a format without a writer");
}

std::string HandFormatter::Finish() const {
  return format_ == HandFormat::kAcpcLog ? acpc_log_.Finish() : "";
}

absl::StatusOr<std::string> FormatHands(absl::Span<const HandRecord> hands, HandFormat format) {
  HandFormatter formatter(format);
  std::string text;
  for (const HandRecord& hand : hands) {
    ASSIGN_OR_RETURN(const std::string one, formatter.Add(hand));
    text += one;
  }
  return text + formatter.Finish();
}

absl::Status WriteHands(const std::string& path, HandFormat format,
                        absl::Span<const HandRecord> hands) {
  ASSIGN_OR_RETURN(const std::string text, FormatHands(hands, format));
  return WriteFileAtomically(path, text);
}

absl::Status CheckGameOf(HandFormat format, const GameDefinition& game) {
  switch (format) {
    case HandFormat::kAcpcLog:
      return CheckAcpcGame(game);
    case HandFormat::kPhh:
    case HandFormat::kPhhs:
      return CheckPhhGame(game);
    case HandFormat::kPokerStars:
      return CheckHoldemGame(game, "PokerStars text");
  }
  return absl::InternalError("a format without games");
}

absl::StatusOr<HandFileWriter> HandFileWriter::Create(const std::string& path,
                                                      const GameDefinition& game) {
  ASSIGN_OR_RETURN(const HandFormat format, HandFormatOf(path, ""));
  const absl::Status words = CheckGameOf(format, game);
  if (!words.ok()) return absl::Status(words.code(), absl::StrCat(path, ": ", words.message()));
  if (format == HandFormat::kPhh) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": a .phh holds one hand; name a .phhs"));
  }
  if (FileExists(path)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, ": is there; name another file for the hands"));
  }
  ASSIGN_OR_RETURN(AppendFile file, AppendFile::Open(path));
  return HandFileWriter(std::move(file), format);
}

absl::Status HandFileWriter::Add(const HandRecord& hand) {
  ASSIGN_OR_RETURN(const std::string text, text_.Add(hand));
  return file_.Append(text);
}

absl::Status HandFileWriter::Finish() {
  RETURN_IF_ERROR(file_.Append(text_.Finish()));
  return file_.Sync();
}

}  // namespace nash
