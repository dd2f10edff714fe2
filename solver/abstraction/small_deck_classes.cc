// Raw hands are numbered in mixed radix, a digit for the hole cards and one for each street's
// board, and each digit is the colex rank of a set of cards; so a look-up is a few additions and
// one load:
//
//   raw = (rank(hole) * C(deck, flop) + rank(flop)) * ...      classes_[raw]
//
// With imperfect recall there is one digit for the whole board. Digits are independent, so some raw
// numbers hold a card twice. They stay kNoClass and are never asked for; leaving them out would
// need a search in place of the sum.
//
// By suits, a class is an orbit: the first raw hand that has no class yet gives its number to all
// its images under renamings of suits. By ranks, the sorted ranks of each digit are looked up in a
// map. Numbers are given in ascending raw order, so they are the same everywhere. The enumeration
// is done once, at a start, for up to kRawHandsMax hands. small_deck_classes_test.cc has the known
// counts of Kuhn, Leduc and hold'em's hole cards, and checks that classes are exactly the orbits.
#include "solver/abstraction/small_deck_classes.h"

#include <glog/logging.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "absl/strings/str_format.h"

namespace nash {
namespace {

constexpr uint32_t kNoClass = ~uint32_t{0};

// C(n, k) is cut off here: no count above kRawHandsMax is ever used.
constexpr uint64_t kChooseMax = kRawHandsMax + 1;

double Choose(int n, int k) {
  double ways = 1;
  for (int i = 0; i < k; ++i) ways = ways * (n - i) / (i + 1);
  return ways;
}

struct HandCounts {
  double hands = 1;   // (hole cards, boards by street) that can be dealt
  double places = 1;  // of raw indices, which count a street's cards as if none were dealt before
};

HandCounts CountHands(const GameDefinition& game, int street, BoardRecall recall) {
  const int deck = game.num_ranks * game.num_suits;
  int left = deck;
  HandCounts counts;
  const auto deal = [&](int num_cards) {
    counts.hands *= Choose(left, num_cards);
    counts.places *= Choose(deck, num_cards);
    left -= num_cards;
  };
  deal(game.num_hole_cards);
  if (recall == BoardRecall::kImperfect) {
    deal(game.BoardCardsOn(street));
    return counts;
  }
  for (int s = 0; s <= street; ++s) deal(game.num_board_cards[s]);
  return counts;
}

// Sorts a few values; descending.
void SortDescending(int* values, int n) {
  for (int i = 1; i < n; ++i) {
    for (int j = i; j > 0 && values[j - 1] < values[j]; --j) std::swap(values[j - 1], values[j]);
  }
}

bool AreDistinct(absl::Span<const Card> cards) {
  CardSet seen = 0;
  for (Card card : cards) seen |= SetOf(card);
  return __builtin_popcountll(seen) == static_cast<int>(cards.size());
}

}  // namespace

SmallDeckClasses::SmallDeckClasses(const GameDefinition& game, int street, BoardRecall recall)
    : num_ranks_(game.num_ranks),
      num_suits_(game.num_suits),
      only_ranks_count_(game.num_hole_cards + game.TotalBoardCards() < 5),
      deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  for (size_t i = 0; i < deck_.size(); ++i) deck_places_[deck_[i]] = static_cast<uint8_t>(i);
  for (int n = 0; n <= kCardsMax; ++n) {
    for (int k = 0; k <= kBoardCardsMax; ++k) {
      const uint64_t both = k == 0   ? 1
                            : n == 0 ? 0
                                     : uint64_t{choose_[n - 1][k - 1]} + choose_[n - 1][k];
      choose_[n][k] = static_cast<uint32_t>(std::min(both, kChooseMax));
    }
  }
  const auto add_group = [this](int num_cards) {
    if (num_cards == 0) return;
    groups_.push_back({num_cards, choose_[deck_.size()][num_cards]});
    num_cards_ += num_cards;
    num_raw_ = std::min(num_raw_ * groups_.back().num_sets, kChooseMax);
  };
  add_group(game.num_hole_cards);
  if (recall == BoardRecall::kImperfect) {
    add_group(game.BoardCardsOn(street));
    return;
  }
  for (int s = 0; s <= street; ++s) add_group(game.num_board_cards[s]);
}

absl::StatusOr<SmallDeckClasses> SmallDeckClasses::Build(const GameDefinition& game, int street,
                                                         BoardRecall recall) {
  SmallDeckClasses classes(game, street, recall);
  if (classes.num_raw_ > kRawHandsMax) {
    const HandCounts counts = CountHands(game, street, recall);
    return absl::ResourceExhaustedError(absl::StrFormat(
        "lossless classes of street %d: a deck of %d cards deals %.12g hands of %d hole and %d "
        "board cards, for which a table of %.12g places is needed (each street's cards out of the "
        "whole deck); at most %d are held: use a smaller deck, or \"ehs\" on this street where the "
        "game is hold'em",
        street + 1, game.num_ranks * game.num_suits, counts.hands, game.num_hole_cards,
        game.BoardCardsOn(street), counts.places, kRawHandsMax));
  }
  classes.classes_.assign(classes.num_raw_, kNoClass);
  if (classes.only_ranks_count_) {
    classes.EnumerateByRanks();
  } else {
    classes.EnumerateBySuits();
  }
  return classes;
}

// Colexicographic rank of the set of one deal's cards: each card counts the sets below it.
uint32_t SmallDeckClasses::SetRank(const Card* const* slots, int deal, int num_cards) const {
  int sorted[kBoardCardsMax];
  for (int i = 0; i < num_cards; ++i) sorted[i] = deck_places_[slots[i][deal]];
  SortDescending(sorted, num_cards);
  uint32_t rank = 0;
  for (int i = 0; i < num_cards; ++i) rank += choose_[sorted[i]][num_cards - i];
  return rank;
}

void SmallDeckClasses::FindClasses(const Card* const* slots, int n, uint32_t* classes) const {
  std::fill(classes, classes + n, 0);  // raw indices at first
  for (const Group& group : groups_) {
    const uint32_t num_sets = group.num_sets;
    if (group.num_cards == 1) {
      const Card* const cards = slots[0];
      for (int d = 0; d < n; ++d) classes[d] = classes[d] * num_sets + deck_places_[cards[d]];
    } else {
      for (int d = 0; d < n; ++d) {
        classes[d] = classes[d] * num_sets + SetRank(slots, d, group.num_cards);
      }
    }
    slots += group.num_cards;
  }
  for (int d = 0; d < n; ++d) classes[d] = classes_[classes[d]];
}

// The hole cards are the first group: the rest of the raw index is the same for all hands.
void SmallDeckClasses::FindClasses(absl::Span<const Card> board, absl::Span<const Card> low,
                                   absl::Span<const Card> high,
                                   absl::Span<uint32_t> classes) const {
  DCHECK_EQ(board.size() + groups_[0].num_cards, static_cast<size_t>(num_cards_));
  std::array<const Card*, kBoardCardsMax> slots;
  for (size_t c = 0; c < board.size(); ++c) slots[c] = &board[c];
  const Card* const* next = slots.data();
  uint32_t board_raw = 0;
  uint32_t stride = 1;
  for (size_t g = 1; g < groups_.size(); ++g) {
    board_raw = board_raw * groups_[g].num_sets + SetRank(next, 0, groups_[g].num_cards);
    stride *= groups_[g].num_sets;
    next += groups_[g].num_cards;
  }
  for (size_t i = 0; i < classes.size(); ++i) {
    const int a = deck_places_[low[i]];
    const int b = deck_places_[high[i]];
    const uint32_t hole = groups_[0].num_cards == 1 ? a : choose_[b][2] + a;
    classes[i] = classes_[hole * stride + board_raw];
  }
}

uint32_t SmallDeckClasses::RawIndex(absl::Span<const Card> cards) const {
  DCHECK_EQ(cards.size(), static_cast<size_t>(num_cards_));
  std::array<const Card*, kHoleCardsMax + kBoardCardsMax> slots;
  for (int c = 0; c < num_cards_; ++c) slots[c] = &cards[c];
  const Card* const* next = slots.data();
  uint32_t raw = 0;
  for (const Group& group : groups_) {
    raw = raw * group.num_sets + SetRank(next, 0, group.num_cards);
    next += group.num_cards;
  }
  return raw;
}

std::vector<Card> SmallDeckClasses::RawCards(uint32_t raw) const {
  std::vector<Card> cards(num_cards_);
  size_t end = cards.size();
  for (size_t g = groups_.size(); g-- > 0;) {
    const Group& group = groups_[g];
    uint32_t rank = raw % group.num_sets;
    raw /= group.num_sets;
    const size_t begin = end - group.num_cards;
    int card = static_cast<int>(deck_.size());
    // The highest card is the largest one that has no more sets below it than the rank says; the
    // rest of the rank is that of the cards below.
    for (int left = group.num_cards; left > 0; --left) {
      while (choose_[card][left] > rank) --card;
      rank -= choose_[card][left];
      cards[begin + group.num_cards - left] = deck_[card];
    }
    end = begin;
  }
  return cards;
}

// Classes are numbered by their lowest raw index; each is found once, and all its images with it.
void SmallDeckClasses::EnumerateBySuits() {
  const int first = kSuitsMax - num_suits_;
  std::vector<Card> image(num_cards_);
  for (uint32_t raw = 0; raw < num_raw_; ++raw) {
    if (classes_[raw] != kNoClass) continue;
    const std::vector<Card> cards = RawCards(raw);
    if (!AreDistinct(cards)) continue;
    std::array<int, kSuitsMax> suits;
    std::iota(suits.begin(), suits.end(), 0);
    do {
      for (int i = 0; i < num_cards_; ++i) {
        image[i] = MakeCard(RankOf(cards[i]), suits[SuitOf(cards[i])]);
      }
      classes_[RawIndex(image)] = num_classes();
    } while (std::next_permutation(suits.begin() + first, suits.end()));
    representatives_.push_back(raw);
  }
}

void SmallDeckClasses::EnumerateByRanks() {
  std::map<std::vector<int>, uint32_t> class_of_ranks;
  for (uint32_t raw = 0; raw < num_raw_; ++raw) {
    const std::vector<Card> cards = RawCards(raw);  // descending within each group
    if (!AreDistinct(cards)) continue;
    std::vector<int> ranks;
    for (Card card : cards) ranks.push_back(RankOf(card));
    const auto [it, is_new] = class_of_ranks.try_emplace(ranks, num_classes());
    if (is_new) representatives_.push_back(raw);
    classes_[raw] = it->second;
  }
}

std::vector<Card> SmallDeckClasses::Representative(uint32_t class_index) const {
  CHECK_LT(class_index, num_classes());
  return RawCards(representatives_[class_index]);
}

std::string SmallDeckClasses::Name(uint32_t class_index) const {
  const std::vector<Card> cards = Representative(class_index);
  std::string name;
  size_t next = 0;
  for (const Group& group : groups_) {
    if (next > 0) name += '|';
    for (int i = 0; i < group.num_cards; ++i, ++next) {
      const std::string card = CardName(cards[next]);
      name += only_ranks_count_ ? card.substr(0, 1) : card;
    }
  }
  return name;
}

}  // namespace nash
