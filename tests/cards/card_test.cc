#include "solver/cards/card.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

TEST(Card, NamesAndCardsLeadToEachOther) {
  for (Card card = 0; card < kCardsMax; ++card) {
    const auto parsed = ParseCards(CardName(card));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, std::vector<Card>{card});
    EXPECT_EQ(MakeCard(RankOf(card), SuitOf(card)), card);
  }
  EXPECT_EQ(CardName(0), "2c");
  EXPECT_EQ(CardName(51), "As");
  EXPECT_EQ(CardNames(*ParseCards("AhKd2c")), "AhKd2c");
}

TEST(Card, RefusalsNameThePlace) {
  EXPECT_FALSE(ParseCards("A").ok());
  const auto parsed = ParseCards("AhXd");
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(parsed.status().message().find("\"Xd\""), absl::string_view::npos);
  EXPECT_FALSE(ParseCards("ha").ok());
}

TEST(Card, DecksHoldTheHighestRanksOfTheLastSuits) {
  EXPECT_EQ(CardNames(MakeDeck(3, 1)), "QsKsAs");        // Kuhn
  EXPECT_EQ(CardNames(MakeDeck(3, 2)), "QhQsKhKsAhAs");  // Leduc
  EXPECT_EQ(MakeDeck(13, 4).size(), 52);
}

}  // namespace
}  // namespace nash
