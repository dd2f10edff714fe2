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
