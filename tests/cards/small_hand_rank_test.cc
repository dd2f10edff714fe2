#include "solver/cards/small_hand_rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "solver/cards/hand_rank.h"
#include "tests/cards/random_cards.h"
#include "tests/cards/reference_hand_rank.h"

namespace nash {
namespace {

int32_t RankNames(absl::string_view names) { return RankSmallHand(*ParseCards(names)); }

TEST(SmallHandRank, OrderOfShortHands) {
  struct Case {
    const char* reason;
    const char* lower;
    const char* higher;
  };
  for (const Case& c : std::vector<Case>{
           {"Kuhn: the higher card wins", "Qs", "Ks"},
           {"Leduc: a pair beats a high card", "KsAh", "QsQh"},
           {"Leduc: the higher pair wins", "QsQh", "KsKh"},
           {"Leduc: the second card decides", "AsQh", "AsKh"},
           {"a low pair beats three high cards", "AsKsQs", "2c2d3h"},
           {"trips beat a pair with an ace", "KsKhAs", "2c2d2h"},
           {"two pair beat a pair", "AsAhKsQs", "2c2d3h3s"},
           {"the lower pair decides", "AsAh2c2d", "AsAh3c3d"},
           {"four of a kind beat two pair", "AsAhKsKh", "2c2d2h2s"},
           {"trips keep their kicker", "2c2d2hKs", "2c2d2hAs"},
           {"ace, deuce, three, four are no straight", "As2s3d4h", "2c2d3h4s"},
       }) {
    EXPECT_LT(RankNames(c.lower), RankNames(c.higher)) << c.reason;
  }
}

TEST(SmallHandRank, SuitsOfFewerThanFiveCardsDoNotMatter) {
  EXPECT_EQ(RankNames("AsKsQsJs"), RankNames("AsKhQsJs"));
  EXPECT_EQ(RankNames("As2s"), RankNames("Ah2c"));
}

TEST(SmallHandRank, AgreesWithTheStandardRankerInOrder) {
  RandomCards cards(5);
  for (int num_cards : {5, 6, 7}) {
    std::vector<std::pair<int, int32_t>> ranks;
    for (int i = 0; i < 100000; ++i) {
      const std::vector<Card> hand = cards.Draw(num_cards);
      ranks.push_back({RankHand(hand), RankSmallHand(hand)});
    }
    std::sort(ranks.begin(), ranks.end());
    for (size_t i = 1; i < ranks.size(); ++i) {
      ASSERT_EQ(ranks[i - 1].first == ranks[i].first, ranks[i - 1].second == ranks[i].second);
      ASSERT_LE(ranks[i - 1].second, ranks[i].second);
    }
  }
}

TEST(SmallHandRank, EightToTenCardsRankAsTheirBestFive) {
  RandomCards cards(6);
  for (int num_cards : {8, 9, 10}) {
    std::vector<std::pair<ReferenceStrength, int32_t>> ranks;
    for (int i = 0; i < 3000; ++i) {
      // Suits of few cards are drawn often, so that two flushes in a hand occur.
      std::vector<Card> hand = cards.Draw(num_cards);
      if (i % 2 == 0) {
        const std::vector<Card> two_suits = MakeDeck(13, 2);
        std::sample(two_suits.begin(), two_suits.end(), hand.begin(), num_cards, cards.random());
      }
      ranks.push_back({ReferenceRank(hand), RankSmallHand(hand)});
    }
    std::sort(ranks.begin(), ranks.end());
    for (size_t i = 1; i < ranks.size(); ++i) {
      ASSERT_EQ(ranks[i - 1].first == ranks[i].first, ranks[i - 1].second == ranks[i].second);
      ASSERT_LE(ranks[i - 1].second, ranks[i].second);
    }
  }
}

TEST(SmallHandRank, ABatchRanksAsSingleHandsDo) {
  RandomCards cards(7);
  for (int num_cards = 1; num_cards <= kSmallHandCardsMax; ++num_cards) {
    CardSlots slots(num_cards, 100);
    std::vector<int32_t> expected;
    for (int i = 0; i < 100; ++i) {
      const std::vector<Card> hand = cards.Draw(num_cards);
      slots.Set(i, hand);
      expected.push_back(RankSmallHand(hand));
      ASSERT_GT(expected.back(), 0);
    }
    std::vector<int32_t> strengths(100);
    RankSmallHands(slots.pointers(), num_cards, 100, strengths.data());
    EXPECT_EQ(strengths, expected);
  }
}

}  // namespace
}  // namespace nash
