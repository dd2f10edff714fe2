// Expected hand strength by dealing everything out, one showdown at a time.
#ifndef NASHVILLE_TESTS_ABSTRACTION_SLOW_STRENGTH_H_
#define NASHVILLE_TESTS_ABSTRACTION_SLOW_STRENGTH_H_

#include <cstdint>
#include <vector>

#include "solver/cards/card.h"
#include "solver/cards/hand_rank.h"

namespace nash {

// 2 * wins + ties of `hole` over all boards of `board_cards` cards that begin with `board`, each
// dealt as a set, and all opponent pairs.
inline uint64_t SlowStrength(const std::vector<Card>& hole, std::vector<Card> board,
                             int board_cards, const std::vector<Card>& deck, size_t next = 0) {
  const auto is_free = [&](Card card) {
    for (Card c : hole)
      if (c == card) return false;
    for (Card c : board)
      if (c == card) return false;
    return true;
  };
  uint64_t sum = 0;
  if (static_cast<int>(board.size()) < board_cards) {
    for (size_t i = next; i < deck.size(); ++i) {
      if (!is_free(deck[i])) continue;
      board.push_back(deck[i]);
      sum += SlowStrength(hole, board, board_cards, deck, i + 1);
      board.pop_back();
    }
    return sum;
  }
  std::vector<Card> own = board;
  own.insert(own.end(), hole.begin(), hole.end());
  const int own_rank = RankHand(own);
  for (size_t a = 0; a < deck.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      if (!is_free(deck[a]) || !is_free(deck[b])) continue;
      std::vector<Card> theirs = board;
      theirs.push_back(deck[a]);
      theirs.push_back(deck[b]);
      const int their_rank = RankHand(theirs);
      sum += own_rank > their_rank ? 2 : own_rank == their_rank;
    }
  }
  return sum;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_ABSTRACTION_SLOW_STRENGTH_H_
