// What the benchmark measures is what Trainer does.
#include "tests/bench/converge/measured_rounds.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/run/run_definition.h"
#include "tests/cfr/table_values.h"
#include "tools/stored/loaded_run.h"

namespace nash {
namespace {

class MeasuredRoundsTest : public testing::Test {
 protected:
  TrainingSetup Setup(const RoundShape& shape, Table* table) {
    CfrOptions options;
    options.variant = Variant::kLinear;
    options.discount_every_iterations = 4 * shape.DealsPerRound();
    return {options, shape, 42, table, &deals_, &pool_};
  }
  // All values of a table after some rounds.
  std::vector<int32_t> Measured(const RoundShape& shape, int num_rounds, UnitCosts* costs) {
    Table table = *Table::Make(layout_);
    auto rounds = *MeasuredRounds::Make(Setup(shape, &table), {});
    for (int i = 0; i < num_rounds; ++i) *costs += rounds->RunRound();
    EXPECT_EQ(rounds->iterations(), num_rounds * shape.DealsPerRound());
    return ValuesOf(table);
  }
  std::vector<int32_t> Trained(const RoundShape& shape, int num_rounds) {
    Table table = *Table::Make(layout_);
    auto trainer = *Trainer::Make(Setup(shape, &table), {});
    for (int i = 0; i < num_rounds; ++i) trainer->RunRound(nullptr);
    return ValuesOf(table);
  }
  Table TableOf(const std::vector<int32_t>& values) const {
    Table table = *Table::Make(layout_);
    size_t begin = 0;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      table.CopyIn(node, absl::MakeSpan(values).subspan(begin, layout_.ValuesOf(node)));
      begin += layout_.ValuesOf(node);
    }
    return table;
  }

  const std::unique_ptr<LoadedRun> run_ =
      *LoadedRun::Make(*LoadRunDefinition("configs/leduc.yaml"), {});
  const TableLayout& layout_ = run_->layout();
  const BucketDealSource deals_{run_->definition().game, run_->abstraction()};
  ThreadPool pool_{1};
};

TEST_F(MeasuredRoundsTest, EndWithTheTableOfTheTrainer) {
  UnitCosts costs;
  for (const RoundShape& shape : {RoundShape{1, 4, 64}, RoundShape{3, 2, 64},
                                  RoundShape{3, 2, 64, 4}, RoundShape{4, 2, 64, 1, 2}}) {
    EXPECT_EQ(Measured(shape, 6, &costs), Trained(shape, 6))
        << shape.units << " units, meeting every " << shape.meet_every;
  }
}

TEST_F(MeasuredRoundsTest, WithoutAmplificationARoundIsTheSumOfItsUnits) {
  std::vector<int32_t> expected(layout_.num_values());
  const RoundShape shape = {3, 2, 64, 1, 1};
  for (uint64_t round = 0; round < 2; ++round) {
    const std::vector<int32_t> start = expected;
    for (uint32_t unit = 0; unit < 3; ++unit) {
      Table table = TableOf(start);
      UnitTraverser alone(Setup(shape, &table));
      ASSERT_TRUE(alone.Run({round, unit}, std::nullopt, {}, [] { return true; }).has_value());
      const std::vector<int32_t> values = ValuesOf(table);
      for (size_t i = 0; i < values.size(); ++i) expected[i] += values[i] - start[i];
    }
  }
  UnitCosts costs;
  EXPECT_EQ(Measured(shape, 2, &costs), expected);
  EXPECT_EQ(Trained(shape, 2), expected);
  // Two rounds: from a table of zeros, regret matching does not see a factor.
  EXPECT_NE(Measured({3, 2, 64}, 2, &costs), expected);
}

TEST_F(MeasuredRoundsTest, AReplicaFollowsAndARunIsTakenUpWhereItWasLeft) {
  const RoundShape shape = {3, 2, 64};
  Table table = *Table::Make(layout_), replica = *Table::Make(layout_);
  UnitCosts costs;
  for (uint64_t rounds : {0, 4}) {
    // Each round compares the hashes of both tables' regrets.
    auto measured =
        *MeasuredRounds::Make(Setup(shape, &table), {.start_round = rounds, .replica = &replica});
    while (measured->rounds() < rounds + 4) costs += measured->RunRound();
  }
  EXPECT_EQ(ValuesOf(table), Trained(shape, 8));
  EXPECT_EQ(costs.rounds, 8);
  // Units share rows, and no row is merged that none has sent.
  EXPECT_LE(costs.merged_rows, costs.rows);
  EXPECT_GE(3 * costs.merged_rows, costs.rows);
  EXPECT_GT(costs.merged_bytes, costs.merged_regret_bytes);
  EXPECT_GT(costs.merged_regret_bytes, costs.merged_rows);
  for (const double seconds :
       {costs.traverse_s, costs.seal_s, costs.decode_s, costs.merge_s, costs.follow_s}) {
    EXPECT_GT(seconds, 0);
  }
}

TEST_F(MeasuredRoundsTest, CostsOfADenseUnitAreThoseOfTheWholeTable) {
  UnitCosts costs;
  Measured({2, 2, 4096}, 1, &costs);
  EXPECT_EQ(costs.units, 2);
  // From the uniform strategy 4,096 deals reach every row.
  uint64_t table_bytes = 0;
  for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
    table_bytes += layout_.BlockBytes(node);
  }
  EXPECT_EQ(costs.undo_bytes, costs.units * table_bytes);
  EXPECT_GE(costs.undo_taken_bytes, costs.undo_bytes);
  EXPECT_EQ(costs.rows, costs.units * layout_.num_rows());
  EXPECT_EQ(costs.values, costs.units * layout_.num_values());
  EXPECT_GT(costs.encoded_bytes, costs.rows);  // a byte a row, at least
  EXPECT_GT(costs.touches, costs.rows);
}

}  // namespace
}  // namespace nash
