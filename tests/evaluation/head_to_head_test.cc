#include "solver/evaluation/head_to_head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/evaluation/explicit_game.h"
#include "tests/evaluation/tree_and_cards.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr StreamName kStream = {.seed = 7, .round = 0, .unit = 0};

// Deals with the buckets of a hand model, times `scale`: numbers of its own for a contestant.
class ModelDeals : public DealSource {
 public:
  ModelDeals(const ExplicitRules& rules, uint32_t scale)
      : game_(GameOf(rules)), model_(rules, ExplicitModel::Detail::kCards), scale_(scale) {}

  uint32_t num_buckets(int street) const override { return model_.NumBuckets()[street] * scale_; }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override {
    CardBatch cards(game_.CardsPerDeal(), n);
    DrawCards(game_, name, first_deal, n, &cards);
    for (int d = 0; d < n; ++d) {
      for (int player = 0; player < 2; ++player) {
        std::vector<Card> hole;
        for (int h = 0; h < game_.num_hole_cards; ++h) {
          hole.push_back(cards.slot(player * game_.num_hole_cards + h)[d]);
        }
        std::sort(hole.begin(), hole.end());
        std::vector<Card> board;
        for (int street = 0; street < game_.num_streets; ++street) {
          while (board.size() < game_.BoardCardsOn(street)) {
            board.push_back(cards.slot(2 * game_.num_hole_cards + board.size())[d]);
          }
          out->buckets(street, player)[place + d] = model_.Bucket(street, hole, board) * scale_;
        }
        out->strengths(player)[place + d] = model_.Strength(hole, board);
      }
    }
  }

 private:
  const GameDefinition game_;
  const ExplicitModel model_;
  const uint32_t scale_;
};

// A policy for buckets that ModelDeals scaled. One that is none of its own is refused.
class ScaledPolicy : public Policy {
 public:
  ScaledPolicy(const Policy& policy, uint32_t scale) : policy_(policy), scale_(scale) {}
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override {
    ASSERT_EQ(bucket % scale_, 0) << "a bucket of the other contestant";
    policy_.Probabilities(node, bucket / scale_, probabilities);
  }

 private:
  const Policy& policy_;
  const uint32_t scale_;
};

// The position that acts after `betting`, in games for two where position 0 begins every street:
// a street ends when both have acted since its start or its last raise.
int ActorAfter(const std::string& betting) {
  int actor = 0;
  int acted = 0;
  for (char action : betting) {
    acted = action == 'r' ? 1 : acted + 1;
    actor = 1 - actor;
    if (acted == 2) actor = acted = 0;
  }
  return actor;
}

// Each position plays a policy of its own.
ExplicitPolicy Seated(const ExplicitPolicy& first, const ExplicitPolicy& second) {
  return [=](const std::string& key, int num_actions) {
    const std::string betting = key.substr(key.rfind('|') + 1);
    return (ActorAfter(betting) == 0 ? first : second)(key, num_actions);
  };
}

std::vector<DealChips> PlayAll(const ExplicitRules& rules, const ExplicitPolicy& a,
                               const ExplicitPolicy& b, LuckOfBoard luck = LuckOfBoard::kLeft) {
  const PublicTree tree = TreeOf(rules);
  const TabularPolicy policy_a = TabularOf(tree, rules, a);
  const TabularPolicy policy_b = TabularOf(tree, rules, b);
  constexpr uint32_t kScale = 3;
  const ScaledPolicy scaled_b(policy_b, kScale);
  const ModelDeals deals_a(rules, 1);
  const ModelDeals deals_b(rules, kScale);
  std::vector<DealChips> chips(CountEnumeratedDeals(tree.game()));
  PlayDeals(tree, {{{&policy_a, &deals_a}, {&scaled_b, &deals_b}}}, kStream, 0, luck,
            absl::MakeSpan(chips));
  return chips;
}

DealMean MeanOf(const std::vector<DealChips>& deals) {
  DealMean mean;
  for (const DealChips& chips : deals) mean.Add(chips);
  return mean;
}

ExplicitPolicy Uniform() {
  return [](const std::string&, int num_actions) {
    return std::vector<double>(num_actions, 1.0 / num_actions);
  };
}

// Kuhn 1950; tests/evaluation/nash_conv_test.cc spells it out. alpha in [0, 1/3].
ExplicitPolicy KuhnEquilibrium(double alpha) {
  return [alpha](const std::string& key, int) -> std::vector<double> {
    const int card = key[0] - '0';
    const std::string betting = key.substr(key.rfind('|') + 1);
    const double bets[] = {alpha, 0, 3 * alpha};
    const double calls_after_check[] = {0, alpha + 1.0 / 3, 1};
    const double bets_after_check[] = {1.0 / 3, 0, 1};
    const double calls[] = {0, 1.0 / 3, 1};
    const double p = betting.empty()   ? bets[card]
                     : betting == "cr" ? calls_after_check[card]
                     : betting == "c"  ? bets_after_check[card]
                                       : calls[card];
    return {1 - p, p};
  };
}

TEST(HeadToHead, IsWorthWhatExplicitHistoriesSay) {
  const std::vector<ExplicitRules> games = {KuhnRules(2), LeducRules(2), LongRules()};
  for (const ExplicitRules& rules : games) {
    const ExplicitGame slow(rules);
    for (uint64_t seed : {1, 2, 3}) {
      SCOPED_TRACE(seed);
      const ExplicitPolicy a = RandomPolicy(seed);
      const ExplicitPolicy b = RandomPolicy(seed + 100);
      const DealMean mean = MeanOf(PlayAll(rules, a, b));
      const double first = slow.Values(Seated(a, b))[0];
      const double second = slow.Values(Seated(b, a))[1];
      EXPECT_NEAR(mean.chips_in(0), first, 1e-12);
      EXPECT_NEAR(mean.chips_in(1), second, 1e-12);
      EXPECT_NEAR(mean.chips(), (first + second) / 2, 1e-12);
    }
  }
}

// Bet or fold by cards J Q K, with all six deals at 1/6 each, against a player who picks every
// action with 1/2.
// In position 0 with alpha = 0 the equilibrium checks everything. A check that is checked back
// shows down at 1, which evens out over all cards. After a bet J folds (-1), Q calls with 1/3, K
// calls. J: -1 from folding half of the time, -1 from showing down the other half: -1. K: 1 and 2:
// 3/2. Q: 0 when checked back; to a bet -2/3 by folding, and its calls at 2 even out against J and
// K: -1/3. Together (-1 + 3/2 - 1/3) / 3 = 1/18.
// In position 1. After a check (1/2): J bets with 1/3: the bluff is called half of the time (-2)
// and wins 1 otherwise: -1/2; it checks: -1: -5/6. Q checks: 0. K bets: 1/2 + 2/2 = 3/2. After a
// bet (1/2): J folds: -1. Q calls with 1/3: evens out; folds: -2/3. K calls: 2. Together
// ((-5/6 + 3/2) + (-1 - 2/3 + 2)) / 2 / 3 = (2/3 + 1/3) / 6 = 1/6.
TEST(HeadToHead, AnEquilibriumOfKuhnBeatsUniformPlayByANinthOfAChip) {
  const DealMean mean = MeanOf(PlayAll(KuhnRules(2), KuhnEquilibrium(0), Uniform()));
  EXPECT_EQ(mean.deals(), 6);
  EXPECT_NEAR(mean.chips_in(0), 1.0 / 18, 1e-12);
  EXPECT_NEAR(mean.chips_in(1), 1.0 / 6, 1e-12);
  EXPECT_NEAR(mean.chips(), 1.0 / 9, 1e-12);
}

// Kuhn with antes of 3 and 1 beside the blinds: in position 0 a contestant risks two chips more
// than in position 1, and both are seated in both.
TEST(HeadToHead, AntesThatDifferCountInTheirSeatAndCancelOverBoth) {
  ExplicitRules rules = KuhnRules(2);
  rules.antes = {3, 1};
  const ExplicitGame slow(rules);
  const DealMean mean = MeanOf(PlayAll(rules, RandomPolicy(8), RandomPolicy(9)));
  const double first = slow.Values(Seated(RandomPolicy(8), RandomPolicy(9)))[0];
  const double second = slow.Values(Seated(RandomPolicy(9), RandomPolicy(8)))[1];
  EXPECT_NEAR(mean.chips_in(0), first, 1e-12);
  EXPECT_NEAR(mean.chips_in(1), second, 1e-12);
  for (const DealChips& chips : PlayAll(rules, RandomPolicy(4), RandomPolicy(4))) {
    EXPECT_EQ(chips[0] + chips[1], 0);
  }
}

TEST(HeadToHead, EquilibriaOfKuhnWinNothingFromEachOther) {
  const DealMean mean =
      MeanOf(PlayAll(KuhnRules(2), KuhnEquilibrium(0.1), KuhnEquilibrium(1.0 / 3)));
  EXPECT_NEAR(mean.chips_in(0), -1.0 / 18, 1e-12);  // the game's value
  EXPECT_NEAR(mean.chips_in(1), 1.0 / 18, 1e-12);
}

TEST(HeadToHead, AStrategyWinsExactlyNothingFromItselfInEveryDeal) {
  for (const LuckOfBoard luck : {LuckOfBoard::kLeft, LuckOfBoard::kTakenOff}) {
    for (const DealChips& chips : PlayAll(LeducRules(2), RandomPolicy(4), RandomPolicy(4), luck)) {
      EXPECT_EQ(chips[0] + chips[1], 0);
    }
  }
}

TEST(HeadToHead, WithoutTheLuckOfTheBoardMeansAreTheSameAndDealsDifferLess) {
  for (const uint64_t seed : {5, 7, 9}) {
    const auto play = [&](LuckOfBoard luck) {
      return PlayAll(LeducRules(2), RandomPolicy(seed), RandomPolicy(seed + 1), luck);
    };
    const std::vector<DealChips> plain = play(LuckOfBoard::kLeft);
    const std::vector<DealChips> luckless = play(LuckOfBoard::kTakenOff);
    for (const int position : {0, 1}) {
      const double mean = MeanOf(plain).chips_in(position);
      EXPECT_NEAR(MeanOf(luckless).chips_in(position), mean, 1e-12);
      const auto spread = [&](const std::vector<DealChips>& deals) {
        double squares = 0;
        for (const DealChips& chips : deals) squares += std::pow(chips[position] - mean, 2);
        return squares;
      };
      EXPECT_LT(spread(luckless), 0.8 * spread(plain));
    }
  }
}

TEST(HeadToHead, ADealIsWorthTheSameHoweverDealsAreGrouped) {
  const ExplicitRules rules = LeducRules(2);
  const PublicTree tree = TreeOf(rules);
  const TabularPolicy a = TabularOf(tree, rules, RandomPolicy(5));
  const TabularPolicy b = TabularOf(tree, rules, RandomPolicy(6));
  const ModelDeals deals(rules, 1);
  const std::vector<DealChips> whole = PlayAll(rules, RandomPolicy(5), RandomPolicy(6));
  for (size_t first = 0; first < whole.size(); first += 7) {
    std::vector<DealChips> part(std::min<size_t>(7, whole.size() - first));
    PlayDeals(tree, {{{&a, &deals}, {&b, &deals}}}, kStream, first, LuckOfBoard::kLeft,
              absl::MakeSpan(part));
    for (size_t i = 0; i < part.size(); ++i) EXPECT_EQ(part[i], whole[first + i]) << first + i;
  }
}

TEST(HeadToHead, OnlySmallGamesAreEnumerated) {
  EXPECT_EQ(CountEnumeratedDeals(ShippedGame("kuhn_2p")), 6);
  EXPECT_EQ(CountEnumeratedDeals(ShippedGame("leduc_2p")), 120);  // 6 * 5 * 4
  EXPECT_EQ(CountEnumeratedDeals(ShippedGame("nolimit_2p")), 0);
}

TEST(HeadToHead, OtherRulesAndOtherBetsAreRefused) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  const PublicTree tree = *PublicTree::Build(game, MenuOf({"pot", "allin"}, 2));
  EXPECT_TRUE(CheckSameBetting(tree, *PublicTree::Build(game, MenuOf({"pot", "allin"}, 2))).ok());
  const absl::Status bets =
      CheckSameBetting(tree, *PublicTree::Build(game, MenuOf({"0.5pot", "allin"}, 2)));
  EXPECT_EQ(bets.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(bets.message().find("r300"), absl::string_view::npos) << bets;
  const absl::Status rules = CheckSameBetting(
      tree, *PublicTree::Build(ShippedGame("nolimit_2p_100bb"), MenuOf({"pot", "allin"}, 2)));
  EXPECT_EQ(rules.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(rules.message().find("rules"), absl::string_view::npos) << rules;
}

// Of -1, 0 and 4: mean 1, variance (4 + 1 + 9) / 2 = 7, half width 1.96 * sqrt(7 / 3).
TEST(DealMean, HasTheIntervalOfTheDealsMeans) {
  const DealMean mean = MeanOf({{-3, 1}, {5, -5}, {8, 0}});
  EXPECT_EQ(mean.deals(), 3);
  EXPECT_NEAR(mean.chips(), 1, 1e-12);
  EXPECT_NEAR(mean.chips_in(0), 10.0 / 3, 1e-12);
  EXPECT_NEAR(mean.chips_in(1), -4.0 / 3, 1e-12);
  EXPECT_NEAR(mean.half_width_chips(), 1.96 * std::sqrt(7.0 / 3), 1e-12);
}

}  // namespace
}  // namespace nash
