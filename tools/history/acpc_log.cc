// STATE:number:betting:cards:chips:names, one line a hand, and SCORE at the end. Chips of a line
// are checked by the rules (hand_record.h) and the score by the sum of the lines, so that a log
// with a hand too few is noticed. A last line without its end is one that was cut, even if it can
// be read.
#include "tools/history/acpc_log.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "common/whole_number.h"
#include "solver/game/betting_text.h"

namespace nash {
namespace {

// Fractions of chips are rounded in each line.
constexpr double kSameTotal = 1e-3;
constexpr absl::string_view kState = "STATE:";
constexpr absl::string_view kScore = "SCORE:";

absl::Status Refused(absl::string_view file, size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", what));
}

absl::StatusOr<std::vector<double>> ParseChips(absl::string_view text) {
  std::vector<double> chips;
  for (const absl::string_view word : absl::StrSplit(text, '|')) {
    double value = 0;
    if (!absl::SimpleAtod(word, &value) || !std::isfinite(value)) {
      return absl::InvalidArgumentError(absl::StrCat("\"", word, "\" is no number of chips"));
    }
    chips.push_back(value);
  }
  return chips;
}

// "SCORE:..." without that.
absl::Status CheckScore(absl::string_view line, const std::map<std::string, double>& totals) {
  const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
  if (fields.size() != 2) return absl::InvalidArgumentError("expected two fields after SCORE");
  ASSIGN_OR_RETURN(const std::vector<double> chips, ParseChips(fields[0]));
  const std::vector<std::string> names = absl::StrSplit(fields[1], '|');
  if (names.size() != chips.size()) return absl::InvalidArgumentError("chips and names differ");
  for (size_t i = 0; i < names.size(); ++i) {
    const auto total = totals.find(names[i]);
    const double sum = total == totals.end() ? 0 : total->second;
    if (std::abs(sum - chips[i]) <= kSameTotal) continue;
    return absl::InvalidArgumentError(absl::StrCat("the score of ", names[i], " is ",
                                                   FormatChips(chips[i]), ", the hands' sum ",
                                                   FormatChips(sum)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HandRecord> ParseAcpcHand(const GameDefinition& game, absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kState)) return absl::InvalidArgumentError("expected STATE:");
  const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
  if (fields.size() != 5) return absl::InvalidArgumentError("expected five fields after STATE");
  HandRecord hand;
  hand.game = game;
  const auto number = ParseWholeNumber(fields[0]);
  if (!number.has_value() || *number > UINT32_MAX) {
    return absl::InvalidArgumentError(absl::StrCat("\"", fields[0], "\" is no number of a hand"));
  }
  hand.state.hand = static_cast<uint32_t>(*number);
  ASSIGN_OR_RETURN(hand.state.actions, ParseBetting(game, fields[1]));
  RETURN_IF_ERROR(ParseMatchCards(game, fields[2], &hand.state));
  ASSIGN_OR_RETURN(hand.values, ParseChips(fields[3]));
  hand.names = absl::StrSplit(fields[4], '|');
  const auto players = static_cast<size_t>(game.num_players);
  if (hand.values.size() != players || hand.names.size() != players) {
    return absl::InvalidArgumentError(absl::StrCat("chips of ", hand.values.size(),
                                                   " and names of ", hand.names.size(),
                                                   " positions, the game has ", players));
  }
  RETURN_IF_ERROR(CompleteHand(&hand));
  return hand;
}

absl::StatusOr<std::vector<HandRecord>> ReadAcpcLog(absl::string_view text, absl::string_view file,
                                                    const GameDefinition& game) {
  std::vector<HandRecord> hands;
  std::map<std::string, double> totals;
  bool is_scored = false;
  size_t number = 0;
  const size_t num_lines = std::count(text.begin(), text.end(), '\n');
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::EndsWith(line, "\r")) line.remove_suffix(1);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (is_scored) return Refused(file, number, "a line after the score");
    if (absl::ConsumePrefix(&line, kScore)) {
      is_scored = true;
      const absl::Status score = CheckScore(line, totals);
      if (!score.ok()) return Refused(file, number, score.message());
      continue;
    }
    if (number > num_lines) return Refused(file, number, "half a line; the file was cut");
    absl::StatusOr<HandRecord> hand = ParseAcpcHand(game, line);
    if (!hand.ok()) return Refused(file, number, hand.status().message());
    for (size_t p = 0; p < hand->names.size(); ++p) totals[hand->names[p]] += hand->values[p];
    hands.push_back(*std::move(hand));
  }
  return hands;
}

absl::StatusOr<std::string> AcpcLogWriter::Add(const HandRecord& hand) {
  const auto refused = [&](absl::string_view what) {
    return absl::FailedPreconditionError(absl::StrCat("hand ", hand.state.hand, ": ", what));
  };
  if (!game_.has_value()) {
    RETURN_IF_ERROR(CheckAcpcGame(hand.game));
    game_ = hand.game;
  }
  if (!(hand.game == *game_)) {
    return refused("has other stakes than the first; an ACPC log is of one game");
  }
  if (hand.values.empty()) return refused("what was won is not known, and an ACPC log states it");
  if (static_cast<int>(hand.state.board.size()) != BoardCardsShown(hand.game, hand.state.actions)) {
    return refused("cards of the board are not known, and an ACPC log has no word for that");
  }
  std::vector<std::string> chips;
  for (size_t p = 0; p < hand.names.size(); ++p) {
    const std::string& name = hand.names[p];
    if (name.empty() || name.find_first_of(":|") != name.npos) {
      return refused(absl::StrCat("name \"", name, "\"; an ACPC log's have no ':' and no '|'"));
    }
    chips.push_back(FormatChips(hand.values[p]));
    const auto [total, is_new] = totals_.try_emplace(name, 0);
    if (is_new) names_.push_back(name);
    total->second += hand.values[p];
  }
  const std::string line = FormatMatchState(hand.game, hand.state);
  return absl::StrCat(kState, hand.state.hand, ":", FormatBetting(hand.game, hand.state.actions),
                      ":", line.substr(line.rfind(':') + 1), ":", absl::StrJoin(chips, "|"), ":",
                      absl::StrJoin(hand.names, "|"), "\n");
}

std::string AcpcLogWriter::Finish() const {
  if (names_.empty()) return "";
  std::vector<std::string> sums;
  for (const std::string& name : names_) sums.push_back(FormatChips(totals_.at(name)));
  return absl::StrCat(kScore, absl::StrJoin(sums, "|"), ":", absl::StrJoin(names_, "|"), "\n");
}

}  // namespace nash
