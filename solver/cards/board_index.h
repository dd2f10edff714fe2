// Indices of all hole cards on one board at once: what sweeps over boards ask for.
//
// On a given board the index is linear in the ranks of the hole cards among the free ranks of
// their suits (suit_code.h), with a constant for each pair of suits; only where both suits hold
// equally many board cards does the larger place go first. So a pair costs a few instructions.
//
// Immutable and thread-safe.
#ifndef NASHVILLE_SOLVER_CARDS_BOARD_INDEX_H_
#define NASHVILLE_SOLVER_CARDS_BOARD_INDEX_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_index.h"

namespace nash {

// Place of the pair of the i-th and the j-th of some cards among all pairs. Needs i < j.
constexpr int HolePairPlace(int i, int j) { return j * (j - 1) / 2 + i; }
// Number of pairs of n cards.
constexpr int HolePairs(int n) { return n * (n - 1) / 2; }
inline constexpr int kHolePairsMax = HolePairs(kCardsMax);  // 1,326

// The cards of the deck that are not on `board`, ascending. live: [deck's cards - board.size()],
// written.
void LiveCards(absl::Span<const Card> board, absl::Span<Card> live, const IndexedDeck& deck = {});

class BoardIndexer {
 public:
  // hands: of a shape with hole cards and a board; not owned, outlives this object.
  explicit BoardIndexer(const HandIndexer* hands);

  int num_board_cards() const { return num_board_cards_; }
  int num_live_cards() const { return hands_.deck().num_cards() - num_board_cards_; }
  // Of the full deck 1,176 on the flop, 1,128 on the turn, 1,081 on the river.
  int num_hole_pairs() const { return HolePairs(num_live_cards()); }

  // board: [num_board_cards()] in the order dealt. indices: [num_hole_pairs()], written: at
  // HolePairPlace(i, j) the index of the hand with the i-th and the j-th of LiveCards(board).
  void IndexAll(absl::Span<const Card> board, absl::Span<uint32_t> indices) const;

 private:
  const HandIndexer& hands_;
  const int num_board_cards_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_BOARD_INDEX_H_
