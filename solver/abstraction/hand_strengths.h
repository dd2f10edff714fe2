// Exact expected hand strength of every hand of a game of the hold'em family, as integers.
//
// The value of a hand on the last street is 2 * (opponent pairs it beats) + (pairs it ties); on an
// earlier street the sum of its values over all cards that may come next, in their order of
// dealing. All hands of a street have the same number of run-outs, so values of one street compare
// as expected strengths do: win plus half tie is Value() / ValueMax(). No rounding anywhere.
// Values are kept by (canonical board, pair), see BoardSet. Immutable once built, thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_HAND_STRENGTHS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_HAND_STRENGTHS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/abstraction/board_set.h"
#include "solver/game/game_definition.h"

namespace nash {

// What a long build reports, on the thread that called it.
struct BuildProgress {
  std::string stage;  // "river strengths"
  uint64_t done = 0;  // boards
  uint64_t total = 0;
};
using ProgressCallback = std::function<void(const BuildProgress&)>;

// InvalidArgument unless `game` has two hole cards and boards of 0 3 1 1 cards or, from the flop
// on, their beginning. Any deck will do.
absl::Status CheckHoldemFamily(const GameDefinition& game);

// "preflop", "flop", "turn" or "river".
std::string HoldemStreetName(int street);

// Values of all pairs with the board one card or more before: row[pair] += the values of the pair
// on every board that adds `num_cards` cards of the deck to `board`. `row_of` gives the values of a
// full board in canonical form, [kPairs] each, 0 where the pair hits the board.
template <typename Value>
void AddRunOuts(const DeckShape& deck, CardSet board, int num_cards,
                const std::function<const Value*(CardSet)>& row_of, absl::Span<uint64_t> row);

class HandStrengths {
 public:
  // Values of the streets from `first_street` to the game's last.
  // Needs IsHoldemFamily(game). Error: ResourceExhausted where memory is short.
  static absl::StatusOr<HandStrengths> Build(const GameDefinition& game, int first_street,
                                             int threads, const ProgressCallback& progress);
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
  // The value of a hand that always wins.
  uint64_t ValueMax(int street) const { return streets_[street].value_max; }

 private:
  struct Street {
    std::optional<BoardSet> boards;
    HugeArray values;  // [boards][kPairs] of uint16_t on the last street, of uint64_t before
    uint64_t value_max = 0;
  };

  HandStrengths(const GameDefinition& game, int first_street);
  template <typename Value>
  Value* Values(int street) const {
    return reinterpret_cast<Value*>(streets_[street].values.data());
  }
  void SweepLastStreet(int threads, const ProgressCallback& progress);
  template <typename Value>
  void AverageStreet(int street, int num_cards, int threads, const ProgressCallback& progress);

  DeckShape deck_shape_;
  std::vector<Card> deck_;
  int last_street_;
  std::array<Street, kStreetsMax> streets_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_HAND_STRENGTHS_H_
