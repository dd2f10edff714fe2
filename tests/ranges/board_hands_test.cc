#include "solver/ranges/board_hands.h"

#include <gtest/gtest.h>

#include <random>

namespace nash {
namespace {

TEST(BoardHands, LiveHandsAreThoseWithoutABoardCard) {
  const std::vector<Card> deck = MakeDeck(13, 4);
  BoardHands hands(deck, 2);
  EXPECT_EQ(hands.size(), 1326);
  const CardSet board = SetOf(0) | SetOf(17) | SetOf(30) | SetOf(31) | SetOf(51);
  hands.Set(board);
  EXPECT_EQ(hands.size(), 47 * 46 / 2);
  for (int i = 0; i < hands.size(); ++i) {
    EXPECT_LT(hands.low()[i], hands.high()[i]);
    EXPECT_EQ((SetOf(hands.low()[i]) | SetOf(hands.high()[i])) & board, 0);
    EXPECT_EQ(hands.numbers()[i], HandNumber(hands.low()[i], hands.high()[i]));
    EXPECT_EQ(hands.PositionOf(hands.numbers()[i]), i);
  }
  EXPECT_EQ(hands.PositionOf(HandNumber(0, 1)), kNoPosition);
}

TEST(BoardHands, HandsOfOneCardOfAShortDeck) {
  BoardHands hands(MakeDeck(3, 2), 1);
  EXPECT_EQ(hands.size(), 6);
  hands.Set(SetOf(MakeDeck(3, 2)[2]));
  EXPECT_EQ(hands.size(), 5);
  EXPECT_EQ(hands.low()[2], hands.high()[2]);
}

TEST(BoardHands, SortedHandsAscendInGroupsOfEquals) {
  BoardHands hands(MakeDeck(6, 4), 2);
  hands.Set(SetOf(MakeCard(7, 0)) | SetOf(MakeCard(12, 3)));
  std::mt19937 random(1);
  std::vector<int32_t> strengths;  // by position, negative ones too
  std::vector<int32_t> by_number(kRangeHandsMax);
  for (int i = 0; i < hands.size(); ++i) {
    strengths.push_back(static_cast<int32_t>(random() % 40) - 20);
    by_number[hands.numbers()[i]] = strengths.back();
  }
  hands.SortByStrength(strengths);
  EXPECT_EQ(hands.groups().front(), 0);
  EXPECT_EQ(hands.groups().back(), hands.size());
  for (int g = 0; g < hands.num_groups(); ++g) {
    const int32_t strength = by_number[hands.numbers()[hands.groups()[g]]];
    if (g > 0) {
      EXPECT_GT(strength, by_number[hands.numbers()[hands.groups()[g] - 1]]);
    }
    for (int i = hands.groups()[g]; i < hands.groups()[g + 1]; ++i) {
      EXPECT_EQ(by_number[hands.numbers()[i]], strength);
      EXPECT_EQ(hands.PositionOf(hands.numbers()[i]), i);
      EXPECT_EQ(hands.numbers()[i], HandNumber(hands.low()[i], hands.high()[i]));
    }
  }
}

TEST(BoardHands, PairsOfHandsAreCounted) {
  EXPECT_EQ(CountHandPairs(52, 2), 1326.0 * 1225);
  EXPECT_EQ(CountHandPairs(3, 1), 6);  // Kuhn
}

}  // namespace
}  // namespace nash
