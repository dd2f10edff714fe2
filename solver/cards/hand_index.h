// Suit-isomorphic indexing: hands that differ only by a renaming of suits share an index, and the
// indices of a shape are 0 to size() - 1 without gaps, in any deck of two suits or more. Both
// directions.
//
// Each suit becomes a key (suit_code.h); the four are sorted and their configuration gives the
// index (suit_configuration.h). The order of cards within the hole cards, within the flop and
// within an unordered board does not matter.
//
// Immutable and thread-safe once built. Memory: below 20 KB. Building takes
// well below a millisecond. Source: K. Waugh, "A fast and optimal hand isomorphism algorithm",
// 2013; the keys are our own.
#ifndef NASHVILLE_SOLVER_CARDS_HAND_INDEX_H_
#define NASHVILLE_SOLVER_CARDS_HAND_INDEX_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_shape.h"
#include "solver/cards/suit_configuration.h"

namespace nash {

class HandIndexer {
 public:
  // deck: of at least two suits. Hands of another deck have other indices.
  explicit HandIndexer(HandShape shape, const IndexedDeck& deck = {});
  HandIndexer(const HandIndexer&) = delete;
  HandIndexer& operator=(const HandIndexer&) = delete;

  HandShape shape() const { return shape_; }
  const IndexedDeck& deck() const { return deck_; }
  // Number of indices; below 2^32 for every shape.
  uint64_t size() const { return size_; }
  int num_cards() const { return parts_.num_cards(); }
  const SuitConfigurations& configurations() const { return configurations_; }

  // cards: [num_cards()] different cards of the deck.
  uint64_t Index(absl::Span<const Card> cards) const;
  // cards: [num_cards()], written: one hand of that index. Needs index < size().
  void Unindex(uint64_t index, absl::Span<Card> cards) const;
  // slots: [num_cards()] arrays of [n] cards, the k-th cards of n hands. out: [n], written.
  void IndexBatch(const Card* const* slots, int n, uint32_t* out) const;

 private:
  // Of hole cards alone.
  uint32_t PreflopIndex(Card a, Card b) const;

  const HandShape shape_;
  const IndexedDeck deck_;
  const DealParts parts_;
  const SuitConfigurations configurations_;
  const uint64_t size_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_HAND_INDEX_H_
