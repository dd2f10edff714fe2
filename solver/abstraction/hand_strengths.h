// Exact expected hand strength of every hand of a game of the hold'em family, as integers.
//
// The value of a hand on the last street is 2 * (opponent pairs it beats) + (pairs it ties); on an
// earlier street the sum of its values, or of their squares, over all cards that may come next, in
// their order of dealing. All hands of a street have the same number of run-outs, so values of one
// street compare as expectations do: win plus half tie is Value() / ValueMax(). No rounding.
// Values are kept by (canonical board, pair), see BoardSet. Immutable once built, thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_HAND_STRENGTHS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_HAND_STRENGTHS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/abstraction/board_set.h"
#include "solver/abstraction/build_control.h"
#include "solver/game/game_definition.h"

namespace nash {

// What is summed over the run-outs of a hand.
enum class StrengthMoment : uint8_t {
  kMean = 1,    // its values: the order of E[HS]
  kSquare = 2,  // their squares: the order of E[HS^2], which prefers hands that may become strong
};

class HandStrengths {
 public:
  // Values of the streets from `first_street` to the game's last; on the last, which has no
  // run-outs, they are those of kMean for either moment.
  // Needs IsHoldemFamily(game). Errors: ResourceExhausted where memory is short, Cancelled.
  static absl::StatusOr<HandStrengths> Build(const GameDefinition& game, int first_street,
                                             StrengthMoment moment, const BuildOptions& options);
  // What Build() takes at most.
  static uint64_t BytesNeeded(const GameDefinition& game, int first_street);

  absl::Span<const Card> deck() const { return deck_; }
  const BoardSet& boards(int street) const { return *streets_[street].boards; }
  // Needs a live pair: of the deck and not on the board.
  uint64_t Value(int street, uint32_t board, int pair) const {
    const size_t place = size_t{board} * kPairs + pair;
    return street == last_street_ ? Values<uint16_t>(street)[place]
                                  : Values<uint64_t>(street)[place];
  }
  // The value of a hand that always wins, by moment.
  uint64_t ValueMax(int street) const { return streets_[street].value_max; }
  int last_street() const { return last_street_; }
  const DeckShape& deck_shape() const { return deck_shape_; }
  // [kPairs] values of the last street's board in canonical form.
  const uint16_t* LastRow(CardSet canonical) const {
    return Values<uint16_t>(last_street_) +
           size_t{streets_[last_street_].boards->Find(canonical)} * kPairs;
  }

 private:
  struct Street {
    std::optional<BoardSet> boards;
    HugeArray values;  // [boards][kPairs] of uint16_t on the last street, of uint64_t before
    uint64_t value_max = 0;
  };

  HandStrengths(const GameDefinition& game, int first_street, StrengthMoment moment);
  template <typename Value>
  Value* Values(int street) const {
    return reinterpret_cast<Value*>(streets_[street].values.data());
  }
  void SweepLastStreet(const BuildOptions& options);
  void AverageStreet(int street, int num_cards, const BuildOptions& options);

  DeckShape deck_shape_;
  std::vector<Card> deck_;
  int last_street_;
  StrengthMoment moment_;
  std::array<Street, kStreetsMax> streets_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_HAND_STRENGTHS_H_
