// ParseGameDefinition(): reads lines into one entry per key, then checks them together, because
// how many values a key needs may be said only further down.
#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"

namespace nash {
namespace {

constexpr size_t kTextBytesMax = 1 << 16;
constexpr size_t kShownBytesMax = 40;  // of a word in an error message

enum class Shape { kOne, kPerPlayer, kPerRound };

enum Key {
  kNumPlayers,
  kNumRounds,
  kNumSuits,
  kNumRanks,
  kNumHoleCards,
  kBlind,
  kStack,
  kRaiseSize,
  kFirstPlayer,
  kMaxRaises,
  kNumBoardCards,
  kKeysEnd,
};

struct KeyRule {
  absl::string_view name;
  Shape shape;
  int32_t min;
  int32_t max;
};

// By Key.
constexpr KeyRule kRules[] = {
    {"numPlayers", Shape::kOne, 2, kPlayersMax},
    {"numRounds", Shape::kOne, 1, kStreetsMax},
    {"numSuits", Shape::kOne, 1, kSuitsMax},
    {"numRanks", Shape::kOne, 2, kRanksMax},
    {"numHoleCards", Shape::kOne, 1, kHoleCardsMax},
    {"blind", Shape::kPerPlayer, 0, kStackChipsMax},
    {"stack", Shape::kPerPlayer, 1, kStackChipsMax},
    {"raiseSize", Shape::kPerRound, 1, kStackChipsMax},
    {"firstPlayer", Shape::kPerRound, 1, kPlayersMax},
    {"maxRaises", Shape::kPerRound, 0, 255},
    {"numBoardCards", Shape::kPerRound, 0, kBoardCardsMax},
};
static_assert(std::size(kRules) == kKeysEnd);

struct Entry {
  int line = 0;  // 0: the key was not given
  std::vector<int32_t> values;
};

std::string Shown(absl::string_view word) {
  return absl::StrCat("\"", absl::CEscape(word.substr(0, kShownBytesMax)),
                      word.size() > kShownBytesMax ? "...\"" : "\"");
}

class Parser {
 public:
  explicit Parser(absl::string_view file_name) : file_name_(file_name) {}

  absl::Status ReadLines(absl::string_view text);
  absl::StatusOr<GameDefinition> Check() const;

 private:
  enum class Place { kBefore, kInside, kAfter };

  absl::Status ReadLine(absl::string_view line);
  absl::Status ReadBettingKind(BettingKind kind);
  absl::Status ReadValues(Key key, absl::string_view rest);
  absl::Status CheckCounts() const;
  absl::Status CheckChips(const GameDefinition& game) const;
  absl::Status CheckCards(const GameDefinition& game) const;

  bool Has(Key key) const { return entries_[key].line != 0; }
  int One(Key key) const { return entries_[key].values[0]; }
  template <typename Array>
  void Copy(Key key, Array* to) const {
    std::copy(entries_[key].values.begin(), entries_[key].values.end(), to->begin());
  }
  absl::Status ErrorAt(int line, const absl::AlphaNum& what) const {
    return absl::InvalidArgumentError(absl::StrCat(file_name_, ":", line, ": ", what));
  }

  const absl::string_view file_name_;
  int line_ = 0;
  int end_line_ = 0;
  Place place_ = Place::kBefore;
  BettingKind betting_ = BettingKind::kInvalid;
  std::array<Entry, kKeysEnd> entries_;
};

absl::Status Parser::ReadLines(absl::string_view text) {
  if (text.size() > kTextBytesMax) {
    return ErrorAt(1, absl::StrCat("this file has ", text.size(), " bytes; a game definition has ",
                                   "at most ", kTextBytesMax, ": is it the right file?"));
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
absl::Status Parser::ReadLine(absl::string_view line) {
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

  const size_t name_end = std::min(line.find_first_of("= \t\v\f\r"), line.size());
  const absl::string_view name = line.substr(0, name_end);
  for (int key = 0; key < kKeysEnd; ++key) {
    if (absl::EqualsIgnoreCase(name, kRules[key].name)) {
      return ReadValues(static_cast<Key>(key), line.substr(name_end));
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

absl::Status Parser::ReadBettingKind(BettingKind kind) {
  if (betting_ != BettingKind::kInvalid) {
    return ErrorAt(line_, "found a second limit or nolimit, expected one: remove it");
  }
  betting_ = kind;
  return absl::OkStatus();
}

// rest: what follows the key's name.
absl::Status Parser::ReadValues(Key key, absl::string_view rest) {
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

// That every key that is needed is there, with as many values as its shape asks for.
absl::Status Parser::CheckCounts() const {
  for (int k = 0; k < kKeysEnd; ++k) {
    const KeyRule& rule = kRules[k];
    const Entry& entry = entries_[k];
    const bool optional = k == kStack || k == kFirstPlayer || k == kMaxRaises ||
                          (k == kRaiseSize && betting_ == BettingKind::kNoLimit);
    if (entry.line == 0) {
      if (optional) continue;
      return ErrorAt(end_line_, absl::StrCat("the definition ended, expected ", rule.name,
                                             " in it: add a line ", rule.name, " = ..."));
    }
    // The scalars come first in Key, so that they are checked before they are used here.
    int expected = 1;
    absl::string_view per;
    if (rule.shape == Shape::kPerPlayer) {
      expected = One(kNumPlayers);
      per = ", one per player";
    } else if (rule.shape == Shape::kPerRound) {
      expected = One(kNumRounds);
      per = ", one per round";
    }
    if (entry.values.size() != expected) {
      return ErrorAt(entry.line, absl::StrCat(rule.name, ": found ", entry.values.size(),
                                              " values, expected ", expected, per));
    }
  }
  return absl::OkStatus();
}

absl::Status Parser::CheckChips(const GameDefinition& game) const {
  bool someone_can_act = false;
  for (int p = 0; p < game.num_players; ++p) {
    if (game.blind_chips[p] > game.stack_chips[p]) {
      return ErrorAt(entries_[kBlind].line,
                     absl::StrCat("found a blind of ", game.blind_chips[p], " for player ", p + 1,
                                  ", expected at most the stack, ", game.stack_chips[p],
                                  ": lower the blind or raise the stack"));
    }
    someone_can_act |= game.blind_chips[p] < game.stack_chips[p];
  }
  if (!someone_can_act) {
    return ErrorAt(entries_[Has(kStack) ? kStack : kBlind].line,
                   "found blinds that take every stack, expected someone with chips to act: raise "
                   "a stack");
  }
  for (int r = 0; r < game.num_streets; ++r) {
    if (game.first_player[r] >= game.num_players) {
      return ErrorAt(
          entries_[kFirstPlayer].line,
          absl::StrCat("firstPlayer: found ", game.first_player[r] + 1, " for round ", r + 1,
                       ", expected 1 to ", game.num_players, ": positions count from 1"));
    }
  }
  return absl::OkStatus();
}

absl::Status Parser::CheckCards(const GameDefinition& game) const {
  if (game.TotalBoardCards() > kBoardCardsMax) {
    return ErrorAt(entries_[kNumBoardCards].line,
                   absl::StrCat("found ", game.TotalBoardCards(), " board cards, expected at most ",
                                kBoardCardsMax, " over all rounds: deal fewer"));
  }
  const int num_cards = game.num_suits * game.num_ranks;
  if (game.CardsPerDeal() > num_cards) {
    return ErrorAt(entries_[kNumHoleCards].line,
                   absl::StrCat("a hand takes ", game.CardsPerDeal(), " cards, expected at most ",
                                "the deck's ", num_cards,
                                ": raise numRanks or numSuits, or deal fewer cards"));
  }
  return absl::OkStatus();
}

absl::StatusOr<GameDefinition> Parser::Check() const {
  RETURN_IF_ERROR(CheckCounts());
  GameDefinition game;
  game.betting = betting_ == BettingKind::kNoLimit ? BettingKind::kNoLimit : BettingKind::kLimit;
  game.num_players = One(kNumPlayers);
  game.num_streets = One(kNumRounds);
  game.num_suits = One(kNumSuits);
  game.num_ranks = One(kNumRanks);
  game.num_hole_cards = One(kNumHoleCards);
  std::fill_n(game.stack_chips.begin(), game.num_players, kStackChipsMax);
  std::fill_n(game.max_raises.begin(), game.num_streets, kRules[kMaxRaises].max);
  Copy(kBlind, &game.blind_chips);
  Copy(kStack, &game.stack_chips);
  Copy(kMaxRaises, &game.max_raises);
  Copy(kNumBoardCards, &game.num_board_cards);
  // The server ignores raise sizes of a no-limit game; so that equal games compare equal, so do we.
  if (game.betting == BettingKind::kLimit) Copy(kRaiseSize, &game.raise_chips);
  if (Has(kFirstPlayer)) {
    Copy(kFirstPlayer, &game.first_player);
    for (int r = 0; r < game.num_streets; ++r) --game.first_player[r];
  }
  RETURN_IF_ERROR(CheckChips(game));
  RETURN_IF_ERROR(CheckCards(game));
  return game;
}

}  // namespace

absl::StatusOr<GameDefinition> ParseGameDefinition(absl::string_view text,
                                                   absl::string_view file_name) {
  Parser parser(file_name);
  RETURN_IF_ERROR(parser.ReadLines(text));
  return parser.Check();
}

}  // namespace nash
