#include "solver/translation/multiway_hand.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "solver/game/betting_text.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr TranslationOptions kNearest = {TranslationKind::kNearest, 1};

// Small blind, big blind, and the button, who acts first before the flop: 100 big blinds.
GameDefinition ThreePlayers(const std::string& blinds = "50 100 0",
                            const std::string& stacks = "10000 10000 10000") {
  const auto game = ParseGameDefinition(
      "GAMEDEF\nnolimit\nnumPlayers 3\nnumRounds 2\nblind " + blinds + "\nstack " + stacks +
          "\nfirstPlayer 3 1\nnumSuits 4\nnumRanks 13\nnumHoleCards 2\nnumBoardCards 0 3\n"
          "END GAMEDEF\n",
      "three");
  CHECK(game.ok()) << game.status();
  return *game;
}

std::string Seen(const PublicTree& tree, const MultiwayHand& hand) {
  return hand.decision().always_calls ? "off the tree" : tree.Betting(hand.decision().node);
}

MultiwayHand HandAfter(const PublicTree& tree, const GameDefinition& game, int position,
                       const std::vector<ActionLabel>& actions) {
  MultiwayHand hand(tree, game, position, kNearest, 0);
  for (const ActionLabel action : actions) hand.TakeAction(action);
  return hand;
}

int EdgeOf(const PublicTree& tree, NodeIndex node, const std::string& action) {
  const auto labels = tree.LabelsOf(node);
  for (size_t edge = 0; edge < labels.size(); ++edge) {
    if (tree.ActionName(labels[edge]) == action) return static_cast<int>(edge);
  }
  ADD_FAILURE() << "no " << action << " after " << tree.Betting(node);
  return 0;
}

TEST(MultiwayHand, WhatTheMenuHasIsFollowedNodeByNode) {
  std::mt19937 random(5);
  for (const std::string name : {"kuhn_3p", "leduc_3p", "limit_3p", "nolimit"}) {
    const GameDefinition game = name == "nolimit" ? ThreePlayers() : ShippedGame(name);
    const PublicTree tree = Built(game, MenuOf({"pot", "allin"}, 2));
    for (int number = 0; number < 500; ++number) {
      const int position = number % 3;
      MultiwayHand hand(tree, game, position, {TranslationKind::kPseudoHarmonic, 1}, number);
      std::vector<ActionLabel> actions;
      NodeIndex node = 0;
      while (true) {
        if (hand.is_strategys_turn()) {
          ASSERT_EQ(Seen(tree, hand), tree.Betting(node));
          ASSERT_FALSE(hand.decision().never_folds);
          for (size_t edge = 0; edge < tree.LabelsOf(node).size(); ++edge) {
            ASSERT_EQ(hand.ActionOf(static_cast<int>(edge)), tree.LabelsOf(node)[edge]);
          }
        }
        const size_t edge = random() % tree.nodes()[node].num_actions;
        hand.TakeAction(tree.LabelsOf(node)[edge]);
        const PublicEdge& taken = tree.EdgesOf(node)[edge];
        ASSERT_EQ(hand.state().is_over(), taken.kind() != EdgeKind::kDecision);
        if (hand.state().is_over()) break;
        node = taken.payload();
      }
    }
  }
}

TEST(MultiwayHand, ABetThatWouldBeTakenForACallIsTheSmallestAndNotFoldedTo) {
  const GameDefinition game = ThreePlayers();
  const PublicTree tree = Built(game, MenuOf({"pot", "allin"}, 2));
  // Three see the flop for 100; a bet of 50 into 300 is a sixth of the pot.
  const MultiwayHand hand = HandAfter(tree, game, 1, {0, 0, 0, 200});
  EXPECT_EQ(Seen(tree, hand), "ccc/r400");
  EXPECT_TRUE(hand.decision().never_folds);
  EXPECT_EQ(hand.ActionOf(0), kCallLabel);
  // The next raise is what it is: 600 more into 300 + 100 + 100 is 1.2 pots. In the tree a pot more
  // is 400 + 300 + 300 + 300.
  const MultiwayHand raised = HandAfter(tree, game, 0, {0, 0, 0, 200, 800, kFoldLabel});
  EXPECT_EQ(Seen(tree, raised), "ccc/r400r1300f");
  EXPECT_FALSE(raised.decision().never_folds);
}

TEST(MultiwayHand, BlindsOfThreeSizesAreInThePotAsTheyAre) {
  const GameDefinition game = ThreePlayers("25 75 200");
  const PublicTree tree = Built(game, MenuOf({"pot", "allin"}, 2));
  // The straddle of 200 acts first here, as the game says; then the small blind owes 175, and the
  // pot after calling is 25 + 75 + 200 + 175 = 475.
  const MultiwayHand hand = HandAfter(tree, game, 0, {kCallLabel});
  EXPECT_EQ(Seen(tree, hand), "c");
  EXPECT_EQ(hand.ActionOf(EdgeOf(tree, hand.decision().node, "r675")), 675);
}

TEST(MultiwayHand, WhoIsAllInAtTheTableOnlyCallsInTheTree) {
  const PublicTree tree = Built(ThreePlayers(), MenuOf({"pot", "allin"}, 2));
  const GameDefinition game = ThreePlayers("50 100 0", "10000 10000 350");
  // The button is all-in with 350, the pot. On the flop the blinds go on; in the tree the button
  // still has chips and would have to answer the bet, so it calls there.
  const MultiwayHand first = HandAfter(tree, game, 0, {350, 0, 0});
  EXPECT_EQ(Seen(tree, first), "r350cc/");
  const MultiwayHand later = HandAfter(tree, game, 0, {350, 0, 0, 0, 1400});
  EXPECT_EQ(Seen(tree, later), "r350cc/cr1400c");
}

TEST(MultiwayHand, WhereTheTreesHandIsOverTheStrategyCalls) {
  const PublicTree tree = Built(ThreePlayers(), MenuOf({"allin"}, 1));
  const GameDefinition game = ThreePlayers();
  // 9000 is taken for all-in; both call, and the hand goes on with 1000 behind.
  const MultiwayHand hand = HandAfter(tree, game, 0, {9000, 0, 0});
  EXPECT_EQ(Seen(tree, hand), "off the tree");
  EXPECT_EQ(hand.ActionOf(0), kCallLabel);
}

TEST(MultiwayHand, RandomHandsOfOtherStacksStayLegal) {
  std::mt19937 random(21);
  const auto below = [&](int n) { return static_cast<int>(random() % n); };
  const std::vector<PublicTree> trees = {
      Built(ThreePlayers(), MenuOf({"pot", "allin"}, 2)),
      Built(ThreePlayers(), MenuOf({"0.5pot"}, 1)),
      Built(ShippedGame("limit_3p"), MenuOf({"pot"}, 1)),
  };
  int num_known = 0;
  for (int number = 0; number < 20000; ++number) {
    const PublicTree& tree = trees[below(trees.size())];
    GameDefinition game = tree.game();
    for (int p = 0; p < 3 && number % 2 == 1; ++p) game.stack_chips[p] = 150 + below(12000);
    MultiwayHand hand(tree, game, below(3), {TranslationKind::kPseudoHarmonic, 5}, number);
    while (!hand.state().is_over()) {
      const BettingState& state = hand.state();
      ActionLabel action = kCallLabel;
      if (hand.is_strategys_turn()) {
        const TranslatedDecision decision = hand.decision();
        if (!decision.always_calls) {
          const PublicNode& node = tree.nodes()[decision.node];
          ASSERT_EQ(node.street, state.street()) << "hand " << number;
          ASSERT_EQ(node.player, state.player()) << "hand " << number;
          action = hand.ActionOf(below(node.num_actions));
          ++num_known;
        }
        if (action > 0) {
          ASSERT_TRUE(state.CanRaise());
          ASSERT_GE(action, state.MinRaiseTo());
          ASSERT_LE(action, state.MaxRaiseTo());
        } else if (action == kFoldLabel) {
          ASSERT_TRUE(state.CanFold());
        }
      } else if (const int choice = below(10); choice < 2 && state.CanFold()) {
        action = kFoldLabel;
      } else if (choice < 5 && state.CanRaise()) {
        const int least = state.MinRaiseTo();
        action = least + below(std::min(3 * least, state.MaxRaiseTo()) - least + 1);
        action = std::min(action, state.MaxRaiseTo());
      }
      hand.TakeAction(action);
    }
  }
  EXPECT_GT(num_known, 10000);
}

}  // namespace
}  // namespace nash
