#include "solver/play/strategy_player.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "common/files.h"
#include "solver/cards/card.h"
#include "tests/play/kuhn_strategy.h"

namespace nash {
namespace {

constexpr auto kSilent = [](uint64_t, uint64_t) { return absl::OkStatus(); };

// Kuhn's deck is Qs Ks As: buckets 0, 1 and 2.
class KuhnPlayer : public testing::Test {
 protected:
  KuhnPlayer() {
    CHECK(WriteStrategyFile(path_, kuhn_.ToWrite(ProbabilityBits::k16), kSilent).ok());
  }

  std::unique_ptr<StrategyPlayer> Player(uint64_t seed = 1) const {
    PlayerOptions options;
    options.translation.seed = seed;
    auto player = StrategyPlayer::Open(path_, options);
    CHECK(player.ok()) << player.status();
    return *std::move(player);
  }
  static PlayerAnswer Ask(const StrategyPlayer& player, const std::string& card, int position,
                          const std::vector<ActionLabel>& actions, uint64_t number = 0) {
    const std::vector<Card> hole = ParseCards(card).value();
    auto answer =
        player.Ask({.position = position, .number = number, .hole = hole, .actions = actions});
    CHECK(answer.ok()) << answer.status();
    return *std::move(answer);
  }

  KuhnStrategy kuhn_;
  const std::string path_ = JoinPath(testing::TempDir(), "kuhn.strategy");
};

TEST_F(KuhnPlayer, AnswersWithTheRowOfItsCardAndItsDecision) {
  ASSERT_EQ(kuhn_.tree().Betting(2), "cr");  // that of the check, a bet to answer
  kuhn_.policy().Row(2, 1)[0] = 0.25;
  kuhn_.policy().Row(2, 1)[1] = 0.75;
  ASSERT_TRUE(WriteStrategyFile(path_, kuhn_.ToWrite(ProbabilityBits::k16), kSilent).ok());
  const auto player = Player();
  const PlayerAnswer king = Ask(*player, "Ks", 0, {kCallLabel, 2});
  ASSERT_EQ(king.actions.size(), 2u);
  EXPECT_EQ(king.actions[0].action, kFoldLabel);
  EXPECT_EQ(king.actions[1].action, kCallLabel);
  EXPECT_NEAR(king.actions[0].probability, 0.25, 1e-4);
  const PlayerAnswer queen = Ask(*player, "Qs", 0, {});
  EXPECT_EQ(queen.actions[0].action, kCallLabel);
  EXPECT_EQ(queen.actions[1].action, 2);
  EXPECT_EQ(queen.actions[0].probability, 1);
  EXPECT_EQ(queen.action(), kCallLabel);
  EXPECT_FALSE(queen.is_off_tree);
}

// 5 standard errors of 20,000 draws: 0.017.
TEST_F(KuhnPlayer, DrawsAreAFunctionOfSeedAndHandAndAsFrequentAsTheyShouldBe) {
  const auto player = Player();
  const auto again = Player();
  const auto other = Player(2);
  constexpr int kHands = 20000;
  int num_bets = 0;
  int num_differences = 0;
  for (uint64_t number = 0; number < kHands; ++number) {
    const size_t chosen = Ask(*player, "As", 0, {}, number << 20).chosen;
    ASSERT_EQ(Ask(*again, "As", 0, {}, number << 20).chosen, chosen);
    num_bets += chosen == 1;
    num_differences += Ask(*other, "As", 0, {}, number << 20).chosen != chosen;
  }
  EXPECT_NEAR(num_bets / double{kHands}, 2.0 / 3, 0.017);
  EXPECT_NEAR(num_differences / double{kHands}, 4.0 / 9, 0.018);
}

TEST_F(KuhnPlayer, ThreadsGetTheAnswersThatOneGets) {
  const auto player = Player();
  std::vector<size_t> alone;
  for (uint64_t number = 0; number < 500; ++number) {
    alone.push_back(Ask(*player, "Ks", 1, {kCallLabel}, number).chosen);
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (uint64_t number = 0; number < alone.size(); ++number) {
        EXPECT_EQ(Ask(*player, "Ks", 1, {kCallLabel}, number).chosen, alone[number]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(KuhnPlayer, QuestionsThatMakeNoSenseAreRefused) {
  const auto player = Player();
  struct Case {
    const char* what;
    const char* hole;
    const char* board;
    int position;
    std::vector<ActionLabel> actions;
    const char* found;
  };
  const Case kCases[] = {
      {"no card", "", "", 0, {}, "expected 1 and 0 cards"},
      {"two cards", "QsKs", "", 0, {}, "expected 1 and 0 cards"},
      {"a card of another suit", "Qh", "", 0, {}, "not in the deck"},
      {"the other's turn", "Qs", "", 1, {}, "not the turn of position 1"},
      {"no such position", "Qs", "", 2, {}, "position 2 of 2"},
      {"no such position", "Qs", "", -1, {}, "position -1 of 2"},
      {"a hand that is over", "Qs", "", 0, {kCallLabel, kCallLabel}, "not the turn"},
      {"actions after its end", "Qs", "", 0, {0, 0, 0}, "after the hand's end"},
  };
  for (const Case& c : kCases) {
    const std::vector<Card> hole = ParseCards(c.hole).value();
    const auto answer = player->Ask({.position = c.position, .hole = hole, .actions = c.actions});
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument) << c.what;
    EXPECT_TRUE(absl::StrContains(answer.status().message(), c.found)) << answer.status();
  }
}

TEST_F(KuhnPlayer, OtherStakesAreRefusedOrScaledAndSaidPlainly) {
  const auto player = Player();
  EXPECT_TRUE(player->CheckGame(player->game(), StakesRule::kRefuse).ok());
  struct Case {
    const char* what;
    std::array<int32_t, 2> blinds;
    std::array<int32_t, 2> stacks;
    int32_t raise;
    bool is_scaled;
    const char* found;
  };
  const int32_t kMost = kStackChipsMax;
  const Case kCases[] = {
      {"other stacks", {1, 1}, {100, 50}, 1, true, "stacks 16777216 16777216"},
      {"three times the stakes", {3, 3}, {kMost, kMost}, 3, true, "there are 3 3"},
      {"another bet", {1, 1}, {kMost, kMost}, 2, false, "a multiple"},
      {"unequal blinds", {1, 2}, {kMost, kMost}, 1, false, "a multiple"},
      {"a stack that is a blind", {1, 1}, {1, 50}, 1, false, "position 0 has no more than a blind"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    GameDefinition game = player->game();
    std::copy(c.blinds.begin(), c.blinds.end(), game.blind_chips.begin());
    std::copy(c.stacks.begin(), c.stacks.end(), game.stack_chips.begin());
    game.raise_chips[0] = c.raise;
    const absl::Status refused = player->CheckGame(game, StakesRule::kRefuse);
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(absl::StrContains(refused.message(), c.found)) << refused;
    EXPECT_TRUE(absl::StrContains(refused.message(), path_)) << refused;
    EXPECT_EQ(player->CheckGame(game, StakesRule::kScale).ok(), c.is_scaled);
  }
  GameDefinition other = player->game();
  other.num_ranks = 4;
  EXPECT_TRUE(
      absl::StrContains(player->CheckGame(other, StakesRule::kScale).message(), "another game"));
  // At three times the stakes a bet is one of three.
  GameDefinition game = player->game();
  game.blind_chips = {3, 3};
  game.raise_chips = {3};
  const std::vector<Card> hole = ParseCards("As").value();
  const auto answer = player->Ask({.game = &game, .hole = hole});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->actions[1].action, 6);
}

// Three players: the rows of the strategy, whoever acts.
TEST(StrategyPlayer, SitsWithTwoOthers) {
  const RunDefinition definition = LoadRunDefinition("configs/kuhn_3p.yaml").value();
  const PublicTree tree = Built(definition.game, definition.menu);
  const Abstraction abstraction =
      Abstraction::Open(definition.abstraction, definition.game, "").value();
  TabularPolicy policy(tree, {4});
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    for (uint32_t bucket = 0; bucket < 4; ++bucket) {
      policy.Row(node, bucket)[0] = (node + 1) / 64.0 + bucket / 8.0;
      policy.Row(node, bucket)[1] = 1 - policy.Row(node, bucket)[0];
    }
  }
  StrategyToWrite strategy;
  strategy.definition = &definition;
  strategy.tree = &tree;
  strategy.policy = &policy;
  strategy.num_buckets = {4};
  strategy.bucket_hashes = {abstraction.content_hash(0)};
  const std::string path = JoinPath(testing::TempDir(), "kuhn_3p.strategy");
  ASSERT_TRUE(WriteStrategyFile(path, strategy, kSilent).ok());
  const auto player = StrategyPlayer::Open(path, {});
  ASSERT_TRUE(player.ok()) << player.status();
  const std::vector<Card> king = ParseCards("Ks").value();  // of J Q K A: bucket 2
  const std::vector<ActionLabel> actions = {kCallLabel, 2, kFoldLabel};
  const auto answer = (*player)->Ask({.position = 0, .hole = king, .actions = actions});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const NodeIndex node = tree.FindNode("crf").value();
  EXPECT_NEAR(answer->actions[0].probability, (node + 1) / 64.0 + 0.25, 1e-4);
  EXPECT_EQ(answer->actions[0].action, kFoldLabel);
}

}  // namespace
}  // namespace nash
