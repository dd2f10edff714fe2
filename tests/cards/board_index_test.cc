#include "solver/cards/board_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/cards/random_cards.h"

namespace nash {
namespace {

constexpr HandShape kShapes[] = {HandShape::kFlop, HandShape::kTurn, HandShape::kRiver,
                                 HandShape::kTurnRecall, HandShape::kRiverRecall};

TEST(BoardIndex, NumbersOfHolePairs) {
  const HandIndexer flop(HandShape::kFlop);
  const HandIndexer turn(HandShape::kTurn);
  const HandIndexer river(HandShape::kRiverRecall);
  EXPECT_EQ(BoardIndexer(&flop).num_hole_pairs(), 1176);   // C(49,2)
  EXPECT_EQ(BoardIndexer(&turn).num_hole_pairs(), 1128);   // C(48,2)
  EXPECT_EQ(BoardIndexer(&river).num_hole_pairs(), 1081);  // C(47,2)
}

TEST(BoardIndex, AgreesWithTheIndexOfEachHand) {
  RandomCards cards(11);
  for (HandShape shape : kShapes) {
    const HandIndexer hands(shape);
    const BoardIndexer boards(&hands);
    std::vector<uint32_t> indices(boards.num_hole_pairs());
    std::vector<Card> live(boards.num_live_cards());
    for (int i = 0; i < 1000; ++i) {
      std::vector<Card> hand = cards.Draw(2 + boards.num_board_cards());
      // Boards of one suit, and of one suit but for a card, are rare: make some.
      if (i % 10 == 0) {
        for (int k = 2; k < hand.size(); ++k) hand[k] = MakeCard((3 * k + i) % 13, i / 10 % 4);
        if (i % 20 == 0) hand.back() = MakeCard(RankOf(hand.back()), (i / 10 + 1) % 4);
      }
      const auto board = absl::MakeConstSpan(hand).subspan(2);
      LiveCards(board, absl::MakeSpan(live));
      boards.IndexAll(board, absl::MakeSpan(indices));
      for (int q = 0; q < live.size(); ++q) {
        for (int p = 0; p < q; ++p) {
          hand[0] = live[p];
          hand[1] = live[q];
          ASSERT_EQ(indices[HolePairPlace(p, q)], hands.Index(hand)) << CardNames(hand);
        }
      }
    }
  }
}

// Canonical boards with all their hole cards reach every index of the shape. With the known number
// of classes and indices that do not depend on suit names (hand_index_test.cc), that makes the
// index exact: one number a class.
void ExpectAllIndicesReached(HandShape shape, HandShape board_shape) {
  const HandIndexer hands(shape);
  const HandIndexer canonical_boards(board_shape);
  const BoardIndexer boards(&hands);
  const int num_dealt_later = boards.num_board_cards() - canonical_boards.num_cards();
  ASSERT_LE(num_dealt_later, 1);
  std::vector<bool> reached(hands.size());
  uint64_t num_reached = 0;
  std::vector<uint32_t> indices(boards.num_hole_pairs());
  std::vector<Card> board(boards.num_board_cards());
  const auto reach_all = [&] {
    boards.IndexAll(board, absl::MakeSpan(indices));
    for (uint32_t index : indices) {
      ASSERT_LT(index, hands.size());
      if (!reached[index]) ++num_reached;
      reached[index] = true;
    }
  };
  for (uint64_t b = 0; b < canonical_boards.size(); ++b) {
    const auto first = absl::MakeSpan(board).first(canonical_boards.num_cards());
    canonical_boards.Unindex(b, first);
    if (num_dealt_later == 0) {
      reach_all();
      continue;
    }
    for (Card card = 0; card < kCardsMax; ++card) {
      if (std::find(first.begin(), first.end(), card) != first.end()) continue;
      board.back() = card;
      reach_all();
    }
  }
  EXPECT_EQ(num_reached, hands.size());
}

TEST(BoardIndex, CanonicalFlopsReachEveryFlopIndex) {
  ExpectAllIndicesReached(HandShape::kFlop, HandShape::kFlopBoard);
}
TEST(BoardIndex, CanonicalTurnsReachEveryTurnIndex) {
  ExpectAllIndicesReached(HandShape::kTurn, HandShape::kTurnBoard);
}
TEST(BoardIndex, CanonicalRiversReachEveryRiverIndex) {
  ExpectAllIndicesReached(HandShape::kRiver, HandShape::kRiverBoard);
}
TEST(BoardIndex, FlopsWithATurnReachEveryRecallIndex) {
  ExpectAllIndicesReached(HandShape::kTurnRecall, HandShape::kFlopBoard);
}

}  // namespace
}  // namespace nash
