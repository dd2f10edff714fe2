// A line has a grammar (match_state.h) and a meaning, and both are checked, because either may come
// from a stranger over a socket:
//
//   MATCHSTATE : position : hand : betting : holes / board ...
//                                  |         `- as many cards as this betting has shown, each once
//                                  `- only legal actions, a slash where a street begins
//
// Betting is played through BettingState (betting_text.h), so what is legal is said in one place
// for the engine and for lines of text. A board is as long as the betting has come; after an all-in
// that is called it is whole (BoardCardsShown), though no action stands on its streets. An answer
// must begin with the very bytes of the line that was sent: so a player that answers late answers
// nothing.
//
// Pots are split in fractions of a chip, as the ACPC's dealer does. tests/acpc/match_state_test.cc
// has lines of every kind, tests/fuzz bytes.
#include "solver/play/match_state.h"

#include <bit>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "common/whole_number.h"
#include "solver/cards/small_hand_rank.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"

namespace nash {
namespace {

constexpr absl::string_view kStart = "MATCHSTATE:";
constexpr size_t kShownBytes = 80;

absl::Status Refused(absl::string_view line, absl::string_view what) {
  std::string shown;
  for (const char c : line.substr(0, kShownBytes)) shown += c >= ' ' && c <= '~' ? c : '?';
  return absl::InvalidArgumentError(
      absl::StrCat("line \"", shown, line.size() > kShownBytes ? "..." : "", "\": ", what));
}

BettingState StateAfter(const GameDefinition& game, absl::Span<const ActionLabel> actions) {
  BettingState state(&game);
  for (const ActionLabel action : actions) ApplyAction(action, &state);
  return state;
}

CardSet DeckOf(const GameDefinition& game) {
  CardSet deck = 0;
  for (const Card card : MakeDeck(game.num_ranks, game.num_suits)) deck |= SetOf(card);
  return deck;
}

}  // namespace

absl::Status CheckAcpcGame(const GameDefinition& game) {
  if (game.DeadChips() > 0) {
    return absl::FailedPreconditionError(
        "the game has antes, which the ACPC's protocol does not know: it plays games with blinds");
  }
  if (game.num_board_cards[0] > 0) {
    return absl::FailedPreconditionError(
        "the game deals board cards on the first street, which the ACPC's protocol does not write");
  }
  return absl::OkStatus();
}

int BoardCardsShown(const GameDefinition& game, absl::Span<const ActionLabel> actions) {
  const BettingState state = StateAfter(game, actions);
  if (state.is_over() && !std::has_single_bit(state.in_hand())) return game.TotalBoardCards();
  return game.BoardCardsOn(state.street());
}

absl::Status ParseMatchCards(const GameDefinition& game, absl::string_view text,
                             MatchState* state) {
  std::vector<absl::string_view> streets = absl::StrSplit(text, '/');
  const std::vector<absl::string_view> holes = absl::StrSplit(streets[0], '|');
  if (holes.size() != static_cast<size_t>(game.num_players)) {
    return absl::InvalidArgumentError(absl::StrCat("hole cards of ", holes.size(),
                                                   " positions, the game has ", game.num_players));
  }
  CardSet left = DeckOf(game);
  const auto take = [&](absl::string_view names, size_t expected,
                        std::vector<Card>* cards) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Card> found, ParseCards(names));
    if (found.size() != expected) {
      return absl::InvalidArgumentError(absl::StrCat("cards \"", names, "\", expected ", expected));
    }
    for (const Card card : found) {
      if ((left & SetOf(card)) == 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "card ", CardName(card), " is there twice, or is not in the deck of the game"));
      }
      left &= ~SetOf(card);
      cards->push_back(card);
    }
    return absl::OkStatus();
  };
  for (size_t p = 0; p < holes.size(); ++p) {
    if (holes[p].empty()) continue;
    RETURN_IF_ERROR(take(holes[p], game.num_hole_cards, &state->holes[p]));
  }
  streets.erase(streets.begin());
  const size_t shown = BoardCardsShown(game, state->actions);
  // The first field behind the hole cards is the second street's: the first street has no board
  // cards.
  for (size_t s = 0; s < streets.size() && s + 1 < static_cast<size_t>(game.num_streets); ++s) {
    RETURN_IF_ERROR(take(streets[s], game.num_board_cards[s + 1], &state->board));
  }
  if (streets.size() >= static_cast<size_t>(game.num_streets) || state->board.size() != shown) {
    return absl::InvalidArgumentError(absl::StrCat("a board of ", state->board.size(),
                                                   " cards, after this betting there are ", shown));
  }
  return absl::OkStatus();
}

std::string FormatMatchState(const GameDefinition& game, const MatchState& state) {
  std::string text = absl::StrCat(kStart, state.position, ":", state.hand, ":",
                                  FormatBetting(game, state.actions), ":");
  for (int p = 0; p < game.num_players; ++p) {
    absl::StrAppend(&text, p == 0 ? "" : "|", CardNames(state.holes[p]));
  }
  size_t dealt = 0;
  for (int s = 1; s < game.num_streets && dealt < state.board.size(); ++s) {
    const size_t n = game.num_board_cards[s];
    absl::StrAppend(&text, "/", CardNames(absl::MakeConstSpan(state.board).subspan(dealt, n)));
    dealt += n;
  }
  return text;
}

absl::StatusOr<MatchState> ParseMatchState(const GameDefinition& game, absl::string_view line) {
  if (!absl::StartsWith(line, kStart)) return Refused(line, "expected MATCHSTATE:");
  const std::vector<absl::string_view> fields = absl::StrSplit(line.substr(kStart.size()), ':');
  if (fields.size() != 4) return Refused(line, "expected four fields after MATCHSTATE");
  const auto position = ParseWholeNumber(fields[0]);
  if (!position.has_value() || *position >= static_cast<uint64_t>(game.num_players)) {
    return Refused(line, absl::StrCat("position \"", fields[0].substr(0, 12), "\" of a game of ",
                                      game.num_players, " players"));
  }
  const auto hand = ParseWholeNumber(fields[1]);
  if (!hand.has_value() || *hand > UINT32_MAX) return Refused(line, "no number of a hand");
  MatchState state;
  state.position = static_cast<int>(*position);
  state.hand = static_cast<uint32_t>(*hand);
  auto actions = ParseBetting(game, fields[2]);
  if (!actions.ok()) return Refused(line, actions.status().message());
  state.actions = *std::move(actions);
  const absl::Status cards = ParseMatchCards(game, fields[3], &state);
  if (!cards.ok()) return Refused(line, cards.message());
  if (state.holes[state.position].empty()) return Refused(line, "own hole cards are missing");
  return state;
}

absl::StatusOr<ActionLabel> ParseAnswer(const GameDefinition& game,
                                        absl::Span<const ActionLabel> actions,
                                        absl::string_view state_line, absl::string_view answer) {
  if (!absl::StartsWith(answer, state_line) || answer.size() <= state_line.size() ||
      answer[state_line.size()] != ':') {
    return absl::FailedPreconditionError("answers another state than the last");
  }
  const absl::string_view action = answer.substr(state_line.size() + 1);
  if (action.empty() || absl::StrContains(action, '/')) return Refused(action, "no action");
  const std::string betting = FormatBetting(game, actions);
  const auto all = ParseBetting(game, absl::StrCat(betting, action));
  if (!all.ok()) return Refused(action, all.status().message());
  if (all->size() != actions.size() + 1) return Refused(action, "more than one action");
  return all->back();
}

std::vector<double> HandValues(const GameDefinition& game, const MatchState& all_cards) {
  const BettingState state = StateAfter(game, all_cards.actions);
  MultiwayTerminal terminal;
  terminal.in_hand = state.in_hand();
  std::vector<int32_t> strengths(game.num_players, 0);
  for (int p = 0; p < game.num_players; ++p) {
    terminal.spent_chips[p] = state.spent_chips(p);
    std::vector<Card> cards = all_cards.holes[p];
    cards.insert(cards.end(), all_cards.board.begin(), all_cards.board.end());
    strengths[p] = RankSmallHand(cards, game.ranking);
  }
  std::vector<double> values;
  for (int p = 0; p < game.num_players; ++p) {
    values.push_back(MultiwayValue(game, terminal, p, strengths));
  }
  return values;
}

std::string FormatChips(double chips) {
  std::string text = absl::StrFormat("%.6f", chips);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace nash
