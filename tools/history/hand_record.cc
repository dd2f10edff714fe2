// CompleteHand() is the border of all formats: betting that is not over, or chips that the rules do
// not give, are an error wherever the hand came from. Where the winner follows from the cards that
// are known, the result is computed and compared to a thousandth of a chip; where it does not
// (hands that were not shown), what is claimed must at least be possible: nobody loses more than
// was put in, and no chips are made. Rake may be missing.
#include "tools/history/hand_record.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"

namespace nash {
namespace {

constexpr double kSameChips = 1e-3;  // formats round fractions of a chip
constexpr int kRaisesWithoutCap = 255;
constexpr int kRaisesInLimit = 4;

// Whether what is known of the cards tells who has won.
bool TellsWinner(const HandRecord& hand, const BettingState& state) {
  if (std::has_single_bit(state.in_hand())) return true;
  for (int p = 0; p < hand.game.num_players; ++p) {
    if ((state.in_hand() >> p & 1) != 0 && hand.state.holes[p].empty()) return false;
  }
  return static_cast<int>(hand.state.board.size()) == hand.game.TotalBoardCards();
}

// Cards that nobody looks at, so that hands which folded have some.
std::vector<double> ValuesOf(const HandRecord& hand) {
  MatchState all = hand.state;
  CardSet used = 0;
  for (const auto& hole : all.holes) {
    for (const Card card : hole) used |= SetOf(card);
  }
  for (const Card card : all.board) used |= SetOf(card);
  std::vector<Card> left;
  for (const Card card : MakeDeck(hand.game.num_ranks, hand.game.num_suits)) {
    if ((used & SetOf(card)) == 0) left.push_back(card);
  }
  for (int p = 0; p < hand.game.num_players; ++p) {
    while (all.holes[p].size() < static_cast<size_t>(hand.game.num_hole_cards)) {
      all.holes[p].push_back(left.back());
      left.pop_back();
    }
  }
  while (all.board.size() < static_cast<size_t>(hand.game.TotalBoardCards())) {
    all.board.push_back(left.back());
    left.pop_back();
  }
  return HandValues(hand.game, all);
}

// What each is said to have won, where the cards do not tell: rake may be missing, no chip is new.
absl::Status CheckClaims(const HandRecord& hand, const BettingState& state) {
  double sum = 0;
  for (size_t p = 0; p < hand.values.size(); ++p) {
    const int32_t put_in = state.spent_chips(static_cast<int>(p)) + hand.game.dead_chips[p];
    sum += hand.values[p];
    if (hand.values[p] >= -put_in - kSameChips) continue;
    return absl::InvalidArgumentError(absl::StrCat("hand ", hand.state.hand, ": ", hand.names[p],
                                                   " has lost ", FormatChips(-hand.values[p]),
                                                   " there, and put in ", put_in));
  }
  if (sum <= kSameChips) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("hand ", hand.state.hand, ": ", FormatChips(sum),
                                                 " chips more were won there than lost"));
}

}  // namespace

absl::Status CompleteHand(HandRecord* hand) {
  BettingState state(&hand->game);
  for (const ActionLabel action : hand->state.actions) ApplyAction(action, &state);
  if (!state.is_over()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "hand ", hand->state.hand, " is not over: position ", state.player(), " has to act"));
  }
  if (!TellsWinner(*hand, state)) return CheckClaims(*hand, state);
  const std::vector<double> values = ValuesOf(*hand);
  for (size_t p = 0; p < hand->values.size(); ++p) {
    if (std::abs(hand->values[p] - values[p]) <= kSameChips) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "hand ", hand->state.hand, ": ", hand->names[p], " has won ", FormatChips(hand->values[p]),
        " there, by the rules ", FormatChips(values[p])));
  }
  hand->values = values;
  return absl::OkStatus();
}

GameDefinition HoldemGame(const std::vector<int32_t>& blinds, const std::vector<int32_t>& antes,
                          const std::vector<int32_t>& stacks,
                          const std::array<int32_t, kStreetsMax>& raise_chips) {
  GameDefinition game;
  const bool is_limit = raise_chips[0] > 0;
  game.betting = is_limit ? BettingKind::kLimit : BettingKind::kNoLimit;
  game.num_players = static_cast<int>(stacks.size());
  game.num_streets = kStreetsMax;
  game.num_suits = kSuitsMax;
  game.num_ranks = kRanksMax;
  game.num_hole_cards = 2;
  game.num_board_cards = {0, 3, 1, 1};
  game.raise_chips = raise_chips;
  game.max_raises.fill(is_limit ? kRaisesInLimit : kRaisesWithoutCap);
  std::copy(blinds.begin(), blinds.end(), game.blind_chips.begin());
  std::copy(antes.begin(), antes.end(), game.dead_chips.begin());
  std::copy(stacks.begin(), stacks.end(), game.stack_chips.begin());
  // The first to act sits behind the last blind; two players' dealer has the small one.
  int last_blind = -1;
  for (int p = 0; p < game.num_players; ++p) {
    if (game.blind_chips[p] > 0) last_blind = p;
  }
  game.first_player[0] = game.num_players == 2 ? 1 : (last_blind + 1) % game.num_players;
  return game;
}

absl::Status CheckHoldemGame(const GameDefinition& game, absl::string_view format) {
  const auto by_position = [&](const std::array<int32_t, kPlayersMax>& chips) {
    return std::vector<int32_t>(chips.begin(), chips.begin() + game.num_players);
  };
  std::array<int32_t, kStreetsMax> raises{};
  if (game.betting == BettingKind::kLimit) raises = game.raise_chips;
  GameDefinition meant = HoldemGame(by_position(game.blind_chips), by_position(game.dead_chips),
                                    by_position(game.stack_chips), raises);
  meant.max_raises = game.max_raises;
  meant.raise_chips = game.raise_chips;
  if (meant == game) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      format,
      " has words for hold'em of four streets, blinds beginning left of the button, the "
      "last position; this game has other cards, streets or another order of play: use an "
      "ACPC log (.log)"));
}

}  // namespace nash
