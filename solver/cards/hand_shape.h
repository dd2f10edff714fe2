// The shapes of hands that get an index of their own. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_CARDS_HAND_SHAPE_H_
#define NASHVILLE_SOLVER_CARDS_HAND_SHAPE_H_

#include <cstdint>

#include "glog/logging.h"

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

// Sizes of the parts of a hand.
struct DealParts {
  int num_first_board = 0;  // 0 to 5
  int num_turn = 0;         // 0 or 1
  int num_river = 0;        // 0 or 1
  int num_hole = 0;         // 0 or 2

  constexpr int num_board() const { return num_first_board + num_turn + num_river; }
  constexpr int num_cards() const { return num_board() + num_hole; }
};

// Calls `body` with the parts of `shape` as its template argument; returns what it returns.
template <typename Body>
auto WithParts(HandShape shape, Body body) {
  switch (shape) {
    case HandShape::kPreflop:
      return body.template operator()<DealParts{.num_hole = 2}>();
    case HandShape::kFlop:
      return body.template operator()<DealParts{.num_first_board = 3, .num_hole = 2}>();
    case HandShape::kTurn:
      return body.template operator()<DealParts{.num_first_board = 4, .num_hole = 2}>();
    case HandShape::kRiver:
      return body.template operator()<DealParts{.num_first_board = 5, .num_hole = 2}>();
    case HandShape::kTurnRecall:
      return body
          .template operator()<DealParts{.num_first_board = 3, .num_turn = 1, .num_hole = 2}>();
    case HandShape::kRiverRecall:
      return body.template
      operator()<DealParts{.num_first_board = 3, .num_turn = 1, .num_river = 1, .num_hole = 2}>();
    case HandShape::kFlopBoard:
      return body.template operator()<DealParts{.num_first_board = 3}>();
    case HandShape::kTurnBoard:
      return body.template operator()<DealParts{.num_first_board = 4}>();
    case HandShape::kRiverBoard:
      return body.template operator()<DealParts{.num_first_board = 5}>();
    case HandShape::kInvalid:
      break;
  }
  LOG(FATAL) << "HandShape " << static_cast<int>(shape) << " is no shape";
}

// The parts of `shape`.
inline DealParts PartsOf(HandShape shape) {
  return WithParts(shape, []<DealParts kParts>() { return kParts; });
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_HAND_SHAPE_H_
