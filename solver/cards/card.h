// Cards, sets of cards and decks. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_CARDS_CARD_H_
#define NASHVILLE_SOLVER_CARDS_CARD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace nash {

// rank * 4 + suit; rank 0 is the deuce and 12 the ace, suits are c d h s = 0 1 2 3.
using Card = uint8_t;

inline constexpr int kSuitsMax = 4;
inline constexpr int kRanksMax = 13;
inline constexpr int kCardsMax = kSuitsMax * kRanksMax;

constexpr Card MakeCard(int rank, int suit) { return static_cast<Card>(rank * kSuitsMax + suit); }
constexpr int RankOf(Card card) { return card / kSuitsMax; }
constexpr int SuitOf(Card card) { return card % kSuitsMax; }

// Bit `card` is set for every card in the set.
using CardSet = uint64_t;
constexpr CardSet SetOf(Card card) { return CardSet{1} << card; }

// "Ah". Needs a card below kCardsMax.
std::string CardName(Card card);
// "AhKd2c".
std::string CardNames(absl::Span<const Card> cards);
// Parses names without separators. Error: InvalidArgument, naming the place.
absl::StatusOr<std::vector<Card>> ParseCards(absl::string_view names);

// The deck of an ACPC game: the highest `num_ranks` ranks of the last `num_suits` suits, in
// ascending order of card. Kuhn (3 ranks, 1 suit) is Qs Ks As.
std::vector<Card> MakeDeck(int num_ranks, int num_suits);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_CARD_H_
