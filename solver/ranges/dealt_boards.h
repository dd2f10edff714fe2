// Boards of a real game: cards drawn by name or in turn, the buckets and strengths of all hands by
// a card model.
//
// Thread-safe.
#ifndef NASHVILLE_SOLVER_RANGES_DEALT_BOARDS_H_
#define NASHVILLE_SOLVER_RANGES_DEALT_BOARDS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "solver/game/game_definition.h"
#include "solver/ranges/board_cycle.h"
#include "solver/ranges/board_source.h"
#include "solver/ranges/card_model.h"

namespace nash {

class DealtBoards : public BoardSource {
 public:
  // A game of two players with one or two hole cards. `cards` is of that game. Neither is owned;
  // both outlive us. cycle: of that game; nullptr: boards are drawn.
  DealtBoards(const GameDefinition& game, const CardModel& cards,
              std::unique_ptr<const BoardCycle> cycle = nullptr);

  std::unique_ptr<BoardDeal> MakeDeal() const override;
  // The cycle's board, or the board of deal `number` (DrawCards()) without a look at its hole
  // cards: so small games come in cycles in which every board is as frequent as it should be.
  void Fill(const StreamName& name, uint32_t number, BoardDeal* out) const override;

 private:
  std::vector<Card> CardsOf(const StreamName& name, uint32_t number) const;

  const GameDefinition& game_;
  const CardModel& cards_;
  const std::unique_ptr<const BoardCycle> cycle_;
  const std::vector<Card> deck_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_DEALT_BOARDS_H_
