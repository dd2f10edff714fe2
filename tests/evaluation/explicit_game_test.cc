// The reference itself, against published facts.
#include "tests/evaluation/explicit_game.h"

#include <gtest/gtest.h>

#include "solver/evaluation/nash_conv.h"
#include "tests/evaluation/tree_and_cards.h"

namespace nash {
namespace {

NashConvResult Evaluate(const ExplicitRules& rules, const ExplicitPolicy& policy) {
  const PublicTree tree = TreeOf(rules);
  const ExplicitModel model(rules, ExplicitModel::Detail::kCards);
  const auto result = NashConv(tree, model, TabularOf(tree, rules, policy));
  EXPECT_TRUE(result.ok()) << result.status();
  return *result;
}

TEST(ExplicitGame, HasThePublishedNumberOfInfosets) {
  EXPECT_EQ(ExplicitGame(KuhnRules(2)).Keys().size(), 12);
  EXPECT_EQ(ExplicitGame(KuhnRules(3)).Keys().size(), 48);
  EXPECT_EQ(ExplicitGame(LeducRules(2)).Keys().size(), 936);
}

TEST(ExplicitGame, CfrSolvesKuhn) {
  const ExplicitGame game(KuhnRules(2));
  const NashConvResult result = Evaluate(KuhnRules(2), game.SolveByCfr(5000));
  EXPECT_LT(result.nash_conv_chips, 0.01);
  EXPECT_NEAR(result.values_chips[0], -1.0 / 18, 0.002);
}

TEST(ExplicitGame, CfrSolvesLeduc) {
  const ExplicitGame game(LeducRules(2));
  const NashConvResult result = Evaluate(LeducRules(2), game.SolveByCfr(5000));
  EXPECT_LT(result.nash_conv_chips, 0.04);
  // In a zero-sum game the value lies within the gap of the equilibrium's.
  EXPECT_NEAR(result.values_chips[0], -0.08561, result.nash_conv_chips);
  EXPECT_NEAR(result.values_chips[0], -0.08561, 0.01);
}

}  // namespace
}  // namespace nash
