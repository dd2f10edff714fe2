// A renaming of suits is one of 24, and what it makes of a pair is looked up in a row of 1,326
// numbers. Rows are found by Key(), two bits a suit, of which 24 in 256 are used: the table is for
// all of them, so that a run-out needs no search for its row.
#include "solver/abstraction/run_outs.h"

#include <algorithm>

namespace nash {
namespace {

constexpr int kRenamingKeys = 256;

}  // namespace

RunOuts::RunOuts(const DeckShape& deck)
    : deck_(deck),
      cards_(MakeDeck(deck.num_ranks, deck.num_suits)),
      pairs_(size_t{kRenamingKeys} * kPairs) {
  SuitRenaming renaming;
  do {
    uint16_t* const row = &pairs_[size_t(renaming.Key()) * kPairs];
    for (int b = 1; b < kCardsMax; ++b) {
      for (int a = 0; a < b; ++a) {
        row[PairIndex(a, b)] = static_cast<uint16_t>(PairIndex(renaming(a), renaming(b)));
      }
    }
  } while (std::next_permutation(renaming.to.begin(), renaming.to.end()));
}

}  // namespace nash
