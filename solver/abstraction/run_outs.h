// The boards that may follow a board, each brought to canonical form, with its pairs.
//
// Thread-safe once made. Memory: 340 KB for the pairs under all renamings of suits.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_RUN_OUTS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_RUN_OUTS_H_

#include <cstdint>
#include <vector>

#include "solver/abstraction/board_set.h"
#include "solver/cards/card.h"

namespace nash {

struct RunOut {
  CardSet board;            // as dealt
  CardSet canonical;        // the same, renamed
  const uint16_t* renamed;  // [kPairs], what each pair is called in the canonical board

  // row[pair] += the pair's value, or its square, for all pairs. values: [kPairs] of the canonical
  // board, 0 where a pair hits it. row: [kPairs].
  template <typename Value>
  void AddValues(const Value* values, uint64_t* row) const {
    for (int pair = 0; pair < kPairs; ++pair) row[pair] += values[renamed[pair]];
  }
  template <typename Value>
  void AddSquares(const Value* values, uint64_t* row) const {
    for (int pair = 0; pair < kPairs; ++pair) {
      const uint64_t value = values[renamed[pair]];
      row[pair] += value * value;
    }
  }
};

class RunOuts {
 public:
  explicit RunOuts(const DeckShape& deck);

  // Calls visit(const RunOut&) for every set of `num_cards` cards of the deck added to `board`.
  template <typename Visitor>
  void Visit(CardSet board, int num_cards, const Visitor& visit) const {
    VisitFrom(board, num_cards, 0, visit);
  }

 private:
  template <typename Visitor>
  void VisitFrom(CardSet board, int num_cards, size_t next, const Visitor& visit) const {
    if (num_cards == 0) {
      const SuitRenaming renaming = CanonicalRenaming(board, deck_);
      visit(RunOut{board, Rename(board, renaming), &pairs_[size_t(renaming.Key()) * kPairs]});
      return;
    }
    for (size_t i = next; i < cards_.size(); ++i) {
      if ((board & SetOf(cards_[i])) != 0) continue;
      VisitFrom(board | SetOf(cards_[i]), num_cards - 1, i + 1, visit);
    }
  }

  const DeckShape deck_;
  const std::vector<Card> cards_;
  std::vector<uint16_t> pairs_;  // [renaming's key][kPairs]
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_RUN_OUTS_H_
