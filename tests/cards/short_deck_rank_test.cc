// The ranking of the short deck, 36 cards: by tables and by digits, against a slow ranker of its
// own.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "solver/cards/hand_class.h"
#include "solver/cards/hand_rank.h"
#include "solver/cards/small_hand_rank.h"
#include "tests/cards/random_cards.h"
#include "tests/cards/reference_hand_rank.h"

namespace nash {
namespace {

const HandRanker& ShortRanker() { return SharedHandRanker(Ranking::kShortDeck); }

uint16_t Rank(const char* cards) { return ShortRanker().Rank(*ParseCards(cards)); }

TEST(ShortDeckRank, FiveCardHandsByCategoryAndInOrder) {
  const std::vector<Card> deck = MakeDeck(9, 4);
  std::array<int, kHandCategories> hands{};
  std::map<int, ReferenceStrength> strengths;
  for (size_t a = 4; a < 36; ++a)
    for (size_t b = 3; b < a; ++b)
      for (size_t c = 2; c < b; ++c)
        for (size_t d = 1; d < c; ++d)
          for (size_t e = 0; e < d; ++e) {
            const std::array<Card, 5> hand = {deck[a], deck[b], deck[c], deck[d], deck[e]};
            const int rank = ShortRanker().Rank(hand);
            ++hands[static_cast<int>(CategoryOf(rank, Ranking::kShortDeck))];
            const ReferenceStrength strength = ReferenceRankOfFive(hand, Ranking::kShortDeck);
            const auto [known, is_new] = strengths.try_emplace(rank, strength);
            ASSERT_EQ(known->second, strength) << CardNames(hand);
          }
  const std::array<int, kHandCategories> expected = {
      122400,  // high card: (C(9,5) - 6) * (4^5 - 4)
      193536,  // pair: 9 * C(4,2) * C(8,3) * 4^3
      36288,   // two pair: C(9,2) * C(4,2)^2 * 7 * 4
      16128,   // trips: 9 * 4 * C(8,2) * 4^2
      6120,    // straight: 6 * (4^5 - 4), from A-6-7-8-9 to the ace
      480,     // flush: 4 * (C(9,5) - 6)
      1728,    // full house: 9 * 4 * 8 * C(4,2)
      288,     // quads: 9 * 8 * 4
      24,      // straight flush: 6 * 4
  };           // together C(36,5) = 376,992
  EXPECT_EQ(hands, expected);
  // The higher number is the better hand, all the way.
  ReferenceStrength before{-1};
  for (const auto& [rank, strength] : strengths) {
    ASSERT_LT(before, strength) << rank;
    before = strength;
  }
}

TEST(ShortDeckRank, WhatBeatsWhat) {
  EXPECT_GT(Rank("6h8hThQhAh"), Rank("AcAdAhKcKd"));  // a flush and a full house
  EXPECT_GT(Rank("AcAdAhKcKd"), Rank("TcJdQhKcAd"));  // a full house and a straight
  EXPECT_GT(Rank("Ac6d7h8c9d"), Rank("AcAdAhKcQd"));  // the lowest straight and trips
  EXPECT_LT(Rank("Ac6d7h8c9d"), Rank("6d7h8c9dTc"));  // and the next one
  EXPECT_GT(Rank("Ah6h7h8h9h"), Rank("AcAdAhAsKd"));  // a straight flush and quads
  EXPECT_GT(Rank("6c6d6h6sAd"), Rank("7hAhKhQhJh"));  // quads and a flush
}

// Six and seven cards by tables, five to ten by digits: the best five, as trying all says.
TEST(ShortDeckRank, MoreCardsRankAsTheirBestFive) {
  const std::vector<Card> deck = MakeDeck(9, 4);
  RandomCards cards(36);
  for (int num_cards : {5, 6, 7, 8, 10}) {
    std::vector<std::pair<ReferenceStrength, std::pair<int, int32_t>>> ranks;
    for (int i = 0; i < (num_cards > 7 ? 5000 : 40000); ++i) {
      std::vector<Card> hand(num_cards);
      std::sample(deck.begin(), deck.end(), hand.begin(), num_cards, cards.random());
      const int rank = num_cards > 7 ? 0 : ShortRanker().Rank(hand);
      ranks.push_back({ReferenceRank(hand, Ranking::kShortDeck),
                       {rank, RankSmallHand(hand, Ranking::kShortDeck)}});
    }
    std::sort(ranks.begin(), ranks.end());
    for (size_t i = 1; i < ranks.size(); ++i) {
      const bool is_tie = ranks[i - 1].first == ranks[i].first;
      const auto [rank, small] = ranks[i].second;
      const auto [rank_before, small_before] = ranks[i - 1].second;
      ASSERT_EQ(is_tie, small_before == small);
      ASSERT_LE(small_before, small);
      if (num_cards > 7) continue;
      ASSERT_EQ(is_tie, rank_before == rank);
      ASSERT_LE(rank_before, rank);
    }
  }
}

TEST(ShortDeckRank, ABatchRanksAsSingleHandsDo) {
  constexpr int kHands = 5 * 32 + 7;
  const std::vector<Card> deck = MakeDeck(9, 4);
  RandomCards cards(37);
  for (int num_cards : {5, 6, 7}) {
    CardSlots slots(num_cards, kHands);
    std::vector<int32_t> expected;
    for (int i = 0; i < kHands; ++i) {
      std::vector<Card> hand(num_cards);
      std::sample(deck.begin(), deck.end(), hand.begin(), num_cards, cards.random());
      slots.Set(i, hand);
      expected.push_back(ShortRanker().Rank(hand));
    }
    std::vector<int32_t> strengths(kHands);
    ShortRanker().RankHands(slots.pointers(), num_cards, kHands, strengths.data());
    EXPECT_EQ(strengths, expected);
  }
}

}  // namespace
}  // namespace nash
