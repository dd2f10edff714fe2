// Numbers of boards to cards. The run's boards are numbered through, round by round and unit by
// unit, so that where a board is walked and in which process changes nothing. Board n is visit
// n / sets of the first street's place n % sets; that visit is the number of a board below it, and
// so on down the streets, as digits of a number whose bases are the circles' lengths.
#include "solver/ranges/board_cycle.h"

#include <glog/logging.h>

#include <algorithm>
#include <numeric>

#include "solver/cards/combinations.h"
#include "solver/ranges/suit_boards.h"

namespace nash {
namespace {

// Fibonacci's: 2^64 over the golden ratio.
constexpr uint64_t kGoldenFraction = 0x9E3779B97F4A7C15;

// The step nearest to the golden section that comes by every place.
uint64_t StepOf(uint64_t num_sets) {
  if (num_sets < 2) return 0;
  const auto golden =
      static_cast<uint64_t>((static_cast<unsigned __int128>(num_sets) * kGoldenFraction) >> 64);
  for (uint64_t away = 0;; ++away) {
    if (std::gcd(golden + away, num_sets) == 1) return golden + away;
    if (away < golden && std::gcd(golden - away, num_sets) == 1) return golden - away;
  }
}

// The set of colex rank `rank` (solver/cards/combinations.h) of those that are not taken.
CardSet SetOfRank(absl::Span<const Card> deck, CardSet taken, int num_cards, uint64_t rank) {
  std::vector<Card> live;
  for (const Card card : deck) {
    if ((taken & SetOf(card)) == 0) live.push_back(card);
  }
  CardSet set = 0;
  size_t top = live.size();
  for (int k = num_cards; k > 0; --k) {
    do --top;
    while (Choose(top, k) > rank);
    rank -= Choose(top, k);
    set |= SetOf(live[top]);
  }
  return set;
}

}  // namespace

uint64_t BoardCycle::CountSets(const GameDefinition& game) {
  for (const int num_cards : game.num_board_cards) {
    if (num_cards > 0) return Choose(game.num_ranks * game.num_suits, num_cards);
  }
  return 1;
}

BoardCycle::BoardCycle(const GameDefinition& game, uint32_t units, uint32_t boards_per_unit)
    : units_(units),
      boards_per_unit_(boards_per_unit),
      deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  CHECK_LE(CountSets(game), kCycleSetsMax);
  size_t live = deck_.size();
  for (int street = 0; street < game.num_streets; ++street) {
    const int num_cards = game.num_board_cards[street];
    if (num_cards == 0) continue;
    const uint64_t num_sets = Choose(live, num_cards);
    circles_.push_back({num_cards, num_sets, StepOf(num_sets)});
    live -= num_cards;
  }
  if (circles_.empty()) return;
  const SuitBoards boards(game, /*suits_are_alike=*/true);
  std::vector<BoardStep> steps;
  boards.FindSteps(0, boards.root_group(), circles_[0].num_cards, &steps);
  for (const BoardStep& step : steps) {
    for (int i = 0; i < step.num_images; ++i) {
      sets_.push_back(boards.Rename(step.cards, step.images[i]));
    }
  }
  CHECK_EQ(sets_.size(), circles_[0].num_sets);
}

void BoardCycle::Deal(const StreamName& name, uint32_t number, std::vector<Card>* board) const {
  board->clear();
  uint64_t visit = (name.round * units_ + name.unit) * boards_per_unit_ + number;
  uint64_t path = 0;  // tells the circles of a street apart
  CardSet taken = 0;
  for (size_t i = 0; i < circles_.size(); ++i) {
    const Circle& circle = circles_[i];
    const StreamName circle_name = {name.seed, path, static_cast<uint32_t>(i)};
    const uint64_t begin = UniformBelow(Draw(circle_name, DrawPurpose::kBoardCycle, 0, 0)[0],
                                        static_cast<uint32_t>(circle.num_sets));
    const uint64_t place = (visit % circle.num_sets * circle.step + begin) % circle.num_sets;
    visit /= circle.num_sets;
    path = path * circle.num_sets + place;
    const CardSet set = i == 0 ? sets_[place] : SetOfRank(deck_, taken, circle.num_cards, place);
    for (const Card card : deck_) {
      if ((set & SetOf(card)) != 0) board->push_back(card);
    }
    taken |= set;
  }
}

}  // namespace nash
