// Boards that differ by more than the names of suits, street by street, with weights.
//
// The boards of a game form a tree: each street adds a set of cards, and the order of streets
// counts. Below a board only the renamings of suits that leave each of its streets as it is (its
// group) still mean nothing. Of the sets that a street may add, one stands for all its images under
// the group; the images weigh it. With 52 cards there are 1,755 flops, 63,193 flops with a turn and
// 2,554,656 with a river (orbit counting; Johanson et al. 2011, s. 4.2, use the same flops).
//
// Only where ranges and strengths do not know suits by name either; otherwise the group is kept
// trivial and every board stands for itself. Immutable and thread-safe.
#ifndef NASHVILLE_SOLVER_RANGES_SUIT_BOARDS_H_
#define NASHVILLE_SOLVER_RANGES_SUIT_BOARDS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"
#include "solver/ranges/board_hands.h"

namespace nash {

inline constexpr int kSuitRenamings = 24;
// Bit r is set for renaming r. Renaming 0 changes nothing.
using SuitGroup = uint32_t;

// What a street may add to a board.
struct BoardStep {
  CardSet cards = 0;    // of this street only
  SuitGroup group = 0;  // of the board with these cards
  // One renaming for each set that this one stands for; the first is 0, which gives the set itself.
  int num_images = 0;
  std::array<uint8_t, kSuitRenamings> images{};
};

class SuitBoards {
 public:
  // suits_are_alike: whether boards may stand for others.
  SuitBoards(const GameDefinition& game, bool suits_are_alike);

  absl::Span<const Card> deck() const { return deck_; }
  // Of the board without cards.
  SuitGroup root_group() const { return root_group_; }

  CardSet Rename(CardSet cards, int renaming) const;
  // [kRangeHandsMax] the number of the renamed hand, by number of the hand.
  absl::Span<const uint16_t> HandRenaming(int renaming) const { return hands_[renaming]; }

  // Replaces `steps` by the sets of num_cards cards that may follow `board`, in a fixed order.
  // group: of `board`. With no cards there is one, the empty set.
  void FindSteps(CardSet board, SuitGroup group, int num_cards,
                 std::vector<BoardStep>* steps) const;

  // Number of boards up to and including each street: [num_streets].
  std::vector<uint64_t> CountBoards() const;

 private:
  void AddSteps(CardSet board, SuitGroup group, int cards_left, size_t next, CardSet chosen,
                std::vector<BoardStep>* steps) const;
  void AddStep(CardSet chosen, SuitGroup group, std::vector<BoardStep>* steps) const;
  void CountBelow(CardSet board, SuitGroup group, size_t street,
                  std::vector<uint64_t>* counts) const;

  const GameDefinition game_;
  std::vector<Card> deck_;
  SuitGroup root_group_ = 1;
  std::array<std::array<uint8_t, kSuitsMax>, kSuitRenamings> suits_{};
  std::array<std::array<uint16_t, kRangeHandsMax>, kSuitRenamings> hands_{};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_SUIT_BOARDS_H_
