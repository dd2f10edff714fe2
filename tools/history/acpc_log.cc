#include "tools/history/acpc_log.h"

#include <cmath>
#include <map>

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

// "STATE:..." without that.
absl::StatusOr<HandRecord> ParseLogState(const GameDefinition& game, absl::string_view line) {
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
    return absl::InvalidArgumentError(
        absl::StrCat("chips of ", hand.values.size(), " and names of ", hand.names.size(),
                     " positions, the game has ", players));
  }
  RETURN_IF_ERROR(CompleteHand(&hand));
  return hand;
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

absl::StatusOr<std::vector<HandRecord>> ReadAcpcLog(absl::string_view text, absl::string_view file,
                                                    const GameDefinition& game) {
  std::vector<HandRecord> hands;
  std::map<std::string, double> totals;
  bool is_scored = false;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::EndsWith(line, "\r")) line.remove_suffix(1);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (is_scored) return Refused(file, number, "a line after the score");
    if (absl::StartsWith(line, "SCORE:")) {
      is_scored = true;
      const absl::Status score = CheckScore(line.substr(6), totals);
      if (!score.ok()) return Refused(file, number, score.message());
      continue;
    }
    if (!absl::StartsWith(line, "STATE:")) return Refused(file, number, "expected STATE: or SCORE:");
    absl::StatusOr<HandRecord> hand = ParseLogState(game, line.substr(6));
    if (!hand.ok()) return Refused(file, number, hand.status().message());
    for (size_t p = 0; p < hand->names.size(); ++p) totals[hand->names[p]] += hand->values[p];
    hands.push_back(*std::move(hand));
  }
  return hands;
}

absl::StatusOr<std::string> WriteAcpcLog(absl::Span<const HandRecord> hands) {
  std::string text;
  std::vector<std::string> names;  // in the order of the first hand
  std::map<std::string, double> totals;
  for (const HandRecord& hand : hands) {
    RETURN_IF_ERROR(CheckAcpcGame(hand.game));
    if (!(hand.game == hands[0].game)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "hand ", hand.state.hand, " has other stakes than the first: an ACPC log is of one game"));
    }
    if (hand.values.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("hand ", hand.state.hand, ": what was won is not known, and a log states it"));
    }
    const std::string line = FormatMatchState(hand.game, hand.state);
    std::vector<std::string> chips;
    for (size_t p = 0; p < hand.names.size(); ++p) {
      chips.push_back(FormatChips(hand.values[p]));
      if (totals.count(hand.names[p]) == 0) names.push_back(hand.names[p]);
      totals[hand.names[p]] += hand.values[p];
    }
    absl::StrAppend(&text, "STATE:", hand.state.hand, ":",
                    FormatBetting(hand.game, hand.state.actions), ":",
                    line.substr(line.rfind(':') + 1), ":", absl::StrJoin(chips, "|"), ":",
                    absl::StrJoin(hand.names, "|"), "\n");
  }
  std::vector<std::string> sums;
  for (const std::string& name : names) sums.push_back(FormatChips(totals[name]));
  if (!hands.empty()) {
    absl::StrAppend(&text, "SCORE:", absl::StrJoin(sums, "|"), ":", absl::StrJoin(names, "|"), "\n");
  }
  return text;
}

}  // namespace nash
