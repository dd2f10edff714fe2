// The boards of n cards that differ by more than the names of suits.
//
// A board is one unordered set of cards, so its canonical form needs no search: sort the suits by
// the ranks they hold. 1,755 flops, 16,432 boards of four and 134,459 of five cards stand for all
// of a 52-card deck. Immutable once built, thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BOARD_SET_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BOARD_SET_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/ranking.h"

namespace nash {

// Two cards a < b of 52 are pair b * (b - 1) / 2 + a.
inline constexpr int kPairs = kCardsMax * (kCardsMax - 1) / 2;
constexpr int PairIndex(int a, int b) { return a < b ? b * (b - 1) / 2 + a : a * (a - 1) / 2 + b; }

// Which cards are in play: the highest ranks of the last suits, as MakeDeck() makes it.
struct DeckShape {
  int num_ranks = kRanksMax;
  int num_suits = kSuitsMax;
  Ranking ranking = Ranking::kStandard;  // of hands made of it; boards do not depend on it
};

// Suit s becomes to[s].
struct SuitRenaming {
  std::array<uint8_t, kSuitsMax> to = {0, 1, 2, 3};

  Card operator()(Card card) const {
    return static_cast<Card>(card - SuitOf(card) + to[SuitOf(card)]);
  }
  // A number below 256 that tells renamings apart.
  int Key() const { return to[0] | to[1] << 2 | to[2] << 4 | to[3] << 6; }
};

// All suit s cards of `cards`, moved to suit 0.
constexpr CardSet RanksOfSuit(CardSet cards, int suit) { return (cards >> suit) & 0x1111111111111; }

// The renaming that sorts the deck's suits by the ranks `board` holds in them, most first.
SuitRenaming CanonicalRenaming(CardSet board, const DeckShape& deck);
CardSet Rename(CardSet cards, const SuitRenaming& renaming);

// The pairs of hole cards that a board leaves, as arrays of cards: low[i] < high[i].
struct LivePairs {
  std::vector<Card> low;
  std::vector<Card> high;

  int size() const { return static_cast<int>(low.size()); }
  // Replaces what is held. deck: ascending.
  void Find(absl::Span<const Card> deck, CardSet board);
};

class BoardSet {
 public:
  // Needs 0 <= num_cards <= 5.
  BoardSet(const DeckShape& deck, int num_cards);

  uint32_t size() const { return static_cast<uint32_t>(boards_.size()); }
  int num_cards() const { return num_cards_; }
  CardSet board(uint32_t i) const { return boards_[i]; }
  // Boards of the deck that board i stands for, itself included.
  uint32_t Multiplicity(uint32_t i) const;
  // The number of a board in canonical form. Needs one of the set's boards.
  uint32_t Find(CardSet canonical) const;

 private:
  DeckShape deck_;
  int num_cards_;
  std::vector<CardSet> boards_;  // ascending
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BOARD_SET_H_
