// Deals of built-in opponents have strengths by the ranking of the game.
#include "solver/evaluation/rule_player.h"

#include <gtest/gtest.h>

#include <compare>
#include <vector>

#include "solver/game/game_definition.h"
#include "tests/cards/reference_hand_rank.h"

namespace nash {
namespace {

int Sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0; }

// In one deal of some hundred the standard ranking and the short deck's have another winner.
TEST(RuleDeals, StrengthsAreByTheRankingOfTheGame) {
  GameDefinition game = *LoadGameDefinition("configs/games/nolimit_2p_100bb.game");
  game.num_ranks = 9;
  game.ranking = Ranking::kShortDeck;
  constexpr int kDeals = 2000;
  const StreamName name = {3, 0, 0};
  DealBatch deals(2, game.num_streets, kDeals);
  RuleDeals(game, PlayerRule::kAlwaysCall).Fill(name, 0, kDeals, 0, &deals);
  CardBatch cards(game.CardsPerDeal(), kDeals);
  DrawCards(game, name, 0, kDeals, &cards);
  int told_apart = 0;
  for (int d = 0; d < kDeals; ++d) {
    std::vector<Card> hands[2];
    for (int player : {0, 1}) {
      for (int slot : {2 * player, 2 * player + 1, 4, 5, 6, 7, 8}) {
        hands[player].push_back(cards.slot(slot)[d]);
      }
    }
    const auto winner = [&](Ranking ranking) {
      return Sign(ReferenceRank(hands[0], ranking) <=> ReferenceRank(hands[1], ranking));
    };
    EXPECT_EQ(Sign(deals.strengths(0)[d] <=> deals.strengths(1)[d]), winner(Ranking::kShortDeck));
    told_apart += winner(Ranking::kShortDeck) != winner(Ranking::kStandard);
  }
  EXPECT_GE(told_apart, 3);
}

}  // namespace
}  // namespace nash
