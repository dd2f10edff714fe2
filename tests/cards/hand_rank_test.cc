#include "solver/cards/hand_rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "tests/cards/random_cards.h"
#include "tests/cards/reference_hand_rank.h"

namespace nash {
namespace {

constexpr uint64_t kSeed = 20130715;
constexpr int kRandomHands = 100000;

// The reference's strength of each class, from all C(52,5) hands.
const std::vector<ReferenceStrength>& StrengthsOfClasses() {
  static const auto* const strengths = [] {
    auto* out =
        new std::vector<ReferenceStrength>(kHandClasses + 1, ReferenceStrength{-1});  // [0]: none
    for (Card a = 4; a < 52; ++a)
      for (Card b = 3; b < a; ++b)
        for (Card c = 2; c < b; ++c)
          for (Card d = 1; d < c; ++d)
            for (Card e = 0; e < d; ++e) {
              const std::array<Card, 5> hand = {a, b, c, d, e};
              const ReferenceStrength strength = ReferenceRankOfFive(hand);
              ReferenceStrength& known = (*out)[RankHand(hand)];
              if (known[0] < 0) known = strength;
              if (known != strength) ADD_FAILURE() << CardNames(hand) << " shares a wrong class";
            }
    return out;
  }();
  return *strengths;
}

TEST(HandRank, FiveCardClassesAreOrderedAsTheRulesSay) {
  const auto& strengths = StrengthsOfClasses();
  for (int c = 1; c <= kHandClasses; ++c) {
    ASSERT_GE(strengths[c][0], 0) << "no hand has class " << c;
    ASSERT_LT(strengths[c - 1], strengths[c]) << "class " << c;
    ASSERT_EQ(static_cast<int>(CategoryOf(c)), strengths[c][0]) << "class " << c;
  }
}

TEST(HandRank, FiveCardHandsByCategory) {
  std::array<int, kHandCategories> hands{};
  const HandRanker& ranker = SharedHandRanker();
  for (Card a = 4; a < 52; ++a)
    for (Card b = 3; b < a; ++b)
      for (Card c = 2; c < b; ++c)
        for (Card d = 1; d < c; ++d)
          for (Card e = 0; e < d; ++e) {
            HandKey hand;
            for (Card card : {a, b, c, d, e}) hand.Add(card);
            ++hands[static_cast<int>(CategoryOf(ranker.Rank<5>(hand)))];
          }
  const std::array<int, kHandCategories> expected = {
      1302540,  // high card: (C(13,5) - 10) * (4^5 - 4)
      1098240,  // pair: 13 * C(4,2) * C(12,3) * 4^3
      123552,   // two pair: C(13,2) * C(4,2)^2 * 11 * 4
      54912,    // trips: 13 * 4 * C(12,2) * 4^2
      10200,    // straight: 10 * (4^5 - 4)
      5108,     // flush: 4 * (C(13,5) - 10)
      3744,     // full house: 13 * 4 * 12 * C(4,2)
      624,      // quads: 13 * 12 * 4
      40,       // straight flush: 10 * 4
  };            // together C(52,5) = 2,598,960
  EXPECT_EQ(hands, expected);
}

TEST(HandRank, SevenCardHandsByCategory) {
  const HandRanker& ranker = SharedHandRanker();
  std::vector<int> hands_of_class(kHandClasses + 1);
  std::array<HandKey, 8> key;  // of the first k cards
  const auto enumerate = [&](const auto& self, int num_cards, Card below) -> void {
    if (num_cards == 6) {
      for (Card card = 0; card < below; ++card) {
        ++hands_of_class[ranker.Rank<7>(key[6].With(card))];
      }
      return;
    }
    for (Card card = 0; card < below; ++card) {
      key[num_cards + 1] = key[num_cards].With(card);
      self(self, num_cards + 1, card);
    }
  };
  enumerate(enumerate, 0, kCardsMax);

  std::array<int, kHandCategories> hands{};
  int distinct = 0;
  EXPECT_EQ(hands_of_class[0], 0);
  for (int c = 1; c <= kHandClasses; ++c) {
    hands[static_cast<int>(CategoryOf(c))] += hands_of_class[c];
    distinct += hands_of_class[c] > 0;
  }
  // Known counts of poker, together C(52,7) = 133,784,560.
  const std::array<int, kHandCategories> expected = {23294460, 58627800, 31433400, 6461620, 6180020,
                                                     4047644,  3473184,  224848,   41584};
  EXPECT_EQ(hands, expected);
  EXPECT_EQ(distinct, 4824);
}

TEST(HandRank, SixAndSevenCardsRankAsTheirBestFive) {
  const auto& strengths = StrengthsOfClasses();
  RandomCards cards(kSeed);
  for (int num_cards : {6, 7}) {
    for (int i = 0; i < kRandomHands; ++i) {
      const std::vector<Card> hand = cards.Draw(num_cards);
      ASSERT_EQ(strengths[RankHand(hand)], ReferenceRank(hand)) << CardNames(hand);
    }
  }
}

TEST(HandRank, ABatchRanksAsSingleHandsDo) {
  constexpr int kHandsMax = 3 * 32 + 31;  // blocks of 32 and every length of the rest
  RandomCards cards(kSeed);
  for (int num_cards : {5, 6, 7}) {
    CardSlots slots(num_cards, kHandsMax);
    std::vector<int32_t> expected;
    for (int i = 0; i < kHandsMax; ++i) {
      std::vector<Card> hand = cards.Draw(num_cards);
      // Every third hand is a flush, each suit in turn.
      if (i % 3 == 0) {
        for (int k = 0; k < 5; ++k) hand[k] = MakeCard((i + 2 * k) % 13, i / 3 % 4);
        for (int k = 5; k < num_cards; ++k) hand[k] = MakeCard(k, (i / 3 + 1) % 4);
      }
      slots.Set(i, hand);
      expected.push_back(RankHand(hand));
    }
    for (int n = 0; n <= kHandsMax; ++n) {
      std::vector<int32_t> strengths(kHandsMax + 1, -1);
      RankHands(slots.pointers(), num_cards, n, strengths.data());
      ASSERT_TRUE(std::equal(expected.begin(), expected.begin() + n, strengths.begin())) << n;
      ASSERT_EQ(strengths[n], -1) << "written past the end";
    }
  }
}

TEST(HandRank, BatchesAgreeOnManyRandomHands) {
  RandomCards cards(kSeed + 1);
  CardSlots slots(7, kRandomHands);
  std::vector<int32_t> expected;
  for (int i = 0; i < kRandomHands; ++i) {
    const std::vector<Card> hand = cards.Draw(7);
    slots.Set(i, hand);
    expected.push_back(RankHand(hand));
  }
  std::vector<int32_t> strengths(kRandomHands);
  RankHands(slots.pointers(), 7, kRandomHands, strengths.data());
  EXPECT_EQ(strengths, expected);
}

TEST(HandRank, KeysCountTheirCards) {
  HandKey hand;
  for (Card card = 0; card < 7; ++card) {
    EXPECT_EQ(hand.num_cards(), card);
    hand.Add(card);
  }
}

TEST(HandRank, TwoRankersAreEqual) {
  const HandRanker a;
  RandomCards cards(kSeed + 2);
  for (int i = 0; i < kRandomHands; ++i) {
    const std::vector<Card> hand = cards.Draw(7);
    ASSERT_EQ(a.Rank(hand), RankHand(hand)) << CardNames(hand);
  }
}

}  // namespace
}  // namespace nash
