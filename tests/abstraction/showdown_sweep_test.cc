#include "solver/abstraction/showdown_sweep.h"

#include <gtest/gtest.h>

#include "tests/abstraction/slow_strength.h"

namespace nash {
namespace {

CardSet SetOfCards(const std::vector<Card>& cards) {
  CardSet set = 0;
  for (Card card : cards) set |= SetOf(card);
  return set;
}

struct Case {
  const char* why;
  const char* board;
  DeckShape deck;
};

class ShowdownSweepTest : public testing::TestWithParam<Case> {};

TEST_P(ShowdownSweepTest, EqualsAllShowdownsPlayedOneByOne) {
  const std::vector<Card> board = *ParseCards(GetParam().board);
  const std::vector<Card> deck = MakeDeck(GetParam().deck.num_ranks, GetParam().deck.num_suits);
  ShowdownSweep sweep(GetParam().deck);
  std::vector<uint16_t> row(kPairs, 7);  // to be overwritten
  sweep.Run(SetOfCards(board), absl::MakeSpan(row));
  for (int b = 1; b < kCardsMax; ++b) {
    for (int a = 0; a < b; ++a) {
      const CardSet pair = SetOf(a) | SetOf(b);
      const bool is_live = (pair & SetOfCards(deck)) == pair && (pair & SetOfCards(board)) == 0;
      const std::vector<Card> hole = {static_cast<Card>(a), static_cast<Card>(b)};
      const uint64_t expected =
          is_live ? SlowStrength(hole, board, static_cast<int>(board.size()), deck) : 0;
      ASSERT_EQ(row[PairIndex(a, b)], expected) << CardNames(hole) << " on " << GetParam().board;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Boards, ShowdownSweepTest,
    testing::Values(Case{"dry", "Kh9d6c3s2h", {}},
                    Case{"everyone plays the board", "AsKsQsJsTs", {}},
                    Case{"flush", "Ah9h6h3h2c", {}}, Case{"full house on board", "KhKdKc3s3h", {}},
                    Case{"straight, many ties", "9h8d7c6s5h", {}},
                    Case{"quads: kickers only", "8h8d8c8s2h", {}},
                    Case{"a game that ends on the turn", "Th9d6c3s", {}},
                    Case{"a game that ends on the flop", "QsJs2d", {}},
                    Case{"a deck of 36 cards", "Kh9d6c7s8h", {9, 4}},
                    Case{"two suits: flushes everywhere", "AhKs9h8s7h", {8, 2}}));

TEST(ShowdownSweep, HandsOfABoardShareTwoPointsPerShowdown) {
  // 1081 * 990 / 2 pairs of pairs that share no card, 2 points each.
  ShowdownSweep sweep({});
  std::vector<uint16_t> row(kPairs);
  sweep.Run(SetOfCards(*ParseCards("Kh9d6c3s2h")), absl::MakeSpan(row));
  uint64_t sum = 0;
  for (uint16_t value : row) sum += value;
  EXPECT_EQ(sum, 1081u * 990);
}

}  // namespace
}  // namespace nash
