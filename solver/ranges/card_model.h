// What the kernel asks of the cards: buckets and strengths of all hands of a board, in one call.
//
// Whoever knows an abstraction implements it; nothing below knows one. Const member functions must
// be thread-safe.
#ifndef NASHVILLE_SOLVER_RANGES_CARD_MODEL_H_
#define NASHVILLE_SOLVER_RANGES_CARD_MODEL_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/ranges/board_hands.h"

namespace nash {

class CardModel {
 public:
  virtual ~CardModel() = default;
  // Buckets that hands may be in on a street: 0 to this less one.
  virtual uint32_t NumBuckets(int street) const = 0;
  // The buckets of hands on `street`. board: the cards dealt by then, street by street, ascending
  // within a street. hands: some that share no card with it. buckets: [hands.size()], written.
  virtual void FindBuckets(int street, absl::Span<const Card> board, const BoardHands& hands,
                           absl::Span<uint32_t> buckets) const = 0;
  // Strengths at showdown: the higher wins, equals split. board: complete, in the same order.
  // strengths: [hands.size()], written.
  virtual void FindStrengths(absl::Span<const Card> board, const BoardHands& hands,
                             absl::Span<int32_t> strengths) const = 0;
  // Whether a renaming of suits changes neither the bucket nor the order of any hands.
  virtual bool SuitsAreAlike() const = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_CARD_MODEL_H_
