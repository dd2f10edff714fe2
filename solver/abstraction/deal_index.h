// The suit-isomorphic indices of all players' hands of a deal at once: what the board adds to them
// is computed once a deal, not once a player. As HandIndexer::IndexBatch() otherwise.
// Thread-safe: a function.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_DEAL_INDEX_H_
#define NASHVILLE_SOLVER_ABSTRACTION_DEAL_INDEX_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_index.h"

namespace nash {

// One player's cards and answers, by deal.
struct PlayerHands {
  const Card* first_hole = nullptr;   // [n]
  const Card* second_hole = nullptr;  // [n]
  uint32_t* indices = nullptr;        // [n], written
};

// board: arrays of [n] cards, as many as `indexer`'s hands have board cards. Needs an indexer of
// hands with two hole cards; the cards of a deal differ.
void IndexDeals(const HandIndexer& indexer, const Card* const* board,
                absl::Span<const PlayerHands> players, int n);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_DEAL_INDEX_H_
