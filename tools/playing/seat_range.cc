#include "tools/playing/seat_range.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"

namespace nash {
namespace {

constexpr absl::string_view kRankNames = "23456789TJQKA";
constexpr size_t kHandsShownMax = 60;

// How often the answer takes `action`, or what is nearest to it.
double ProbabilityOf(const PlayerAnswer& answer, ActionLabel action) {
  const WeighedAction* nearest = nullptr;
  for (const WeighedAction& considered : answer.actions) {
    if (considered.action == action) return considered.probability;
    if ((considered.action > 0) != (action > 0)) continue;
    if (nearest == nullptr ||
        std::abs(considered.action - action) < std::abs(nearest->action - action)) {
      nearest = &considered;
    }
  }
  return nearest == nullptr ? 1 : nearest->probability;  // it always checks and calls there
}

absl::StatusOr<double> WeightOf(const StrategyPlayer& strategy, const PlayedHand& seat,
                                absl::Span<const Card> hole) {
  const GameDefinition& game = seat.game == nullptr ? strategy.game() : *seat.game;
  BettingState state(&game);
  double weight = 1;
  for (size_t i = 0; i < seat.actions.size() && weight > 0; ++i) {
    if (state.player() == seat.position) {
      PlayedHand before = seat;
      before.hole = hole;
      before.actions = seat.actions.first(i);
      ASSIGN_OR_RETURN(const PlayerAnswer answer, strategy.Ask(before));
      weight *= ProbabilityOf(answer, seat.actions[i]);
    }
    ApplyAction(seat.actions[i], &state);
  }
  return weight;
}

std::string FormatGrid(const std::vector<WeighedHole>& range) {
  struct Cell {
    double weight = 0;
    int hands = 0;
  };
  std::array<std::array<Cell, kRanksMax>, kRanksMax> cells;
  for (const WeighedHole& hand : range) {
    const int a = RankOf(hand.hole[0]), b = RankOf(hand.hole[1]);
    const bool is_suited = SuitOf(hand.hole[0]) == SuitOf(hand.hole[1]);
    Cell& cell =
        is_suited ? cells[std::max(a, b)][std::min(a, b)] : cells[std::min(a, b)][std::max(a, b)];
    cell.weight += hand.weight;
    ++cell.hands;
  }
  std::string text = "     ";
  for (int column = kRanksMax; column-- > 0;)
    absl::StrAppendFormat(&text, "   %c", kRankNames[column]);
  for (int row = kRanksMax; row-- > 0;) {
    absl::StrAppendFormat(&text, "\n    %c", kRankNames[row]);
    for (int column = kRanksMax; column-- > 0;) {
      const Cell& cell = cells[row][column];
      if (cell.hands == 0) {
        text += "   -";
      } else {
        absl::StrAppendFormat(&text, " %3.0f", 100 * cell.weight / cell.hands);
      }
    }
  }
  return text + "\n";
}

std::string FormatList(std::vector<WeighedHole> range, double total) {
  std::stable_sort(range.begin(), range.end(),
                   [](const WeighedHole& a, const WeighedHole& b) { return a.weight > b.weight; });
  std::string text = "   ";
  for (size_t i = 0; i < range.size() && i < kHandsShownMax; ++i) {
    absl::StrAppendFormat(&text, " %s %.1f%%", CardNames(range[i].hole),
                          100 * range[i].weight / total);
  }
  if (range.size() > kHandsShownMax) {
    absl::StrAppend(&text, " and ", range.size() - kHandsShownMax, " less likely ones");
  }
  return text + "\n";
}

}  // namespace

absl::StatusOr<std::vector<WeighedHole>> SeatRange(const StrategyPlayer& strategy,
                                                   const PlayedHand& seat, CardSet known) {
  const GameDefinition& game = strategy.game();
  std::vector<Card> left;
  for (const Card card : MakeDeck(game.num_ranks, game.num_suits)) {
    if ((known & SetOf(card)) == 0) left.push_back(card);
  }
  std::vector<WeighedHole> range;
  std::vector<size_t> places(game.num_hole_cards);
  for (size_t i = 0; i < places.size(); ++i) places[i] = i;
  // All choices of so many of the cards that are left, in ascending order of places.
  while (places.size() <= left.size()) {
    WeighedHole hand;
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
      hand.hole.push_back(left[*place]);
    }
    ASSIGN_OR_RETURN(hand.weight, WeightOf(strategy, seat, hand.hole));
    range.push_back(std::move(hand));
    size_t i = places.size();
    while (i > 0 && places[i - 1] == left.size() - places.size() + i - 1) --i;
    if (i == 0) break;
    ++places[i - 1];
    for (; i < places.size(); ++i) places[i] = places[i - 1] + 1;
  }
  return range;
}

std::string FormatRange(const GameDefinition& game, const std::vector<WeighedHole>& range) {
  double total = 0;
  for (const WeighedHole& hand : range) total += hand.weight;
  if (total <= 0) return "    the strategy never comes this way\n";
  const bool is_grid =
      game.num_hole_cards == 2 && game.num_ranks == kRanksMax && game.num_suits == kSuitsMax;
  return absl::StrFormat("    %.1f of %d hands come this way\n", total, range.size()) +
         (is_grid ? FormatGrid(range) : FormatList(range, total));
}

}  // namespace nash
