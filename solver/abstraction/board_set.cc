// A canonical board has its suits in descending order of the ranks they hold, as bit sets, so each
// suit finds its place by counting the suits before it (CanonicalRenaming). Suits that hold the
// same ranks keep their order; either order gives the same board.
//
// The set is made by going through all boards and keeping those in canonical order, which is slower
// than making them but leaves nothing to be wrong about. How many boards one stands for is the
// number of ways to order its suits, where suits that hold the same ranks count once: n! / (product
// of run lengths!), built up suit by suit so that every division is exact.
#include "solver/abstraction/board_set.h"

#include <glog/logging.h>

#include <algorithm>

namespace nash {

SuitRenaming CanonicalRenaming(CardSet board, const DeckShape& deck) {
  const int first = kSuitsMax - deck.num_suits;
  SuitRenaming renaming;
  for (int s = first; s < kSuitsMax; ++s) {
    // The place of a suit is the number of suits before it; equal suits keep their order.
    const CardSet own = RanksOfSuit(board, s);
    int place = first;
    for (int other = first; other < kSuitsMax; ++other) {
      const CardSet theirs = RanksOfSuit(board, other);
      place += theirs > own || (theirs == own && other < s);
    }
    renaming.to[s] = static_cast<uint8_t>(place);
  }
  return renaming;
}

CardSet Rename(CardSet cards, const SuitRenaming& renaming) {
  CardSet out = 0;
  for (int s = 0; s < kSuitsMax; ++s) out |= RanksOfSuit(cards, s) << renaming.to[s];
  return out;
}

void LivePairs::Find(absl::Span<const Card> deck, CardSet board) {
  low.clear();
  high.clear();
  for (size_t b = 1; b < deck.size(); ++b) {
    if ((board & SetOf(deck[b])) != 0) continue;
    for (size_t a = 0; a < b; ++a) {
      if ((board & SetOf(deck[a])) != 0) continue;
      low.push_back(deck[a]);
      high.push_back(deck[b]);
    }
  }
}

namespace {

bool IsCanonical(CardSet board, int num_suits) {
  for (int s = kSuitsMax - num_suits; s + 1 < kSuitsMax; ++s) {
    if (RanksOfSuit(board, s) < RanksOfSuit(board, s + 1)) return false;
  }
  return true;
}

void AddBoards(const std::vector<Card>& deck, int num_suits, size_t next, int cards_left,
               CardSet board, std::vector<CardSet>* boards) {
  if (cards_left == 0) {
    if (IsCanonical(board, num_suits)) boards->push_back(board);
    return;
  }
  for (size_t i = next; i < deck.size(); ++i) {
    AddBoards(deck, num_suits, i + 1, cards_left - 1, board | SetOf(deck[i]), boards);
  }
}

}  // namespace

BoardSet::BoardSet(const DeckShape& deck, int num_cards) : deck_(deck), num_cards_(num_cards) {
  CHECK_GE(num_cards, 0);
  CHECK_LE(num_cards, 5);
  AddBoards(MakeDeck(deck.num_ranks, deck.num_suits), deck.num_suits, 0, num_cards, 0, &boards_);
  std::sort(boards_.begin(), boards_.end());
}

uint32_t BoardSet::Multiplicity(uint32_t i) const {
  // Orders of the suits, divided by those that leave the board as it is: permutations of suits
  // that hold the same ranks. Equal suits are neighbours in a canonical board.
  uint32_t orders = 1;
  uint32_t run = 0;
  for (int s = kSuitsMax - deck_.num_suits, n = 1; s < kSuitsMax; ++s, ++n) {
    const bool same_as_before =
        n > 1 && RanksOfSuit(boards_[i], s) == RanksOfSuit(boards_[i], s - 1);
    run = same_as_before ? run + 1 : 1;
    orders = orders * n / run;
  }
  return orders;
}

uint32_t BoardSet::Find(CardSet canonical) const {
  const auto it = std::lower_bound(boards_.begin(), boards_.end(), canonical);
  DCHECK(it != boards_.end() && *it == canonical);
  return static_cast<uint32_t>(it - boards_.begin());
}

}  // namespace nash
