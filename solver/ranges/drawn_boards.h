// Boards of a real game: cards drawn by name, the buckets and strengths of all hands by a card
// model.
//
// Thread-safe.
#ifndef NASHVILLE_SOLVER_RANGES_DRAWN_BOARDS_H_
#define NASHVILLE_SOLVER_RANGES_DRAWN_BOARDS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "solver/game/game_definition.h"
#include "solver/ranges/board_source.h"
#include "solver/ranges/card_model.h"

namespace nash {

class DrawnBoards : public BoardSource {
 public:
  // A game of two players with one or two hole cards. `cards` is of that game. Neither is owned;
  // both outlive us.
  DrawnBoards(const GameDefinition& game, const CardModel& cards);

  std::unique_ptr<BoardDeal> MakeDeal() const override;
  // The board of deal `number` (DrawCards()); its hole cards are not looked at. So small games come
  // in cycles in which every board is as frequent as it should be.
  void Fill(const StreamName& name, uint32_t number, BoardDeal* out) const override;

 private:
  const GameDefinition& game_;
  const CardModel& cards_;
  const std::vector<Card> deck_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_DRAWN_BOARDS_H_
