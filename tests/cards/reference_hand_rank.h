// An independent, slow ranker: sorts five cards and compares them as the rules of poker say.
#ifndef NASHVILLE_TESTS_CARDS_REFERENCE_HAND_RANK_H_
#define NASHVILLE_TESTS_CARDS_REFERENCE_HAND_RANK_H_

#include <array>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/ranking.h"

namespace nash {

// The category, 0 (high card) to 8 (straight flush), then the ranks in order of weight. Compares
// as hands do.
using ReferenceStrength = std::array<int, 6>;

// Needs five cards. With the short deck's rules, of 36 cards, a flush (then 6) beats a full house
// (then 5), and A-6-7-8-9 is the lowest straight.
ReferenceStrength ReferenceRankOfFive(absl::Span<const Card> cards,
                                      Ranking ranking = Ranking::kStandard);

// The best five of five cards or more.
ReferenceStrength ReferenceRank(absl::Span<const Card> cards, Ranking ranking = Ranking::kStandard);

}  // namespace nash

#endif  // NASHVILLE_TESTS_CARDS_REFERENCE_HAND_RANK_H_
