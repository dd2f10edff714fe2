// Boards of a real game: cards drawn by name, the buckets and strengths of all hands looked up.
//
// Thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BOARD_SOURCE_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BOARD_SOURCE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "solver/abstraction/abstraction.h"
#include "solver/game/game_definition.h"
#include "solver/ranges/board_source.h"

namespace nash {

class BucketBoardSource : public BoardSource {
 public:
  // A game of two players with one or two hole cards. Neither is owned; both outlive us, and
  // `abstraction` is of `game`.
  BucketBoardSource(const GameDefinition& game, const Abstraction& abstraction);

  std::unique_ptr<BoardDeal> MakeDeal() const override;
  // The board of deal `number` (DrawCards()); its hole cards are not looked at.
  void Fill(const StreamName& name, uint32_t number, BoardDeal* out) const override;

 private:
  const GameDefinition& game_;
  const Abstraction& abstraction_;
  std::vector<Card> deck_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BOARD_SOURCE_H_
