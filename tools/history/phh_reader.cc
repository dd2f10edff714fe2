// A .phh is one TOML table, a .phhs a table for each hand; toml_tables.h has read them, with a line
// for each value, so that an error can name it. Stakes come first, then actions, which are played
// through BettingState as they are read, then what was won, which CompleteHand() compares with the
// rules.
//
// Two players sit the other way round there (phh.h), which is undone in ReadStakes() and nowhere
// else: player numbers of the actions need no change. Cards that are unknown ("??") stay unknown.
#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tools/history/phh.h"
#include "tools/history/toml_tables.h"

namespace nash {
namespace {

constexpr absl::string_view kUnknownCard = "??";

// One hand's table.
class HandReader {
 public:
  HandReader(const TomlTable& table, absl::string_view file) : table_(table), file_(file) {}

  absl::StatusOr<HandRecord> Read(uint32_t number) {
    RETURN_IF_ERROR(ReadStakes());
    hand_.state.hand = number;
    if (const TomlValue* value = table_.Find("hand"); value != nullptr) {
      ASSIGN_OR_RETURN(const double named, Number(*value));
      if (named < 0 || named > UINT32_MAX || named != std::floor(named)) {
        return Error(value->line, "hand: expected a whole number of at most 32 bits");
      }
      hand_.state.hand = static_cast<uint32_t>(named);
    }
    RETURN_IF_ERROR(ReadNames());
    RETURN_IF_ERROR(ReadActions());
    RETURN_IF_ERROR(ReadValues());
    const absl::Status complete = CompleteHand(&hand_);
    if (!complete.ok()) return Error(table_.line + (table_.line == 0), complete.message());
    return std::move(hand_);
  }

 private:
  absl::Status Error(size_t line, absl::string_view what) const {
    return TomlError(file_, line, what);
  }
  absl::StatusOr<const TomlValue*> Need(absl::string_view key) const {
    const TomlValue* const value = table_.Find(key);
    if (value != nullptr) return value;
    return Error(table_.line + (table_.line == 0), absl::StrCat(key, " is missing"));
  }
  absl::StatusOr<double> Number(const TomlValue& value) const {
    double number = 0;
    if (value.kind != TomlValue::Kind::kBare ||
        !absl::SimpleAtod(absl::StrReplaceAll(value.text, {{"_", ""}}), &number) ||
        !std::isfinite(number)) {
      return Error(value.line, absl::StrCat("\"", value.text, "\": expected a number"));
    }
    return number;
  }
  absl::StatusOr<int32_t> Chips(const TomlValue& value) const {
    ASSIGN_OR_RETURN(const double number, Number(value));
    if (number >= 0 && number <= kStackChipsMax && number == std::floor(number)) {
      return static_cast<int32_t>(number);
    }
    return Error(value.line,
                 absl::StrCat(value.text, ": expected whole chips, up to ", kStackChipsMax));
  }
  absl::StatusOr<std::vector<int32_t>> ChipsList(absl::string_view key) const {
    ASSIGN_OR_RETURN(const TomlValue* const value, Need(key));
    std::vector<int32_t> chips;
    for (const TomlValue& item : value->items) {
      ASSIGN_OR_RETURN(chips.emplace_back(), Chips(item));
    }
    return chips;
  }
  absl::StatusOr<int32_t> OneOfChips(absl::string_view key) const {
    ASSIGN_OR_RETURN(const TomlValue* const value, Need(key));
    return Chips(*value);
  }

  absl::Status ReadStakes() {
    ASSIGN_OR_RETURN(const TomlValue* const variant, Need("variant"));
    const bool is_limit = variant->text == "FT";
    if (!is_limit && variant->text != "NT") {
      return Error(variant->line,
                   absl::StrCat("variant \"", variant->text,
                                "\": NT and FT are read, hold'em of no limit and limit"));
    }
    ASSIGN_OR_RETURN(std::vector<int32_t> stacks, ChipsList("starting_stacks"));
    ASSIGN_OR_RETURN(std::vector<int32_t> blinds, ChipsList("blinds_or_straddles"));
    ASSIGN_OR_RETURN(std::vector<int32_t> antes, ChipsList("antes"));
    const size_t n = stacks.size();
    if (n < 2 || n > kPlayersMax || blinds.size() != n || antes.size() != n) {
      return Error(variant->line,
                   absl::StrCat("starting_stacks, blinds_or_straddles and antes are of ", n, ", ",
                                blinds.size(), " and ", antes.size(),
                                " players; expected one number, from 2 to ", kPlayersMax));
    }
    if (n == 2) {
      std::swap(blinds[0], blinds[1]);
      std::swap(antes[0], antes[1]);
    }
    std::array<int32_t, kStreetsMax> raises{};
    if (is_limit) {
      ASSIGN_OR_RETURN(const int32_t small_bet, OneOfChips("small_bet"));
      ASSIGN_OR_RETURN(const int32_t big_bet, OneOfChips("big_bet"));
      if (small_bet == 0) return Error(variant->line, "small_bet: expected chips");
      raises = {small_bet, small_bet, big_bet, big_bet};
    }
    hand_.game = HoldemGame(blinds, antes, stacks, raises);
    for (size_t p = 0; p < n; ++p) {
      if (blinds[p] + antes[p] <= stacks[p] && stacks[p] > 0) continue;
      return Error(variant->line, absl::StrCat("p", p + 1,
                                               " has less than its blind and ante, "
                                               "which is not played here"));
    }
    const absl::Status dead = CheckDeadChips(hand_.game);
    if (!dead.ok()) return Error(variant->line, dead.message());
    return is_limit ? absl::OkStatus() : CheckMinBet(blinds);
  }

  absl::Status CheckMinBet(const std::vector<int32_t>& blinds) {
    ASSIGN_OR_RETURN(const TomlValue* const value, Need("min_bet"));
    ASSIGN_OR_RETURN(const int32_t min_bet, Chips(*value));
    const int32_t largest = *std::max_element(blinds.begin(), blinds.end());
    if (min_bet == largest) return absl::OkStatus();
    return Error(value->line, absl::StrCat("min_bet ", min_bet, ", the largest blind is ", largest,
                                           ": only tables where they are one are played here"));
  }

  absl::Status ReadNames() {
    const int n = hand_.game.num_players;
    const TomlValue* const players = table_.Find("players");
    for (int p = 0; p < n; ++p) {
      hand_.names.push_back(players != nullptr && p < static_cast<int>(players->items.size())
                                ? players->items[p].text
                                : absl::StrCat("p", p + 1));
    }
    if (players == nullptr || static_cast<int>(players->items.size()) == n) {
      return absl::OkStatus();
    }
    return Error(players->line, absl::StrCat("players: ", players->items.size(), " names of ", n));
  }

  absl::Status ReadValues() {
    const TomlValue* const stacks = table_.Find("finishing_stacks");
    if (stacks == nullptr) return absl::OkStatus();
    if (stacks->items.size() != hand_.names.size()) {
      return Error(stacks->line, "finishing_stacks: expected one of each player");
    }
    for (size_t p = 0; p < hand_.names.size(); ++p) {
      ASSIGN_OR_RETURN(const double chips, Number(stacks->items[p]));
      hand_.values.push_back(chips - hand_.game.stack_chips[p]);
    }
    return absl::OkStatus();
  }

  absl::Status ReadActions() {
    ASSIGN_OR_RETURN(const TomlValue* const actions, Need("actions"));
    BettingState state(&hand_.game);
    for (const TomlValue& item : actions->items) {
      absl::string_view text = item.text;
      text = text.substr(0, text.find('#'));  // a remark
      std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
      const absl::Status status = Act(words, &state);
      if (!status.ok()) {
        return Error(item.line, absl::StrCat("\"", item.text, "\": ", status.message()));
      }
    }
    const size_t shown = BoardCardsShown(hand_.game, hand_.state.actions);
    if (state.is_over() && hand_.state.board.size() > shown) {
      return Error(actions->line, absl::StrCat("a board of ", hand_.state.board.size(),
                                               " cards, after this betting there are ", shown));
    }
    return absl::OkStatus();
  }

  absl::Status Act(const std::vector<absl::string_view>& words, BettingState* state) {
    const auto error = [](absl::string_view what) { return absl::InvalidArgumentError(what); };
    if (words.size() < 2) return error("expected a player or d, and what is done");
    if (words[0] == "d") {
      if (words[1] == "db" && words.size() == 3) return DealBoard(words[2], *state);
      if (words[1] == "dh" && words.size() == 4) {
        ASSIGN_OR_RETURN(const int player, Player(words[2]));
        return TakeHole(player, words[3]);
      }
      return error("the dealer deals by \"d dh pN CARDS\" and \"d db CARDS\"");
    }
    ASSIGN_OR_RETURN(const int player, Player(words[0]));
    if (words[1] == "sm") {
      if (!state->is_over()) return error("a showdown before the betting is over");
      if (words.size() == 2 || words[2] == "-") return absl::OkStatus();
      return TakeHole(player, words[2]);
    }
    if (state->is_over()) return error("the betting is over");
    if (player != state->player()) {
      return error(absl::StrCat("it is the turn of p", state->player() + 1));
    }
    if (static_cast<int>(hand_.state.board.size()) != hand_.game.BoardCardsOn(state->street())) {
      return error("the cards of this street are not dealt yet");
    }
    ASSIGN_OR_RETURN(const ActionLabel action, Action(words, *state));
    hand_.state.actions.push_back(action);
    ApplyAction(action, state);
    return absl::OkStatus();
  }

  static absl::StatusOr<ActionLabel> Action(const std::vector<absl::string_view>& words,
                                            const BettingState& state) {
    if (words[1] == "cc" && words.size() == 2) return kCallLabel;
    if (words[1] == "f" && words.size() == 2) {
      if (state.CanFold()) return kFoldLabel;
      return absl::InvalidArgumentError("there is nothing to fold to");
    }
    int64_t chips = 0;
    if (words[1] != "cbr" || words.size() != 3 || !absl::SimpleAtoi(words[2], &chips)) {
      return absl::InvalidArgumentError("expected f, cc, cbr AMOUNT or sm, in whole chips");
    }
    if (!state.CanRaise()) return absl::InvalidArgumentError("a raise where none is legal");
    const int64_t total = std::min<int64_t>(chips, kStackChipsMax) + state.street_start_chips();
    if (chips > 0 && total >= state.MinRaiseTo() && total <= state.MaxRaiseTo()) {
      return static_cast<ActionLabel>(total);
    }
    return absl::InvalidArgumentError(
        absl::StrCat("legal amounts are ", state.MinRaiseTo() - state.street_start_chips(), " to ",
                     state.MaxRaiseTo() - state.street_start_chips()));
  }

  absl::StatusOr<int> Player(absl::string_view word) const {
    int number = 0;
    if (absl::ConsumePrefix(&word, "p") && absl::SimpleAtoi(word, &number) && number >= 1 &&
        number <= hand_.game.num_players) {
      return number - 1;
    }
    return absl::InvalidArgumentError(absl::StrCat("players are p1 to p", hand_.game.num_players));
  }

  absl::Status TakeCards(absl::string_view names, std::vector<Card>* cards) {
    ASSIGN_OR_RETURN(const std::vector<Card> found, ParseCards(names));
    for (const Card card : found) {
      if ((used_ & SetOf(card)) != 0) {
        return absl::InvalidArgumentError(absl::StrCat("card ", CardName(card), " is there twice"));
      }
      used_ |= SetOf(card);
      cards->push_back(card);
    }
    return absl::OkStatus();
  }

  absl::Status DealBoard(absl::string_view names, const BettingState& state) {
    std::vector<Card>& board = hand_.state.board;
    const size_t before = board.size();
    RETURN_IF_ERROR(TakeCards(names, &board));
    for (int s = 1; s < hand_.game.num_streets; ++s) {
      if (before != static_cast<size_t>(hand_.game.BoardCardsOn(s - 1))) continue;
      if (board.size() != static_cast<size_t>(hand_.game.BoardCardsOn(s))) break;
      if (s <= state.street() || state.is_over()) return absl::OkStatus();
      return absl::InvalidArgumentError("the betting of the street before is not over");
    }
    return absl::InvalidArgumentError("expected three cards, then one, then one");
  }

  // Cards of which one or both are not known are not known here.
  absl::Status TakeHole(int player, absl::string_view names) {
    std::vector<Card>& hole = hand_.state.holes[player];
    if (names.size() != 4) return absl::InvalidArgumentError("expected two cards");
    if (absl::StrContains(names, kUnknownCard)) return absl::OkStatus();
    if (!hole.empty()) {
      const auto shown = ParseCards(names);
      RETURN_IF_ERROR(shown.status());
      const bool is_same = *shown == hole || (shown->at(0) == hole[1] && shown->at(1) == hole[0]);
      if (is_same) return absl::OkStatus();
      return absl::InvalidArgumentError(absl::StrCat("the player was dealt ", CardNames(hole)));
    }
    return TakeCards(names, &hole);
  }

  const TomlTable& table_;
  const absl::string_view file_;
  HandRecord hand_;
  CardSet used_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<HandRecord>> ReadPhh(absl::string_view text, absl::string_view file) {
  ASSIGN_OR_RETURN(const std::vector<TomlTable> tables, ParseToml(text, file));
  std::vector<HandRecord> hands;
  const bool is_one = !tables[0].values.empty();
  if (is_one && tables.size() > 1) {
    return TomlError(file, tables[1].line,
                     "a hand and a table beside it; in a .phhs every hand is a table");
  }
  for (size_t i = is_one ? 0 : 1; i < tables.size(); ++i) {
    ASSIGN_OR_RETURN(HandRecord hand, HandReader(tables[i], file).Read(static_cast<uint32_t>(i)));
    hands.push_back(std::move(hand));
  }
  return hands;
}

}  // namespace nash
