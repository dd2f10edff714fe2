// The rank of one to ten cards of any deck: Kuhn, Leduc, small decks, odd numbers of cards.
//
// The best five cards count, or all of them when there are fewer: then nothing is a straight, a
// flush or a full house, and pairs beat high cards. Among hands of five cards and more the order
// is hand_rank.h's. Only hands of equal numbers of cards compare. Straightforward; some 20 ns a
// hand. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_SMALL_HAND_RANK_H_
#define NASHVILLE_SOLVER_CARDS_SMALL_HAND_RANK_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/ranking.h"

namespace nash {

inline constexpr int kSmallHandCardsMax = 10;  // three hole cards and seven of the board

// Positive; the higher wins. Needs 1 to 10 different cards.
int32_t RankSmallHand(absl::Span<const Card> cards, Ranking ranking = Ranking::kStandard);

// slots: [num_slots] arrays of [n] cards, the k-th cards of n hands. strengths: [n], written.
void RankSmallHands(const Card* const* slots, int num_slots, int n, int32_t* strengths,
                    Ranking ranking = Ranking::kStandard);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_SMALL_HAND_RANK_H_
