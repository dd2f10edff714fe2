// Suit-isomorphic indexing: hands that differ only by a renaming of suits share an index, and the
// indices of a shape are 0 to size() - 1 without gaps. Both directions.
//
// Each suit becomes a key (suit_code.h); the four are sorted and their configuration gives the
// index (suit_configuration.h). The order of cards within the hole cards, within the flop and
// within an unordered board does not matter.
//
// Immutable and thread-safe once built. Memory: below 150 KB. Building takes some milliseconds.
// Source: K. Waugh, "A fast and optimal hand isomorphism algorithm", 2013; the keys are our own.
#ifndef NASHVILLE_SOLVER_CARDS_HAND_INDEX_H_
#define NASHVILLE_SOLVER_CARDS_HAND_INDEX_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/suit_configuration.h"

namespace nash {

// Which cards a hand has, in the order in which they are passed: hole cards, then the board as it
// is dealt. "Recall" shapes tell turn and river cards from the flop; the others see an unordered
// board, which is all that matters for the strength of a hand.
enum class HandShape : uint8_t {
  kInvalid = 0,
  kPreflop = 1,      // 2 hole cards: 169, ordered as in preflop_class.h
  kFlop = 2,         // 2 + 3: 1,286,792
  kTurn = 3,         // 2 + 4 unordered: 13,960,050
  kRiver = 4,        // 2 + 5 unordered: 123,156,254
  kTurnRecall = 5,   // 2 + 3 + 1: 55,190,538
  kRiverRecall = 6,  // 2 + 3 + 1 + 1: 2,428,287,420
  kFlopBoard = 7,    // 3: 1,755
  kTurnBoard = 8,    // 4 unordered: 16,432
  kRiverBoard = 9,   // 5 unordered: 134,459
};
inline constexpr int kHandCardsMax = 7;

// The parts of a shape's deal.
DealParts PartsOf(HandShape shape);

class HandIndexer {
 public:
  explicit HandIndexer(HandShape shape);
  HandIndexer(const HandIndexer&) = delete;
  HandIndexer& operator=(const HandIndexer&) = delete;

  HandShape shape() const { return shape_; }
  // Number of indices; below 2^32 for every shape.
  uint64_t size() const { return size_; }
  int num_cards() const { return parts_.num_cards(); }

  // cards: [num_cards()] different cards.
  uint64_t Index(absl::Span<const Card> cards) const;
  // cards: [num_cards()], written: one hand of that index. Needs index < size().
  void Unindex(uint64_t index, absl::Span<Card> cards) const;
  // slots: [num_cards()] arrays of [n] cards, the k-th cards of n hands. out: [n], written.
  void IndexBatch(const Card* const* slots, int n, uint32_t* out) const;

 private:
  const HandShape shape_;
  const DealParts parts_;
  const SuitConfigurations configurations_;
  const uint64_t size_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_HAND_INDEX_H_
