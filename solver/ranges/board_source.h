// Boards for public chance sampling: the cards that all players see, with every hand they leave.
//
// What a public walk needs of chance: which hands a board leaves possible, in showdown order, and
// the bucket of each on every street. Thread-safe: const member functions.
#ifndef NASHVILLE_SOLVER_RANGES_BOARD_SOURCE_H_
#define NASHVILLE_SOLVER_RANGES_BOARD_SOURCE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "common/rng.h"
#include "solver/game/game_definition.h"
#include "solver/ranges/board_hands.h"

namespace nash {

// One board, dealt to its end.
struct BoardDeal {
  BoardHands hands;    // sorted by strength
  int live_cards = 0;  // of the deck, without the board's
  // By street: [hands.size()] buckets, by position.
  std::array<std::vector<uint32_t>, kStreetsMax> buckets;
};

class BoardSource {
 public:
  virtual ~BoardSource() = default;
  // Room for the boards that Fill() writes.
  virtual std::unique_ptr<BoardDeal> MakeDeal() const = 0;
  // Board `number` of the stream `name`: a function of these only. out: of MakeDeal().
  virtual void Fill(const StreamName& name, uint32_t number, BoardDeal* out) const = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_BOARD_SOURCE_H_
