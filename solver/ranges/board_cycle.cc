// Numbers of boards to cards. The run's boards are numbered through, round by round and unit by
// unit, so that where a board is walked and in which process changes nothing. A place on a circle
// is a fraction of 64 bits, and arithmetic modulo 2^64 goes around it. Of the place times the
// number of sets the whole part is the set, and what is left is the place on the next street's
// circle: hold'em needs 26 bits.
#include "solver/ranges/board_cycle.h"

#include <glog/logging.h>

#include <algorithm>

#include "solver/cards/combinations.h"
#include "solver/ranges/suit_boards.h"

namespace nash {
namespace {

// Fibonacci's: 2^64 over the golden ratio.
constexpr uint64_t kGoldenFraction = 0x9E3779B97F4A7C15;

// Splits place * num_sets: the whole part is returned, the rest stays.
uint64_t TakeDigit(uint64_t num_sets, uint64_t* place) {
  const auto product = static_cast<unsigned __int128>(*place) * num_sets;
  *place = static_cast<uint64_t>(product);
  return static_cast<uint64_t>(product >> 64);
}

// A random place.
uint64_t BeginOf(uint64_t seed, uint64_t path, size_t circle) {
  const StreamName name = {seed, path, static_cast<uint32_t>(circle)};
  const RandomBlock block = Draw(name, DrawPurpose::kBoardCycle, 0, 0);
  return block[0] | uint64_t{block[1]} << 32;
}

// Cards of higher ranks first, as the worth of flops goes by them before it goes by suits.
std::vector<int> RanksOf(CardSet cards) {
  std::vector<int> ranks;
  for (Card card = kCardsMax; card-- > 0;) {
    if ((cards & SetOf(card)) != 0) ranks.push_back(RankOf(card));
  }
  return ranks;
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
    circles_.push_back({num_cards, num_sets});
    live -= num_cards;
  }
  if (circles_.empty()) return;
  const SuitBoards boards(game, /*suits_are_alike=*/true);
  std::vector<BoardStep> steps;
  boards.FindSteps(0, boards.root_group(), circles_[0].num_cards, &steps);
  std::stable_sort(steps.begin(), steps.end(), [](const BoardStep& a, const BoardStep& b) {
    return RanksOf(a.cards) > RanksOf(b.cards);
  });
  for (const BoardStep& step : steps) {
    for (int i = 0; i < step.num_images; ++i) {
      sets_.push_back(boards.Rename(step.cards, step.images[i]));
    }
  }
  CHECK_EQ(sets_.size(), circles_[0].num_sets);
}

void BoardCycle::Deal(const StreamName& name, uint32_t number, std::vector<Card>* board) const {
  board->clear();
  const uint64_t n = (name.round * units_ + name.unit) * boards_per_unit_ + number;
  uint64_t place = n * kGoldenFraction;
  uint64_t path = 0;  // tells the circles of a street apart
  CardSet taken = 0;
  for (size_t i = 0; i < circles_.size(); ++i) {
    const Circle& circle = circles_[i];
    place += BeginOf(name.seed, path, i);
    const uint64_t number_of_set = TakeDigit(circle.num_sets, &place);
    path = path * circle.num_sets + number_of_set;
    const CardSet set =
        i == 0 ? sets_[number_of_set] : SetOfRank(deck_, taken, circle.num_cards, number_of_set);
    for (const Card card : deck_) {
      if ((set & SetOf(card)) != 0) board->push_back(card);
    }
    taken |= set;
  }
}

}  // namespace nash
