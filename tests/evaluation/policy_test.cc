#include "solver/evaluation/policy.h"

#include <glog/logging.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// Kuhn with three buckets; the root checks or bets.
class PolicyTest : public testing::Test {
 protected:
  PolicyTest()
      : tree_(*PublicTree::Build(ShippedGame("kuhn_2p"), ActionMenu())),
        layout_(*TableLayout::Make(tree_, {3}, AverageStreets::kAll)),
        table_(*Table::Make(layout_)) {}

  void SetRow(uint32_t bucket, const std::vector<int32_t>& values) {
    std::copy(values.begin(), values.end(), table_.Row(0, bucket));
  }
  static std::vector<double> At(const Policy& policy, uint32_t bucket) {
    std::vector<double> probabilities(2);
    policy.Probabilities(0, bucket, absl::MakeSpan(probabilities));
    return probabilities;
  }
  using Row = std::vector<double>;

  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
};

TEST_F(PolicyTest, AverageStrategyNormalisesSums) {
  SetRow(1, {5, -7, 1, 3});  // regrets, then sums
  EXPECT_EQ(At(AverageStrategy(table_), 1), Row({0.25, 0.75}));
}

TEST_F(PolicyTest, AverageStrategyIsUniformWhereNothingWasSummed) {
  SetRow(1, {5, -7, 0, 0});
  EXPECT_EQ(At(AverageStrategy(table_), 1), Row({0.5, 0.5}));
}

TEST_F(PolicyTest, AverageStrategyDoesNotOverflowAtTheLimit) {
  SetRow(2, {0, 0, kSumLimit, kSumLimit});
  EXPECT_EQ(At(AverageStrategy(table_), 2), Row({0.5, 0.5}));
}

TEST_F(PolicyTest, ARowWithoutSumsOrRegretsIsNotLearned) {
  SetRow(1, {5, -7, 0, 0});
  SetRow(2, {0, 0, 0, 3});
  for (const uint32_t bucket : {0, 1, 2}) {
    EXPECT_EQ(AverageStrategy(table_).IsLearned(0, bucket), bucket == 2);
    EXPECT_EQ(CurrentStrategy(table_).IsLearned(0, bucket), bucket == 1);
  }
}

TEST_F(PolicyTest, CurrentStrategyIsRegretMatching) {
  SetRow(0, {5, -7, 1, 3});
  SetRow(1, {30, 10, 0, 0});
  SetRow(2, {-1, -2, 1, 3});
  EXPECT_EQ(At(CurrentStrategy(table_), 0), Row({1, 0}));
  EXPECT_EQ(At(CurrentStrategy(table_), 1), Row({0.75, 0.25}));
  EXPECT_EQ(At(CurrentStrategy(table_), 2), Row({0.5, 0.5}));
}

TEST_F(PolicyTest, TabularPolicyIsUniformUntilSet) {
  TabularPolicy policy(tree_, {3});
  policy.Row(0, 2)[0] = 0.1;
  policy.Row(0, 2)[1] = 0.9;
  EXPECT_EQ(At(policy, 1), Row({0.5, 0.5}));
  EXPECT_EQ(At(policy, 2), Row({0.1, 0.9}));
}

}  // namespace
}  // namespace nash
