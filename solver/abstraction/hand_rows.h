// The canonical hands of one street as rows without gaps, and the deals that each stands for.
//
// Rows are the suit-isomorphic indices (solver/cards/hand_index.h) that the deck can deal, in their
// order; of the full deck, all of them. Immutable once made, thread-safe. Memory: a byte a row, and
// four an index where the deck is short.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_HAND_ROWS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_HAND_ROWS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/huge_array.h"
#include "solver/abstraction/board_set.h"
#include "solver/abstraction/build_control.h"
#include "solver/cards/board_index.h"
#include "solver/cards/hand_index.h"
#include "solver/game/game_definition.h"

namespace nash {

// Indices of a street of hold'em, known before an indexer is made.
inline constexpr std::array<uint64_t, kStreetsMax> kHoldemIndices = {169, 1286792, 13960050,
                                                                     123156254};

// One pair of hole cards on a board.
struct HandRow {
  Card low;
  Card high;
  uint32_t row;

  int pair() const { return PairIndex(low, high); }
};

class HandRows {
 public:
  // Rows of `street` of a game of the hold'em family. boards: the street's, not owned, outlives us.
  // Errors: ResourceExhausted, Cancelled.
  static absl::StatusOr<std::unique_ptr<HandRows>> Make(const GameDefinition& game, int street,
                                                        const BoardSet* boards,
                                                        const BuildOptions& options);

  uint64_t size() const { return size_; }
  uint64_t num_indices() const { return indexer_.size(); }
  // [size()]: the (hole cards, board) that each row stands for, both as sets.
  const uint8_t* weights() const { return reinterpret_cast<const uint8_t*>(weights_.data()); }
  const BoardSet& boards() const { return *boards_; }
  const HandIndexer& indexer() const { return indexer_; }
  uint32_t IndexOf(uint64_t row) const {
    return indices_.empty() ? static_cast<uint32_t>(row) : indices_[row];
  }

  // Replaces `hands` by all pairs of the deck that board `board` leaves. Pairs that a board's own
  // symmetry makes equal share a row; different boards never do.
  void FindHands(uint32_t board, std::vector<HandRow>* hands) const;

  static uint64_t BytesNeeded(const GameDefinition& game, int street);

 private:
  HandRows(const GameDefinition& game, int street, const BoardSet* boards);
  // The same with indices in the place of rows.
  void FindIndices(uint32_t board, std::vector<HandRow>* hands) const;

  const BoardSet* const boards_;  // not owned
  const HandIndexer indexer_;
  std::optional<BoardIndexer> board_indexer_;  // where there is a board
  CardSet deck_ = 0;
  uint64_t size_ = 0;
  HugeArray weights_;
  // Short decks only: by row and by index.
  std::vector<uint32_t> indices_;
  std::vector<uint32_t> rows_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_HAND_ROWS_H_
