// What a bet that is not on a menu is taken for: one of its two neighbours on the menu.
//
// Pseudo-harmonic mapping (Ganzfried & Sandholm 2013, "Action translation in extensive-form games
// with large action spaces: axioms, paradoxes, and the pseudo-harmonic mapping", s. 5). Sizes are
// fractions of the pot after calling; a check or call has size 0. A bet x between the menu's A and
// B is taken for A with probability
//     (B - x)(1 + A) / ((B - A)(1 + x)),
// the one that leaves an opponent who bets between them on the river of a simple game nothing to
// win.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_TRANSLATION_BET_SIZE_MAPPING_H_
#define NASHVILLE_SOLVER_TRANSLATION_BET_SIZE_MAPPING_H_

#include <cstdint>

#include "absl/types/span.h"

namespace nash {

enum class TranslationKind : uint8_t {
  kPseudoHarmonic = 0,  // drawn with the probability above
  kNearest = 1,         // the one that would be drawn more often; the larger where both are equal
};

// The two neighbours of a bet, as indices of sizes, and how often it is taken for the smaller.
struct BetSizeMapping {
  int low = 0;
  int high = 0;  // equal to `low` where there is one answer only
  double low_probability = 1;
};

// sizes: ascending, distinct, each >= 0, at least one. A bet below all is taken for the smallest,
// one above all for the largest. Needs size >= 0.
BetSizeMapping MapBetSize(absl::Span<const double> sizes, double size, TranslationKind kind);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_TRANSLATION_BET_SIZE_MAPPING_H_
