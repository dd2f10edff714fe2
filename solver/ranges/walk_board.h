// A board of one street as a walk over boards sees it: its hands, their buckets, and where they are
// among the hands of the board before.
//
// No allocation once it has held a board of the street. Thread-compatible.
#ifndef NASHVILLE_SOLVER_RANGES_WALK_BOARD_H_
#define NASHVILLE_SOLVER_RANGES_WALK_BOARD_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/ranges/board_hands.h"
#include "solver/ranges/card_model.h"
#include "solver/ranges/suit_boards.h"

namespace nash {

// What boards are made with. Nothing is owned.
struct WalkDeck {
  const CardModel* cards = nullptr;
  const SuitBoards* boards = nullptr;
  int last_street = 0;
};

struct WalkBoard {
  // About what one holds that stands for itself alone.
  static uint64_t BytesNeeded(uint64_t num_hands);
  // The board without cards. chance: of a pair of hands.
  WalkBoard(const WalkDeck& deck, int num_hole_cards, double chance);
  WalkBoard(const WalkBoard&) = delete;
  WalkBoard& operator=(const WalkBoard&) = delete;

  // Becomes the board that `step` makes of `before`, one of the street before. probability: of each
  // set of cards of the street, given two hands.
  void Enter(const WalkDeck& deck, int street, const WalkBoard& before, const BoardStep& step,
             double probability);
  // Becomes a board of `street` whose later cards are known too: `hands` are those that stay, each
  // at its own position. cards: up to the street. complete: all that are known.
  void Hold(const WalkDeck& deck, int street, absl::Span<const Card> cards, CardSet complete,
            SuitGroup suits, const BoardHands& hands);
  // Makes own_hands, sorted by strength on the last street. cards: street by street.
  void SetHands(const WalkDeck& deck, int street, absl::Span<const Card> cards);

  CardSet board = 0;
  SuitGroup group = 0;
  std::vector<Card> cards;  // street by street
  BoardHands own_hands;
  const BoardHands* hands;        // own_hands, or those of a board that stays the same
  std::vector<uint32_t> buckets;  // [hands]
  // [image][hand] positions among the hands of the board before; the first image is the board.
  std::vector<uint16_t> targets;
  int num_images = 1;
  double weight;  // see BlockOnBoard

 private:
  void FindBuckets(const WalkDeck& deck, int street);

  std::vector<int32_t> strengths_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_WALK_BOARD_H_
