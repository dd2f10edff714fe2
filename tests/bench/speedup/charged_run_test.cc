// What is charged against pencil and paper, and what is trained against Trainer.
#include "tests/bench/speedup/charged_run.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "solver/run/run_definition.h"
#include "tests/bench/speedup/learning_curve.h"
#include "tests/cfr/table_values.h"

namespace nash {
namespace {

constexpr double kInfinite = 1e15;

// Nothing costs anything but touches.
ChargeOptions Free() {
  ChargeOptions options;
  options.costs.touches_per_core_s = 1e6;
  options.costs.thread_efficiency = {{1, 1.0}};
  options.costs.log_bytes_per_s = kInfinite;
  options.is_measured = false;
  options.gbit_per_s = kInfinite;
  options.merge_threads = 1;
  return options;
}

class ChargedRunTest : public testing::Test {
 protected:
  static std::unique_ptr<LoadedRun> Load(uint32_t units) {
    RunDefinition definition = *LoadRunDefinition("configs/leduc.yaml");
    definition.round = {units, 1, 30};
    definition.algorithm.discount_every_iterations = 3 * 4 * 30 * 8;
    return *LoadedRun::Make(definition, {});
  }
  static std::vector<int32_t> Trained(const LoadedRun& run, const RoundShape& shape,
                                      uint64_t rounds) {
    Table table = *Table::Make(run.layout());
    ThreadPool pool(1);
    const BucketDealSource deals(run.definition().game, run.abstraction());
    const auto trainer = *Trainer::Make(
        {run.definition().algorithm, shape, run.definition().seed, &table, &deals, &pool}, {});
    while (trainer->progress().rounds < rounds) trainer->RunRound(nullptr);
    return ValuesOf(table);
  }
};

TEST_F(ChargedRunTest, TrainsAsTheTrainerDoes) {
  for (const uint32_t units : {1, 3}) {
    const auto run = Load(units);
    const auto charged = *ChargedRun::Make(*run, {Stage{.batches = 4}});
    ASSERT_TRUE(charged->TrainTo(5 * units * 4 * 30).ok());
    ASSERT_TRUE(charged->TrainTo(6 * units * 4 * 30 - 7).ok());  // whole rounds
    EXPECT_EQ(ValuesOf(charged->table()), Trained(*run, {units, 4, 30}, 6)) << units;
    EXPECT_EQ(charged->points().size(), 2);
  }
}

TEST_F(ChargedRunTest, OneWorkerIsChargedItsTouches) {
  const auto run = Load(1);
  const auto charged = *ChargedRun::Make(*run, {Stage{.batches = 4}});
  ASSERT_TRUE(charged->TrainTo(1200).ok());
  ChargeOptions options = Free();
  options.costs.latency_s = 1;  // it sends nothing
  EXPECT_NEAR(charged->Seconds(options)[0], charged->costs().touches * 1e-6, 1e-9);
}

TEST_F(ChargedRunTest, WorkersAreChargedTouchesRowsAndWaysOfTheirRounds) {
  constexpr int kUnits = 3;
  const auto run = Load(kUnits);
  const auto charged = *ChargedRun::Make(*run, {Stage{.batches = 4}});
  ASSERT_TRUE(charged->TrainTo(2 * kUnits * 4 * 30).ok());
  ASSERT_TRUE(charged->TrainTo(7 * kUnits * 4 * 30).ok());
  const UnitCosts& all = charged->costs();
  ASSERT_EQ(all.rounds, 7);
  ASSERT_GT(all.merged_rows, 0);
  const double touches_s = static_cast<double>(all.touches) / kUnits * 1e-6;
  EXPECT_NEAR(charged->Seconds(Free())[1], touches_s, 1e-9);
  {
    ChargeOptions options = Free();
    options.costs.latency_s = 0.5;  // up and down in each round
    EXPECT_NEAR(charged->Seconds(options)[1], touches_s + 7 * 2 * 0.5, 1e-9);
  }
  {
    ChargeOptions options = Free();
    options.costs.finish_ns = 1e6;  // a millisecond for each merged row, on the coordinator
    EXPECT_NEAR(charged->Seconds(options)[1],
                touches_s + 1e-3 * static_cast<double>(all.merged_rows), 1e-6);
  }
  {
    ChargeOptions options = Free();
    options.costs.seal_ns = 1e6;  // the same for each row of a unit; units side by side
    EXPECT_NEAR(charged->Seconds(options)[1],
                touches_s + 1e-3 * static_cast<double>(all.rows) / kUnits, 1e-6);
  }
  {
    // A slow link: the second way alone carries every merged part to three workers.
    ChargeOptions options = Free();
    options.gbit_per_s = 8e-6;  // 1,000 bytes a second
    const double down = 1e-3 * static_cast<double>(all.merged_regret_bytes) * kUnits;
    EXPECT_GT(charged->Seconds(options)[1], down);
    const double up = 1e-3 * static_cast<double>(all.encoded_bytes);
    EXPECT_LT(charged->Seconds(options)[1], touches_s + (up + down) * 1.5);
  }
}

TEST_F(ChargedRunTest, MeasuredTimesAreSharedOutAmongRows) {
  UnitCosts costs;
  costs.units = 4;
  costs.rounds = 2;
  costs.touches = 4000;
  costs.rows = 400;
  costs.parts = 8;
  costs.merged_rows = 300;
  costs.encoded_bytes = 2000;
  costs.merged_regret_bytes = 900;
  costs.merged_bytes = 1800;
  costs.traverse_s = 0.004;
  costs.seal_s = 400e-6;
  costs.decode_s = 40e-6;
  costs.merge_s = 190e-6;
  costs.follow_s = 75e-6;
  ChargeOptions options = Free();
  options.is_measured = true;
  const ClusterCosts charged = CostsOf(options, costs, costs, 1000);
  EXPECT_DOUBLE_EQ(charged.touches_per_core_s, 1e6);
  EXPECT_DOUBLE_EQ(charged.RowsOf(0, 1000), 100);  // of a unit
  EXPECT_DOUBLE_EQ(charged.RowsOf(0, 2000), 150);  // of a round
  EXPECT_DOUBLE_EQ(charged.rows_per_part, 50);
  EXPECT_DOUBLE_EQ(charged.bytes_up_per_row, 5);
  EXPECT_DOUBLE_EQ(charged.bytes_down_per_row, 3);
  EXPECT_DOUBLE_EQ(charged.bytes_log_per_row, 6);
  EXPECT_NEAR(charged.seal_ns, 1000, 1e-6);
  EXPECT_NEAR(charged.decode_ns, 100, 1e-6);
  EXPECT_NEAR(charged.finish_ns, 500, 1e-6);  // 150 us for 300 rows: all but decoding
  EXPECT_NEAR(charged.apply_ns, 150, 1e-6);   // 250 in all, 100 of them decoding
}

TEST_F(ChargedRunTest, StagesFollowEachOtherAtWholeRounds) {
  const auto run = Load(2);
  const auto charged =
      *ChargedRun::Make(*run, {Stage{.rounds = 4, .batches = 1}, Stage{.batches = 4}});
  ASSERT_TRUE(charged->TrainTo(10 * 2 * 30).ok());  // stops where the first ends
  EXPECT_EQ(charged->iterations(), 4 * 2 * 30);
  ASSERT_TRUE(charged->TrainTo(10 * 2 * 30).ok());  // two rounds of four times as many
  EXPECT_EQ(charged->iterations(), 12 * 2 * 30);
  EXPECT_EQ(charged->points().back().rounds, 6);

  const auto torn =
      *ChargedRun::Make(*run, {Stage{.rounds = 3, .batches = 1}, Stage{.batches = 4}});
  EXPECT_TRUE(absl::IsInvalidArgument(torn->TrainTo(10 * 2 * 30)));
}

TEST(LearningCurve, IsAPowerOfTimeBetweenPoints) {
  const std::vector<LearningPoint> curve = {{1, 8}, {4, 4}, {16, 4.5}, {64, 1}};
  EXPECT_DOUBLE_EQ(*AmountToReach(curve, 8), 1);
  EXPECT_NEAR(*AmountToReach(curve, 5.656854249492381), 2, 1e-9);  // halfway of a square root
  EXPECT_DOUBLE_EQ(*AmountToReach(curve, 4), 4);                   // the first time
  EXPECT_FALSE(AmountToReach(curve, 9).has_value());
  EXPECT_FALSE(AmountToReach(curve, 0.5).has_value());
}

}  // namespace
}  // namespace nash
