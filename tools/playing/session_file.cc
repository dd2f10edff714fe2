//   header  words  checksum                          what the session is of
//   hand 0 cr300f  checksum                          a hand that is over
//   at 1 cr300     checksum                          the last: a hand that was left, if one was
//
// A line's checksum covers the one before, so that a line that is missing or moved shows at the
// next. A last line without its end is what a kill leaves: it is cut when the session goes on, and
// its hand is played again. The hand that was left is no line of the record: the next `hand` of its
// number follows it.
#include "tools/playing/session_file.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/checksum.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"

namespace nash {
namespace {

constexpr absl::string_view kFirstWords = "nashville play";
constexpr int kVersion = 1;
constexpr int kVersionWithStakes = 2;
constexpr size_t kHeaderWords = 13;
constexpr size_t kDigits = 16;

std::string NextChecksum(absl::string_view last, absl::string_view body) {
  return absl::StrFormat("%016x", Checksum64Of(absl::StrCat(last, body)));
}

std::string FormatHeader(const SessionHeader& header) {
  const SessionPlan& plan = header.plan;
  const int version = header.stakes.empty() ? kVersion : kVersionWithStakes;
  return absl::StrCat(kFirstWords, " ", version, " strategy ", header.strategy, " translation ",
                      header.translation, " seed ", plan.seed, " seat ",
                      plan.seat.has_value() ? absl::StrCat(*plan.seat) : "rotate", " block ",
                      plan.block_deals, header.stakes.empty() ? "" : " stakes ", header.stakes);
}

absl::Status Damaged(absl::string_view path, size_t line, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(path, ":", line, ": ", what, "; restore the file, or begin another session"));
}

// Takes a line's end and checks it.
absl::Status CheckLine(absl::string_view path, size_t number, absl::string_view* line,
                       std::string* last) {
  if (line->size() < kDigits + 1 || (*line)[line->size() - kDigits - 1] != ' ') {
    return Damaged(path, number, "no line of a session");
  }
  const absl::string_view body = line->substr(0, line->size() - kDigits - 1);
  const std::string expected = NextChecksum(*last, body);
  if (line->substr(line->size() - kDigits) != expected) {
    return Damaged(path, number, "the line is damaged, or one before it is missing");
  }
  *line = body;
  *last = expected;
  return absl::OkStatus();
}

bool IsOver(const GameDefinition& game, const std::vector<ActionLabel>& actions) {
  BettingState state(&game);
  for (const ActionLabel action : actions) ApplyAction(action, &state);
  return state.is_over();
}

// "hand 3 cr300f" or "at 3 cr300".
absl::Status ParseHand(absl::string_view path, size_t number, absl::string_view line,
                       const GameDefinition& game, SessionRecord* record) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  uint32_t hand = 0;
  if (words.size() != 3 || (words[0] != "hand" && words[0] != "at") ||
      !absl::SimpleAtoi(words[1], &hand)) {
    return Damaged(path, number, "expected \"hand NUMBER BETTING\"");
  }
  if (hand != record->hands.size()) {
    return Damaged(path, number, absl::StrCat("hand ", hand, ", expected ", record->hands.size()));
  }
  auto actions = ParseBetting(game, words[2] == "-" ? "" : words[2]);
  if (!actions.ok()) return Damaged(path, number, actions.status().message());
  const bool is_whole = words[0] == "hand";
  if (IsOver(game, *actions) != is_whole) {
    return Damaged(path, number, is_whole ? "the hand is not over" : "the hand is over");
  }
  record->open.clear();
  if (is_whole) {
    record->hands.push_back(*std::move(actions));
  } else {
    record->open = *std::move(actions);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SessionHeader> ParseSessionHeader(absl::string_view text, absl::string_view path) {
  absl::string_view line = text.substr(0, text.find('\n'));
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  int version = 0;
  if (line.size() == text.size() || words.size() < 3 ||
      absl::StrCat(words[0], " ", words[1]) != kFirstWords ||
      !absl::SimpleAtoi(words[2], &version)) {
    return Damaged(path, 1,
                   "is not the file of a session: it does not begin with \"nashville play\"");
  }
  if (version != kVersion && version != kVersionWithStakes) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": format version ", version,
                                                      ", this program reads ", kVersion, " and ",
                                                      kVersionWithStakes));
  }
  std::string last;
  RETURN_IF_ERROR(CheckLine(path, 1, &line, &last));
  SessionHeader header;
  int seat = 0;
  // With the checksum, and with stakes two more.
  if (words.size() != kHeaderWords + 1 + (version == kVersion ? 0 : 2)) {
    return Damaged(path, 1, "the header has other words than expected");
  }
  if (version == kVersionWithStakes) header.stakes = std::string(words[kHeaderWords + 1]);
  header.strategy = std::string(words[4]);
  header.translation = std::string(words[6]);
  if (words[10] != "rotate") {
    if (!absl::SimpleAtoi(words[10], &seat)) return Damaged(path, 1, "no seat");
    header.plan.seat = seat;
  }
  if (!absl::SimpleAtoi(words[8], &header.plan.seed) ||
      !absl::SimpleAtoi(words[12], &header.plan.block_deals) || FormatHeader(header) != line) {
    return Damaged(path, 1, "the header has other words than expected");
  }
  return header;
}

absl::StatusOr<SessionRecord> ParseSession(absl::string_view text, absl::string_view path,
                                           const GameDefinition& game) {
  RETURN_IF_ERROR(ParseSessionHeader(text, path).status());
  SessionRecord record;
  size_t number = 0;
  while (true) {
    const size_t end = text.find('\n', record.whole_bytes);
    if (end == text.npos) return record;
    absl::string_view line = text.substr(record.whole_bytes, end - record.whole_bytes);
    RETURN_IF_ERROR(CheckLine(path, ++number, &line, &record.last_checksum));
    if (number > 1) RETURN_IF_ERROR(ParseHand(path, number, line, game, &record));
    record.whole_bytes = end + 1;
  }
}

absl::StatusOr<SessionFile> SessionFile::Open(const std::string& path, const SessionHeader& header,
                                              const std::optional<SessionRecord>& record) {
  ASSIGN_OR_RETURN(AppendFile appended, AppendFile::Open(path));
  SessionFile file(std::move(appended));
  if (!record.has_value()) {
    RETURN_IF_ERROR(file.AddLine(FormatHeader(header)));
    return file;
  }
  file.last_checksum_ = record->last_checksum;
  if (record->whole_bytes < file.file_.bytes()) {
    RETURN_IF_ERROR(file.file_.Truncate(record->whole_bytes));
  }
  return file;
}

absl::Status SessionFile::AddLine(const std::string& body) {
  const std::string checksum = NextChecksum(last_checksum_, body);
  RETURN_IF_ERROR(file_.Append(absl::StrCat(body, " ", checksum, "\n")));
  last_checksum_ = checksum;
  return absl::OkStatus();
}

absl::Status SessionFile::AddHand(const GameDefinition& game, uint32_t hand,
                                  const std::vector<ActionLabel>& actions) {
  const std::string betting = FormatBetting(game, actions);
  return AddLine(absl::StrCat("hand ", hand, " ", betting.empty() ? "-" : betting));
}

absl::Status SessionFile::AddOpenHand(const GameDefinition& game, uint32_t hand,
                                      const std::vector<ActionLabel>& actions) {
  const std::string betting = FormatBetting(game, actions);
  return AddLine(absl::StrCat("at ", hand, " ", betting.empty() ? "-" : betting));
}

}  // namespace nash
