// The strength of every pair of hole cards on one full board, against all pairs at once.
//
// Ranks the hands of the board once, sorts them, and sweeps: what a hand beats is what was passed,
// less the pairs that share a card with it (inclusion-exclusion by card). About 1,100 hands at a
// few nanoseconds each, where asking each pair of pairs would cost a thousand times more.
// Thread-compatible: holds scratch, so one per thread.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_SHOWDOWN_SWEEP_H_
#define NASHVILLE_SOLVER_ABSTRACTION_SHOWDOWN_SWEEP_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/abstraction/board_set.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_rank.h"

namespace nash {

class ShowdownSweep {
 public:
  explicit ShowdownSweep(const DeckShape& deck)
      : deck_(MakeDeck(deck.num_ranks, deck.num_suits)), ranker_(SharedHandRanker()) {}

  // row: [kPairs], written by PairIndex: 2 * (pairs beaten) + (pairs tied), of all pairs of the
  // deck that share no card with hand or board; 0 for pairs that are not in the deck or hit the
  // board. Needs a board of 3 to 5 cards of the deck.
  void Run(CardSet board, absl::Span<uint16_t> row);

 private:
  struct Pair {
    Card low;
    Card high;
  };

  void RankPairs(CardSet board);
  void SortByStrength();
  void SweepUp(absl::Span<uint16_t> row);

  const std::vector<Card> deck_;
  const HandRanker& ranker_;
  std::vector<Card> live_;       // cards of the deck that are not on the board
  std::vector<Pair> pairs_;      // of live cards
  std::vector<uint32_t> keys_;   // strength, then the place in pairs_: kPlaceBits
  std::vector<uint32_t> other_;  // sorting
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_SHOWDOWN_SWEEP_H_
