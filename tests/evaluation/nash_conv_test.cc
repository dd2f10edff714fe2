#include "solver/evaluation/nash_conv.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/evaluation/explicit_game.h"
#include "tests/evaluation/tree_and_cards.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

using Detail = ExplicitModel::Detail;

ExplicitRules TwoHoleCardRules() {
  return {.players = 2,
          .ranks = 3,
          .suits = 2,
          .hole_cards = 2,
          .board_cards = {0, 1},
          .raise_chips = {1, 2},
          .raises_max = 1,
          .stacks = {100, 100},
          .strength = [](const ExplicitCards& hole, const ExplicitCards& board) {
            return (hole[0] * 7 + hole[1] * 3 + board[0] * hole[1]) % 5;
          }};
}

ExplicitRules ThreeHoleCardRules() {
  ExplicitRules rules = TwoHoleCardRules();
  rules.ranks = 7;
  rules.suits = 1;
  rules.hole_cards = 3;
  return rules;
}

// Three stacks of different depth: all-ins with side pots, and run-outs.
ExplicitRules SidePotRules() {
  ExplicitRules rules = LeducRules(3);
  rules.ranks = 3;
  rules.stacks = {2, 4, 7};
  return rules;
}

ExplicitRules WithAntes(ExplicitRules rules, std::vector<int> antes) {
  rules.antes = std::move(antes);
  return rules;
}

NashConvResult Evaluate(const PublicTree& tree, const HandModel& model, const Policy& policy) {
  const absl::StatusOr<NashConvResult> result = NashConv(tree, model, policy);
  EXPECT_TRUE(result.ok()) << result.status();
  return *result;
}

NashConvResult EvaluateUniform(const ExplicitRules& rules) {
  return Evaluate(TreeOf(rules), ExplicitModel(rules, Detail::kCards), UniformPolicy());
}

// Cut into the smallest parts there are and into some; by any number of threads the same to the
// bit.
void ExpectSameInParts(const PublicTree& tree, const HandModel& model, const Policy& policy,
                       const NashConvResult& whole) {
  for (const double part_terms_min : {1.0, 500.0}) {
    NashConvOptions options;
    options.part_terms_min = part_terms_min;
    const NashConvResult alone = *NashConv(tree, model, policy, options);
    for (size_t p = 0; p < whole.values_chips.size(); ++p) {
      EXPECT_NEAR(alone.values_chips[p], whole.values_chips[p], 1e-12);
      EXPECT_NEAR(alone.best_response_chips[p], whole.best_response_chips[p], 1e-12);
    }
    for (const int threads : {2, 5}) {
      ThreadPool pool(threads);
      options.pool = &pool;
      const NashConvResult together = *NashConv(tree, model, policy, options);
      EXPECT_EQ(together.values_chips, alone.values_chips) << threads << " threads";
      EXPECT_EQ(together.best_response_chips, alone.best_response_chips) << threads << " threads";
      EXPECT_EQ(together.nash_conv_chips, alone.nash_conv_chips) << threads << " threads";
    }
  }
}

void ExpectSameAsExplicit(const ExplicitRules& rules, const ExplicitPolicy& policy) {
  const ExplicitGame slow(rules);
  const PublicTree tree = TreeOf(rules);
  const ExplicitModel model(rules, Detail::kCards);
  const TabularPolicy tabular = TabularOf(tree, rules, policy);
  const NashConvResult fast = Evaluate(tree, model, tabular);
  const std::vector<double> values = slow.Values(policy);
  const std::vector<double> best = slow.BestResponses(policy);
  double nash_conv = 0;
  double total = 0;
  for (int p = 0; p < rules.players; ++p) {
    EXPECT_NEAR(fast.values_chips[p], values[p], 1e-12);
    EXPECT_NEAR(fast.best_response_chips[p], best[p], 1e-12);
    nash_conv += best[p] - values[p];
    total += fast.values_chips[p];
  }
  EXPECT_NEAR(fast.nash_conv_chips, nash_conv, 1e-12);
  EXPECT_NEAR(fast.exploitability_chips, nash_conv / rules.players, 1e-12);
  EXPECT_NEAR(total, 0, 1e-12) << "chips are only passed around";
  if (CountLeafTerms(tree) < 1e6) ExpectSameInParts(tree, model, tabular, fast);  // cheap ones
}

TEST(NashConv, UniformPlayOfKuhnLosesElevenTwelfths) {
  const NashConvResult result = EvaluateUniform(KuhnRules(2));
  EXPECT_NEAR(result.nash_conv_chips, 11.0 / 12, 1e-12);  // 0.916667
  // 6 deals; each player shows down at 1 with 1/4, at 2 with 1/4 + 1/8, and those even out by
  // symmetry of the cards. Left: player 1 folds to a bet 1/4, player 0 to one after a check 1/8.
  EXPECT_NEAR(result.values_chips[0], 1.0 / 4 - 1.0 / 8, 1e-12);
  EXPECT_NEAR(result.exploitability_chips, 11.0 / 24, 1e-12);
}

// Kuhn 1950: with J, Q, K, the first player bets J with alpha, never Q, K with 3 alpha; calls a bet
// after checking never with J, with alpha + 1/3 with Q, always with K; alpha in [0, 1/3]. The
// second player bets after a check with 1/3, 0, 1 and calls a bet with 0, 1/3, 1. The value is
// -1/18.
TEST(NashConv, EveryEquilibriumOfKuhnHasNoGapAndItsValue) {
  const ExplicitRules rules = KuhnRules(2);
  const PublicTree tree = TreeOf(rules);
  const ExplicitModel model(rules, Detail::kCards);
  for (double alpha : {0.0, 0.1, 1.0 / 6, 0.3, 1.0 / 3}) {
    const std::map<std::string, std::array<double, 3>> aggressive = {
        {"", {alpha, 0, 3 * alpha}},
        {"cr", {0, alpha + 1.0 / 3, 1}},
        {"c", {1.0 / 3, 0, 1}},
        {"r", {0, 1.0 / 3, 1}},
    };
    const auto policy = [&](const std::string& key, int) -> std::vector<double> {
      const int card = key[0] - '0';
      const double p = aggressive.at(key.substr(key.rfind('|') + 1))[card];
      return {1 - p, p};
    };
    const NashConvResult result = Evaluate(tree, model, TabularOf(tree, rules, policy));
    EXPECT_NEAR(result.nash_conv_chips, 0, 1e-12) << alpha;
    EXPECT_NEAR(result.values_chips[0], -1.0 / 18, 1e-12) << alpha;
    EXPECT_NEAR(result.values_chips[1], 1.0 / 18, 1e-12) << alpha;
  }
}

TEST(NashConv, UniformPlayOfLeducHasThePublishedGap) {
  // The figure that other implementations publish for the uniform policy.
  EXPECT_NEAR(EvaluateUniform(LeducRules(2)).nash_conv_chips, 4.747222, 1e-6);
}

TEST(NashConv, ShippedGamesAreTheGamesOfTheRules) {
  const std::map<std::string, ExplicitRules> games = {{"kuhn_2p", KuhnRules(2)},
                                                      {"kuhn_3p", KuhnRules(3)},
                                                      {"leduc_2p", LeducRules(2)},
                                                      {"leduc_3p", LeducRules(3)}};
  for (const auto& [name, rules] : games) {
    const auto tree = PublicTree::Build(ShippedGame(name), ActionMenu());
    ASSERT_TRUE(tree.ok()) << tree.status();
    const NashConvResult result =
        Evaluate(*tree, ExplicitModel(rules, Detail::kRanks), UniformPolicy());
    EXPECT_NEAR(result.nash_conv_chips, EvaluateUniform(rules).nash_conv_chips, 1e-12) << name;
  }
}

uint64_t CountInfosets(const ExplicitRules& rules, Detail detail) {
  const PublicTree tree = TreeOf(rules);
  const auto space = HandSpace::Make(tree.game(), ExplicitModel(rules, detail));
  std::set<std::pair<NodeIndex, uint32_t>> infosets;
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    const int street = tree.nodes()[node].street;
    for (uint32_t b = 0; b < space->num_boards(street); ++b) {
      for (uint32_t bucket : space->buckets(street, b)) {
        if (bucket != kNoBucket) infosets.insert({node, bucket});
      }
    }
  }
  return infosets.size();
}

TEST(NashConv, InfosetsOfLeducAreThePublishedNumbers) {
  // 6 betting nodes before the board and 30 after it: 6 * 6 + 30 * 6 * 5 cards, and by rank
  // 6 * 3 + 30 * 3 * 3.
  EXPECT_EQ(CountInfosets(LeducRules(2), Detail::kCards), 936);
  EXPECT_EQ(CountInfosets(LeducRules(2), Detail::kRanks), 288);
  EXPECT_EQ(CountInfosets(KuhnRules(2), Detail::kCards), 12);
  EXPECT_EQ(CountInfosets(KuhnRules(3), Detail::kCards), 48);
}

TEST(NashConv, RandomPoliciesAreWorthWhatExplicitHistoriesSay) {
  for (uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    ExpectSameAsExplicit(KuhnRules(2), RandomPolicy(seed));
    ExpectSameAsExplicit(KuhnRules(3), RandomPolicy(seed));
    ExpectSameAsExplicit(KuhnRules(4), RandomPolicy(seed));
    ExpectSameAsExplicit(LeducRules(2), RandomPolicy(seed));
    ExpectSameAsExplicit(LongRules(), RandomPolicy(seed));
    ExpectSameAsExplicit(TwoHoleCardRules(), RandomPolicy(seed));
    ExpectSameAsExplicit(ThreeHoleCardRules(), RandomPolicy(seed));
    ExpectSameAsExplicit(SidePotRules(), RandomPolicy(seed));
    // By ranges, by all deals of three hole cards, and with three players; of two, one antes more.
    ExpectSameAsExplicit(WithAntes(LeducRules(2), {1, 1}), RandomPolicy(seed));
    ExpectSameAsExplicit(WithAntes(LongRules(), {1, 5}), RandomPolicy(seed));
    ExpectSameAsExplicit(WithAntes(ThreeHoleCardRules(), {4, 0}), RandomPolicy(seed));
    ExpectSameAsExplicit(WithAntes(SidePotRules(), {1, 1, 1}), RandomPolicy(seed));
    ExpectSameAsExplicit(WithAntes(KuhnRules(3), {0, 3, 1}), RandomPolicy(seed));
  }
}

TEST(NashConv, ARandomPolicyOfThreePlayerLeducIsWorthWhatExplicitHistoriesSay) {
  ExpectSameAsExplicit(LeducRules(3), RandomPolicy(1));
}

// Kuhn as a no-limit game: antes of 1 and stacks of 2 leave one bet, all-in.
TEST(NashConv, KuhnWithStacksOfTwoIsKuhn) {
  GameDefinition game = ShippedGame("kuhn_2p");
  game.betting = BettingKind::kNoLimit;
  game.stack_chips = {2, 2};
  game.max_raises[0] = 255;
  const auto tree = PublicTree::Build(game, MenuOf({"0.5pot", "allin"}, 255));
  ASSERT_TRUE(tree.ok()) << tree.status();
  const NashConvResult result =
      Evaluate(*tree, ExplicitModel(KuhnRules(2), Detail::kCards), UniformPolicy());
  EXPECT_NEAR(result.nash_conv_chips, 11.0 / 12, 1e-12);
  EXPECT_NEAR(result.values_chips[0], 1.0 / 8, 1e-12);
}

// Blinds 1 and 2, stacks of 5, cards J Q K; all-in is the only raise. The first player folds or
// pushes, half and half, and never just calls; the rest is uniform.
// Values: the first folds 1/2 (-1), wins the blind 1/4 (+2), shows down 1/4 (0 over all cards): 0.
// First's best response: J folds (-1; a push -3/2, a call -2), Q pushes (+2/2 + 0 = 1; a call 0), K
// pushes or calls (2/2 + 5/2 = 7/2): (-1 + 1 + 7/2) / 3 = 7/6.
// Second's: half of the time +1; else J folds (-2), Q calls (0), K calls (5), 1 on average: 1.
TEST(NashConv, PushOrFoldByHand) {
  GameDefinition game = ShippedGame("kuhn_2p");
  game.betting = BettingKind::kNoLimit;
  game.blind_chips = {1, 2};
  game.stack_chips = {5, 5};
  game.max_raises[0] = 255;
  const auto tree = PublicTree::Build(game, MenuOf({"allin"}, 1));
  ASSERT_TRUE(tree.ok()) << tree.status();
  const ExplicitModel model(KuhnRules(2), Detail::kCards);
  TabularPolicy policy(*tree, model.NumBuckets());
  for (uint32_t card = 1; card <= 3; ++card) {
    const absl::Span<double> root = policy.Row(0, card);
    ASSERT_EQ(root.size(), 3);
    root[0] = 0.5;
    root[1] = 0;
    root[2] = 0.5;
  }
  const NashConvResult result = Evaluate(*tree, model, policy);
  EXPECT_NEAR(result.values_chips[0], 0, 1e-12);
  EXPECT_NEAR(result.best_response_chips[0], 7.0 / 6, 1e-12);
  EXPECT_NEAR(result.best_response_chips[1], 1, 1e-12);
  EXPECT_NEAR(result.nash_conv_chips, 13.0 / 6, 1e-12);
}

// Every term and every board is told of, those too that are skipped since nobody plays to them.
TEST(NashConv, ProgressGrowsToTheWholeOnTheCallingThread) {
  const ExplicitRules rules = LeducRules(3);
  const PublicTree tree = TreeOf(rules);
  const ExplicitModel model(rules, Detail::kCards);
  const TabularPolicy always_first = TabularOf(tree, rules, [](const std::string&, int actions) {
    std::vector<double> p(actions, 0.0);
    p[0] = 1;
    return p;
  });
  const UniformPolicy uniform;
  for (const Policy* policy : std::initializer_list<const Policy*>{&uniform, &always_first}) {
    ThreadPool pool(3);
    std::vector<StageProgress> told;
    const std::thread::id caller = std::this_thread::get_id();
    NashConvOptions options;
    options.pool = &pool;
    options.part_terms_min = 1000;
    options.progress = [&](const StageProgress& progress) {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      if (!told.empty() && told.back().stage == progress.stage) {
        EXPECT_GE(progress.done, told.back().done);
      }
      told.push_back(progress);
    };
    ASSERT_TRUE(NashConv(tree, model, *policy, options).ok());
    std::map<std::string, StageProgress> last;
    for (const StageProgress& progress : told) last[progress.stage] = progress;
    ASSERT_EQ(last.size(), 2);
    // One board before the flop, and after it one for each of the eight cards.
    EXPECT_EQ(last["hands and boards"].total, 1 + 8);
    EXPECT_EQ(last["hands and boards"].done, 1 + 8);
    EXPECT_EQ(last["best responses"].total, static_cast<uint64_t>(CountLeafTerms(tree)));
    EXPECT_EQ(last["best responses"].done, last["best responses"].total);
  }
}

// Kuhn: three leaves after a check and a bet or a bet, two of which are showdowns, and one after
// two checks; 5 leaves, 3 hands of the opponent at each, 2 players.
TEST(NashConv, TermsAreLeavesTimesHandsTimesPlayers) {
  EXPECT_EQ(CountLeafTerms(TreeOf(KuhnRules(2))), 5 * 3 * 2);
}

TEST(NashConv, GamesTooLargeAreRefusedBeforeAnyWork) {
  GameDefinition game = ShippedGame("limit_2p");
  game.num_hole_cards = 3;
  const auto tree = PublicTree::Build(game, ActionMenu());
  ASSERT_TRUE(tree.ok()) << tree.status();
  const auto result = NashConv(*tree, ExplicitModel(KuhnRules(2), Detail::kCards), UniformPolicy());
  EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted) << result.status();
}

}  // namespace
}  // namespace nash
