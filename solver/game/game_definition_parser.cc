// ParseGameDefinition(): checks the lines of a definition together.
//
// Each line was checked alone (definition_lines.cc); here it is asked whether they fit: as many
// values as players or rounds, blinds within stacks, someone who can act, no more cards than the
// deck has. After that the game is trusted everywhere. What a game leaves out has the server's
// default, filled in here, so that games that mean the same compare equal. game_definition_test.cc
// has a table of mistakes with their messages.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/definition_lines.h"
#include "solver/game/game_definition.h"

namespace nash {
namespace {

class Checker {
 public:
  // lines: must outlive the checker.
  explicit Checker(const DefinitionLines& lines) : lines_(lines) {}

  absl::StatusOr<GameDefinition> Check() const;

 private:
  absl::Status CheckCounts() const;
  absl::Status CheckChips(const GameDefinition& game) const;
  absl::Status CheckCards(const GameDefinition& game) const;

  int One(DefinitionKey key) const { return lines_.entry(key).values[0]; }
  template <typename Array>
  void Copy(DefinitionKey key, Array* to) const {
    const auto& values = lines_.entry(key).values;
    std::copy(values.begin(), values.end(), to->begin());
  }

  const DefinitionLines& lines_;
};

// That every key that is needed is there, with as many values as its shape asks for.
absl::Status Checker::CheckCounts() const {
  for (int k = 0; k < kKeysEnd; ++k) {
    const DefinitionKey key = static_cast<DefinitionKey>(k);
    const KeyRule& rule = RuleOf(key);
    const DefinitionLines::Entry& entry = lines_.entry(key);
    const bool optional = k == kStack || k == kFirstPlayer || k == kMaxRaises ||
                          (k == kRaiseSize && lines_.betting() == BettingKind::kNoLimit);
    if (entry.line == 0) {
      if (optional) continue;
      return lines_.ErrorAt(lines_.end_line(),
                            absl::StrCat("the definition ended, expected ", rule.name,
                                         " in it: add a line ", rule.name, " = ..."));
    }
    // The scalars come first, so they are checked before they are used here.
    int expected = 1;
    absl::string_view per;
    if (rule.shape == ValuesShape::kPerPlayer) {
      expected = One(kNumPlayers);
      per = ", one per player";
    } else if (rule.shape == ValuesShape::kPerRound) {
      expected = One(kNumRounds);
      per = ", one per round";
    }
    if (entry.values.size() != expected) {
      return lines_.ErrorAt(entry.line, absl::StrCat(rule.name, ": found ", entry.values.size(),
                                                     " values, expected ", expected, per));
    }
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckChips(const GameDefinition& game) const {
  bool someone_can_act = false;
  for (int p = 0; p < game.num_players; ++p) {
    if (game.blind_chips[p] > game.stack_chips[p]) {
      return lines_.ErrorAt(
          lines_.entry(kBlind).line,
          absl::StrCat("found a blind of ", game.blind_chips[p], " for player ", p + 1,
                       ", expected at most the stack, ", game.stack_chips[p],
                       ": lower the blind or raise the stack"));
    }
    someone_can_act |= game.blind_chips[p] < game.stack_chips[p];
  }
  if (!someone_can_act) {
    return lines_.ErrorAt(
        lines_.entry(lines_.Has(kStack) ? kStack : kBlind).line,
        "found blinds that take every stack, expected someone with chips to act: raise "
        "a stack");
  }
  for (int r = 0; r < game.num_streets; ++r) {
    if (game.first_player[r] >= game.num_players) {
      return lines_.ErrorAt(
          lines_.entry(kFirstPlayer).line,
          absl::StrCat("firstPlayer: found ", game.first_player[r] + 1, " for round ", r + 1,
                       ", expected 1 to ", game.num_players, ": positions count from 1"));
    }
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckCards(const GameDefinition& game) const {
  if (game.TotalBoardCards() > kBoardCardsMax) {
    return lines_.ErrorAt(
        lines_.entry(kNumBoardCards).line,
        absl::StrCat("found ", game.TotalBoardCards(), " board cards, expected at most ",
                     kBoardCardsMax, " over all rounds: deal fewer"));
  }
  const int num_cards = game.num_suits * game.num_ranks;
  if (game.CardsPerDeal() > num_cards) {
    return lines_.ErrorAt(lines_.entry(kNumHoleCards).line,
                          absl::StrCat("a hand takes ", game.CardsPerDeal(),
                                       " cards, expected at most ", "the deck's ", num_cards,
                                       ": raise numRanks or numSuits, or deal fewer cards"));
  }
  return absl::OkStatus();
}

absl::StatusOr<GameDefinition> Checker::Check() const {
  RETURN_IF_ERROR(CheckCounts());
  GameDefinition game;
  game.betting =
      lines_.betting() == BettingKind::kNoLimit ? BettingKind::kNoLimit : BettingKind::kLimit;
  game.num_players = One(kNumPlayers);
  game.num_streets = One(kNumRounds);
  game.num_suits = One(kNumSuits);
  game.num_ranks = One(kNumRanks);
  game.num_hole_cards = One(kNumHoleCards);
  std::fill_n(game.stack_chips.begin(), game.num_players, kStackChipsMax);
  std::fill_n(game.max_raises.begin(), game.num_streets, RuleOf(kMaxRaises).max);
  Copy(kBlind, &game.blind_chips);
  Copy(kStack, &game.stack_chips);
  Copy(kMaxRaises, &game.max_raises);
  Copy(kNumBoardCards, &game.num_board_cards);
  // The server ignores raise sizes of a no-limit game; so that equal games compare equal, so do we.
  if (game.betting == BettingKind::kLimit) Copy(kRaiseSize, &game.raise_chips);
  if (lines_.Has(kFirstPlayer)) {
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
  DefinitionLines lines(file_name);
  RETURN_IF_ERROR(lines.Read(text));
  return Checker(lines).Check();
}

}  // namespace nash
