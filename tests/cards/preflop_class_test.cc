#include "solver/cards/preflop_class.h"

#include <gtest/gtest.h>

#include <set>

#include "solver/cards/hand_index.h"

namespace nash {
namespace {

TEST(PreflopClass, NamesFollowTheGrid) {
  EXPECT_EQ(PreflopClassName(0), "AA");
  EXPECT_EQ(PreflopClassName(1), "AKs");
  EXPECT_EQ(PreflopClassName(13), "AKo");
  EXPECT_EQ(PreflopClassName(14), "KK");
  EXPECT_EQ(PreflopClassName(168), "22");
  // Ten and nine are lines 4 and 5 from the ace; offsuit hands lie below the diagonal.
  EXPECT_EQ(PreflopClassName(PreflopClassAt({.row = 5, .column = 4})), "T9o");
}

TEST(PreflopClass, NamesCardsAndPositionsLeadBackToTheClass) {
  std::set<std::string> names;
  int hands = 0;
  for (int c = 0; c < kPreflopClasses; ++c) {
    const auto parsed = ParsePreflopClass(PreflopClassName(c));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, c);
    const auto cards = PreflopClassCards(c);
    EXPECT_EQ(PreflopClassOf(cards[0], cards[1]), c);
    EXPECT_EQ(PreflopClassAt(PreflopGridPosition(c)), c);
    names.insert(PreflopClassName(c));
    hands += PreflopClassHands(c);
  }
  EXPECT_EQ(names.size(), 169);
  EXPECT_EQ(hands, 1326);  // C(52,2) = 13 * 6 + 78 * 4 + 78 * 12
}

TEST(PreflopClass, EveryHandFallsIntoItsClassInBothOrders) {
  const HandIndexer indexer(HandShape::kPreflop);
  std::vector<int> hands(kPreflopClasses);
  for (Card a = 0; a < kCardsMax; ++a) {
    for (Card b = 0; b < a; ++b) {
      const int c = PreflopClassOf(a, b);
      EXPECT_EQ(PreflopClassOf(b, a), c);
      EXPECT_EQ(indexer.Index({a, b}), c);
      ++hands[c];
    }
  }
  for (int c = 0; c < kPreflopClasses; ++c) EXPECT_EQ(hands[c], PreflopClassHands(c)) << c;
}

TEST(PreflopClass, RefusesWhatIsNoClass) {
  for (const char* name : {"", "A", "AK", "AAs", "KAs", "AKx", "aks", "AKs ", "1Ts"}) {
    const auto parsed = ParsePreflopClass(name);
    ASSERT_FALSE(parsed.ok()) << name;
    EXPECT_NE(parsed.status().message().find("expected a pair"), absl::string_view::npos);
  }
}

}  // namespace
}  // namespace nash
