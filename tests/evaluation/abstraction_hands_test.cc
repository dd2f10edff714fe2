#include "solver/evaluation/abstraction_hands.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "solver/evaluation/nash_conv.h"
#include "tests/abstraction/lossless.h"
#include "tests/evaluation/explicit_game.h"
#include "tests/evaluation/tree_and_cards.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// Every street lossless, so that no bucket file is needed.
Abstraction LosslessOf(const GameDefinition& game) {
  absl::StatusOr<Abstraction> abstraction = Abstraction::Open(Lossless(game), game, "");
  CHECK(abstraction.ok()) << abstraction.status();
  return *std::move(abstraction);
}

TEST(AbstractionHands, RankAndClassifyAsTheRulesSay) {
  const std::map<std::string, ExplicitRules> games = {{"kuhn_2p", KuhnRules(2)},
                                                      {"kuhn_3p", KuhnRules(3)},
                                                      {"leduc_2p", LeducRules(2)},
                                                      {"leduc_3p", LeducRules(3)}};
  for (const auto& [name, rules] : games) {
    SCOPED_TRACE(name);
    const GameDefinition game = ShippedGame(name);
    const Abstraction abstraction = LosslessOf(game);
    const AbstractionHands hands(abstraction);
    const PublicTree tree = *PublicTree::Build(game, ActionMenu());
    const HandSpace space = *HandSpace::Make(game, hands);
    std::set<std::pair<NodeIndex, uint32_t>> infosets;
    size_t expected_infosets =
        0;  // suits do not count: own rank, and the board's where there is one
    for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
      const int street = tree.nodes()[node].street;
      expected_infosets += street == 0 ? rules.ranks : rules.ranks * rules.ranks;
      for (uint32_t b = 0; b < space.num_boards(street); ++b) {
        for (uint32_t bucket : space.buckets(street, b)) {
          if (bucket != kNoBucket) infosets.insert({node, bucket});
        }
      }
    }
    EXPECT_EQ(infosets.size(), expected_infosets);
    // The same showdowns as the rules': values agree, which sums over all of them.
    const auto result = NashConv(tree, hands, UniformPolicy());
    const auto plain = NashConv(tree, UnbucketedHands(Ranking::kStandard), UniformPolicy());
    const auto expected = NashConv(
        TreeOf(rules), ExplicitModel(rules, ExplicitModel::Detail::kCards), UniformPolicy());
    ASSERT_TRUE(result.ok() && plain.ok() && expected.ok());
    for (int p = 0; p < game.num_players; ++p) {
      EXPECT_NEAR(result->values_chips[p], expected->values_chips[p], 1e-12);
      EXPECT_NEAR(result->best_response_chips[p], expected->best_response_chips[p], 1e-12);
      EXPECT_EQ(plain->best_response_chips[p], result->best_response_chips[p]);
    }
  }
}

// All hands of a board, with buckets of every street. board: as it is dealt.
void ExpectHandsTogetherAsOneByOne(const GameDefinition& game, const Abstraction& abstraction,
                                   const std::vector<Card>& board) {
  const AbstractionHands model(abstraction);
  BoardHands hands(MakeDeck(game.num_ranks, game.num_suits), 2);
  CardSet cards = 0;
  for (Card card : board) cards |= SetOf(card);
  hands.Set(cards);
  std::vector<int32_t> strengths(hands.size());
  model.FindStrengths(board, hands, absl::MakeSpan(strengths));
  hands.SortByStrength(strengths);
  model.FindStrengths(board, hands, absl::MakeSpan(strengths));
  std::vector<uint32_t> buckets(hands.size());
  for (int street = 0; street < game.num_streets; ++street) {
    const auto seen = absl::MakeConstSpan(board).first(game.BoardCardsOn(street));
    model.FindBuckets(street, seen, hands, absl::MakeSpan(buckets));
    for (int i = 0; i < hands.size(); ++i) {
      const std::vector<Card> hole = {hands.low()[i], hands.high()[i]};
      ASSERT_EQ(buckets[i], model.Bucket(street, hole, seen)) << street << " hand " << i;
      if (i > 0) {
        const std::vector<Card> before = {hands.low()[i - 1], hands.high()[i - 1]};
        ASSERT_EQ(strengths[i] > strengths[i - 1],
                  model.Strength(hole, board) > model.Strength(before, board));
      }
    }
  }
}

// All hands of a board together are what each is alone, with the indexer and the ranker of hold'em.
TEST(AbstractionHands, HandsOfABoardTogetherAreThoseOneByOne) {
  GameDefinition game = ShippedGame("limit_2p");
  game.num_streets = 3;  // to the turn
  AbstractionDefinition definition = Lossless(game);
  for (const BoardRecall recall : {BoardRecall::kPerfect, BoardRecall::kImperfect}) {
    definition.streets[2].recall = recall;
    const auto abstraction = Abstraction::Open(definition, game, "");
    ASSERT_TRUE(abstraction.ok()) << abstraction.status();
    ExpectHandsTogetherAsOneByOne(game, *abstraction, {3, 17, 40, 22});
  }
  game.num_ranks = 5;  // from the ten
  const auto short_deck = Abstraction::Open(definition, game, "");
  ASSERT_TRUE(short_deck.ok()) << short_deck.status();
  ExpectHandsTogetherAsOneByOne(game, *short_deck, {33, 40, 51, 44});
}

}  // namespace
}  // namespace nash
