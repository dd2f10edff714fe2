// The first half of reading a game: lines and numbers, each against its own limits (kRules),
// without regard to the others; game_definition_parser.cc then asks whether they fit together.
// Every error names file, line, what was found, what was expected, and mostly what to do.
//
// The grammar is that of the ACPC server's files, read more strictly where the server guesses,
// since a typo would then silently play another game (docs/formats/games.md).
#include "solver/game/definition_lines.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "solver/cards/card.h"

namespace nash {
namespace {

constexpr size_t kShownBytesMax = 40;  // of a word in an error message

// By DefinitionKey.
constexpr KeyRule kRules[] = {
    {"numPlayers", ValuesShape::kOne, 2, kPlayersMax},
    {"numRounds", ValuesShape::kOne, 1, kStreetsMax},
    {"numSuits", ValuesShape::kOne, 1, kSuitsMax},
    {"numRanks", ValuesShape::kOne, 2, kRanksMax},
    {"numHoleCards", ValuesShape::kOne, 1, kHoleCardsMax},
    {"blind", ValuesShape::kPerPlayer, 0, kStackChipsMax},
    {"stack", ValuesShape::kPerPlayer, 1, kStackChipsMax},
    {"raiseSize", ValuesShape::kPerRound, 1, kStackChipsMax},
    {"firstPlayer", ValuesShape::kPerRound, 1, kPlayersMax},
    {"maxRaises", ValuesShape::kPerRound, 0, 255},
    {"numBoardCards", ValuesShape::kPerRound, 0, kBoardCardsMax},
};
static_assert(std::size(kRules) == kKeysEnd);

std::string Shown(absl::string_view word) {
  return absl::StrCat("\"", absl::CEscape(word.substr(0, kShownBytesMax)),
                      word.size() > kShownBytesMax ? "...\"" : "\"");
}

}  // namespace

const KeyRule& RuleOf(DefinitionKey key) { return kRules[key]; }

absl::Status DefinitionLines::Read(absl::string_view text) {
  if (text.size() > kGameTextBytesMax) {
    return ErrorAt(1, absl::StrCat("found more than ", kGameTextBytesMax,
                                   " bytes, expected a game definition: is it the right file?"));
  }
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++line_;
    if (absl::StartsWith(line, "#")) continue;
    line = absl::StripAsciiWhitespace(line);
    if (!line.empty()) RETURN_IF_ERROR(ReadLine(line));
  }
  if (place_ == Place::kBefore) {
    return ErrorAt(line_, "the file ended, expected GAMEDEF: is this a game definition?");
  }
  if (place_ == Place::kInside) {
    return ErrorAt(line_,
                   "the file ended, expected END GAMEDEF: add that line, or check that the "
                   "file is whole");
  }
  return absl::OkStatus();
}

// line: not empty, no spaces at either end.
absl::Status DefinitionLines::ReadLine(absl::string_view line) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t\v\f\r"), absl::SkipEmpty());
  const bool is_end = words.size() == 2 && absl::EqualsIgnoreCase(words[0], "end") &&
                      absl::EqualsIgnoreCase(words[1], "gamedef");
  if (place_ == Place::kAfter) {
    return ErrorAt(line_, absl::StrCat("found ", Shown(line),
                                       " after END GAMEDEF, expected "
                                       "nothing: one file holds one game"));
  }
  if (place_ == Place::kBefore) {
    if (!absl::EqualsIgnoreCase(line, "gamedef")) {
      return ErrorAt(line_, absl::StrCat("found ", Shown(line),
                                         ", expected GAMEDEF: is this a "
                                         "game definition?"));
    }
    place_ = Place::kInside;
    return absl::OkStatus();
  }
  if (is_end) {
    place_ = Place::kAfter;
    end_line_ = line_;
    return absl::OkStatus();
  }
  if (absl::EqualsIgnoreCase(line, "limit")) return ReadBettingKind(BettingKind::kLimit);
  if (absl::EqualsIgnoreCase(line, "nolimit")) return ReadBettingKind(BettingKind::kNoLimit);
  return ReadKey(line);
}

absl::Status DefinitionLines::ReadKey(absl::string_view line) {
  const size_t name_end = std::min(line.find_first_of("= \t\v\f\r"), line.size());
  const absl::string_view name = line.substr(0, name_end);
  for (int key = 0; key < kKeysEnd; ++key) {
    if (absl::EqualsIgnoreCase(name, kRules[key].name)) {
      return ReadValues(static_cast<DefinitionKey>(key), line.substr(name_end));
    }
  }
  if (line[0] == '#') {
    return ErrorAt(line_,
                   "found a '#' after spaces, expected it at the very start of the line: a "
                   "comment takes a whole line");
  }
  std::vector<absl::string_view> names = {"limit", "nolimit"};
  for (const KeyRule& rule : kRules) names.push_back(rule.name);
  return ErrorAt(line_, absl::StrCat("found ", Shown(name), ", expected one of ",
                                     absl::StrJoin(names, ", "), ", END GAMEDEF"));
}

absl::Status DefinitionLines::ReadBettingKind(BettingKind kind) {
  if (betting_ != BettingKind::kInvalid) {
    return ErrorAt(line_, "found a second limit or nolimit, expected one: remove it");
  }
  betting_ = kind;
  return absl::OkStatus();
}

// rest: what follows the key's name.
absl::Status DefinitionLines::ReadValues(DefinitionKey key, absl::string_view rest) {
  const KeyRule& rule = kRules[key];
  Entry& entry = entries_[key];
  if (entry.line != 0) {
    return ErrorAt(line_, absl::StrCat("found a second ", rule.name,
                                       ", expected one (the first is "
                                       "in line ",
                                       entry.line, "): remove either"));
  }
  entry.line = line_;
  rest = absl::StripLeadingAsciiWhitespace(rest);
  if (absl::StartsWith(rest, "=")) rest.remove_prefix(1);
  for (absl::string_view word :
       absl::StrSplit(rest, absl::ByAnyChar(" \t\v\f\r"), absl::SkipEmpty())) {
    int64_t value = 0;
    const bool is_number = absl::ascii_isdigit(word[0]) && absl::SimpleAtoi(word, &value);
    if (!is_number || value < rule.min || value > rule.max) {
      return ErrorAt(
          line_, absl::StrCat(rule.name, ": found ", Shown(word), ", expected a whole number from ",
                              rule.min, " to ", rule.max,
                              key == kStack ? "; leave stack out for no limit" : ""));
    }
    entry.values.push_back(static_cast<int32_t>(value));
  }
  return absl::OkStatus();
}

}  // namespace nash
