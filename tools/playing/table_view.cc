#include "tools/playing/table_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "solver/game/betting_text.h"
#include "solver/game/street_names.h"
#include "tools/playing/typed_action.h"

namespace nash {
namespace {

constexpr double kShownProbability = 0.0005;

// "900 behind". A definition without stacks gives everybody the most that there is.
std::string Behind(const GameDefinition& game, const BettingState& state, int position) {
  if (game.stack_chips[position] == kStackChipsMax) return "no end of chips";
  return absl::StrCat(game.BetChipsMax(position) - state.spent_chips(position), " behind");
}

// "raise to 300" is "raises to 300".
std::string InThirdPerson(const std::string& words) {
  const size_t end = std::min(words.find(' '), words.size());
  std::string verb = words.substr(0, end);
  const bool hisses = verb.size() > 2 && verb.substr(verb.size() - 2) == "ch";
  return absl::StrCat(verb, hisses ? "es" : "s", words.substr(end));
}

}  // namespace

BettingState StateOf(const GameDefinition& game, absl::Span<const ActionLabel> actions) {
  BettingState state(&game);
  for (const ActionLabel action : actions) ApplyAction(action, &state);
  return state;
}

double TableView::big_blind_chips() const {
  return *std::max_element(game_.blind_chips.begin(), game_.blind_chips.end());
}

std::string TableView::SeatName(const TableHand& hand, int position) const {
  const int n = game_.num_players;
  const int to_the_left = (position - hand.position + n) % n;
  if (to_the_left == 0) return "you";
  return n == 2 ? "strategy" : absl::StrCat("strategy ", to_the_left);
}

std::string TableView::Cards(absl::Span<const Card> cards) const {
  std::string text;
  for (const Card card : cards) {
    const bool is_red = SuitOf(card) == 1 || SuitOf(card) == 2;
    if (!text.empty()) text += ' ';
    absl::StrAppend(&text, has_colour_ ? (is_red ? "\033[1;31m" : "\033[1m") : "", CardName(card),
                    has_colour_ ? "\033[0m" : "");
  }
  return text;
}

std::string TableView::Beginning(const TableHand& hand) const {
  const BettingState state(&game_);
  std::string text = absl::StrCat("\nhand ", hand.all.hand + 1, "\n");
  for (int p = 0; p < game_.num_players; ++p) {
    absl::StrAppendFormat(&text, "  seat %d  %-11s %s", p, SeatName(hand, p),
                          Behind(game_, state, p));
    if (game_.dead_chips[p] > 0) absl::StrAppend(&text, ", ante ", game_.dead_chips[p]);
    if (state.spent_chips(p) > 0) absl::StrAppend(&text, ", blind ", state.spent_chips(p));
    if (p == hand.position) absl::StrAppend(&text, "   ", Cards(hand.all.holes[p]));
    text += '\n';
  }
  if (game_.num_board_cards[0] > 0) text += Street(hand, state);
  return text;
}

std::string TableView::Action(const TableHand& hand, const BettingState& before,
                              ActionLabel action) const {
  const std::string words = ActionInWords(game_, before, action);
  const std::string name = SeatName(hand, before.player());
  return absl::StrCat("  ", name, " ", name == "you" ? words : InThirdPerson(words), "\n");
}

std::string TableView::Street(const TableHand& hand, const BettingState& state) const {
  const auto board = absl::MakeConstSpan(hand.all.board).first(game_.BoardCardsOn(state.street()));
  return absl::StrCat("  ", kStreetNames[state.street()], "  ", Cards(board), ", pot ",
                      state.pot_chips(), "\n");
}

std::string TableView::Turn(const TableHand& hand, const BettingState& state) const {
  return absl::StrCat("  pot ", state.pot_chips(), ", you have ",
                      Behind(game_, state, hand.position), "; ", LegalActions(game_, state), "\n");
}

std::string TableView::End(const TableHand& hand, const BettingState& state, bool shows_all) const {
  const bool is_showdown = (state.in_hand() & (state.in_hand() - 1)) != 0;
  std::string text;
  if (is_showdown && !hand.all.board.empty()) {
    absl::StrAppend(&text, "  board ", Cards(hand.all.board), "\n");
  }
  for (int p = 0; p < game_.num_players; ++p) {
    const bool is_shown = shows_all || (is_showdown && (state.in_hand() >> p & 1) != 0);
    if (!is_shown || p == hand.position) continue;
    absl::StrAppend(&text, "  ", SeatName(hand, p), is_showdown ? " shows " : " had ",
                    Cards(hand.all.holes[p]), "\n");
  }
  const double chips = HandValues(game_, hand.all)[hand.position];
  absl::StrAppend(&text, "  you ",
                  chips > 0   ? "win "
                  : chips < 0 ? "lose "
                              : "are even",
                  chips == 0 ? "" : FormatChips(std::abs(chips)), "\n");
  return text;
}

std::string TableView::Distribution(const BettingState& state, const PlayerAnswer& answer) const {
  if (answer.is_off_tree) return "checks and calls: the hand has left what it knows";
  std::string text;
  for (const WeighedAction& considered : answer.actions) {
    if (considered.probability < kShownProbability) continue;
    absl::StrAppendFormat(&text, "%s%s %.1f%%", text.empty() ? "" : ", ",
                          ActionInWords(game_, state, considered.action),
                          100 * considered.probability);
  }
  return text;
}

std::string TableView::Score(const SessionScore& score, bool is_duplicate) const {
  std::string text = absl::StrFormat(
      "so far %d hand%s, %s chips", score.num_hands(), score.num_hands() == 1 ? "" : "s",
      (score.total_chips() > 0 ? "+" : "") + FormatChips(score.total_chips()));
  const char* const samples = is_duplicate ? "deals in every seat" : "hands";
  const double unit = big_blind_chips() > 0 ? 1000 / big_blind_chips() : 1;
  const char* const name = big_blind_chips() > 0 ? "mbb/g" : "chips a hand";
  if (score.num_samples() > 0) {
    absl::StrAppendFormat(&text, ": %+.0f", unit * score.mean_chips());
    const auto half = score.half_width_chips();
    if (half.has_value()) absl::StrAppendFormat(&text, " +-%.0f", unit * *half);
    absl::StrAppend(&text, " ", name);
    if (half.has_value()) {
      absl::StrAppendFormat(&text, " (95%% interval, %d %s)", score.num_samples(), samples);
      return text + "\n";
    }
  }
  return absl::StrCat(text, "; no interval before ", kSamplesForInterval, " ", samples, "\n");
}

}  // namespace nash
