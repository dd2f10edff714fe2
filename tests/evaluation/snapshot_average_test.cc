#include "solver/evaluation/snapshot_average.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// Leduc with 3 and 9 buckets; sums for the first street only.
class SnapshotAverageTest : public testing::Test {
 protected:
  SnapshotAverageTest()
      : tree_(*PublicTree::Build(ShippedGame("leduc_2p"), ActionMenu())),
        layout_(*TableLayout::Make(tree_, {3, 9}, AverageStreets::kFirst)),
        average_(*SnapshotAverage::Make(layout_)),
        flop_(*tree_.FindNode("cc/")) {}

  // A node's values with one row set.
  std::vector<int32_t> Values(NodeIndex node, uint32_t bucket, const std::vector<int32_t>& row) {
    std::vector<int32_t> values(layout_.ValuesOf(node));
    std::copy(row.begin(), row.end(), values.begin() + bucket * layout_.ValuesPerRow(node));
    return values;
  }
  std::vector<double> At(NodeIndex node, uint32_t bucket) const {
    std::vector<double> probabilities(2);  // the root and the flop's first decision: check, bet
    average_.Probabilities(node, bucket, absl::MakeSpan(probabilities));
    return probabilities;
  }
  using Row = std::vector<double>;

  const PublicTree tree_;
  const TableLayout layout_;
  SnapshotAverage average_;
  const NodeIndex flop_;
};

TEST_F(SnapshotAverageTest, IsUniformUntilFilled) {
  EXPECT_EQ(At(0, 2), Row({0.5, 0.5}));
  EXPECT_EQ(At(flop_, 8), Row({0.5, 0.5}));
}

TEST_F(SnapshotAverageTest, NormalisesTheSumsOfTheFirstStreet) {
  average_.SetSums(0, Values(0, 1, {5, -7, 1, 3}));  // regrets, then sums
  EXPECT_EQ(At(0, 1), Row({0.25, 0.75}));
  EXPECT_EQ(At(0, 2), Row({0.5, 0.5}));
}

TEST_F(SnapshotAverageTest, IsTheMeanOfCurrentStrategies) {
  average_.AddStrategy(flop_, Values(flop_, 7, {30, 10}));  // 3/4 1/4
  average_.AddStrategy(flop_, Values(flop_, 7, {-9, 4}));   // 0 1
  EXPECT_EQ(At(flop_, 7), Row({0.375, 0.625}));
}

// Large regrets weigh no more than small ones.
TEST_F(SnapshotAverageTest, EverySnapshotCountsAlike) {
  average_.AddStrategy(flop_, Values(flop_, 0, {1 << 30, 0}));
  average_.AddStrategy(flop_, Values(flop_, 0, {0, 1}));
  EXPECT_EQ(At(flop_, 0), Row({0.5, 0.5}));
}

TEST_F(SnapshotAverageTest, ARowThatASnapshotHasNotReachedIsUniformInIt) {
  average_.AddStrategy(flop_, Values(flop_, 0, {0, 0}));
  average_.AddStrategy(flop_, Values(flop_, 0, {-3, -1}));
  average_.AddStrategy(flop_, Values(flop_, 0, {8, 0}));
  average_.AddStrategy(flop_, Values(flop_, 0, {8, 0}));
  EXPECT_EQ(At(flop_, 0), Row({0.75, 0.25}));  // (1/2 + 1/2 + 1 + 1) / 4
}

TEST_F(SnapshotAverageTest, IsRefusedWhereMemoryIsShort) {
  // More than 100 GB, and within what a layout may have.
  const auto layout = TableLayout::Make(tree_, {3, 260'000'000}, AverageStreets::kFirst);
  ASSERT_TRUE(layout.ok()) << layout.status();
  if (layout->table_bytes() / 2 < AvailableMemoryBytes()) GTEST_SKIP() << "there is enough";
  const absl::Status status = SnapshotAverage::Make(*layout).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("average over snapshots"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace nash
