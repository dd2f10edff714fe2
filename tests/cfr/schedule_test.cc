#include "solver/cfr/schedule.h"

#include <gtest/gtest.h>

#include <vector>

namespace nash {
namespace {

RoundShape Shape(uint32_t batches, uint32_t deals) { return {1, batches, deals}; }

CfrOptions Discounted(Variant variant, uint64_t every) {
  CfrOptions options;
  options.variant = variant;
  options.discount_every_iterations = every;
  return options;
}

TEST(Schedule, VanillaOnlySweepsToHalveSums) {
  const CfrOptions options;
  const RoundShape shape = Shape(1, 1024);
  uint64_t sweeps = 0;
  for (uint64_t round = 0; round < 10240; ++round) {
    const RoundEnd end = EndOfRound(options, shape, round);
    sweeps += end.sweeps;
    EXPECT_EQ(end.positive, kOne);
    EXPECT_EQ(end.sums, kOne);
  }
  // A deal adds 256 at most and half of 2^29 may be added between sweeps: every 2^20 deals, that is
  // every 1024 rounds of 1024 deals.
  EXPECT_EQ(sweeps, 10u);
}

TEST(Schedule, LinearWeightsTheFirstPeriodsAsTheirNumbersSay) {
  const CfrOptions options = Discounted(Variant::kLinear, 100);
  // After 9 discounts t / (t + 1) the first period weighs 1/2 * 2/3 * ... * 9/10 = 1/10.
  double weight = 1;
  for (uint64_t round = 0; round < 9; ++round) {
    const RoundEnd end = EndOfRound(options, Shape(10, 10), round);
    EXPECT_TRUE(end.sweeps);
    EXPECT_EQ(end.positive, end.negative);
    EXPECT_EQ(end.positive, end.sums);
    weight *= static_cast<double>(end.positive) / kOne;
  }
  EXPECT_NEAR(weight, 0.1, 1e-8);
}

TEST(Schedule, DiscountsByTheThreeExponents) {
  CfrOptions options = Discounted(Variant::kDiscounted, 100);
  options.alpha = 1.5;
  options.beta = 0;
  options.gamma = 2;
  const RoundEnd end = EndOfRound(options, Shape(10, 10), 3);      // t = 4
  EXPECT_EQ(end.positive, static_cast<Fraction>(8.0 / 9 * kOne));  // 4^1.5 = 8
  EXPECT_EQ(end.negative, kOne / 2);                               // 4^0 = 1
  EXPECT_EQ(end.sums, static_cast<Fraction>(0.8 * 0.8 * kOne));    // (4/5)^2
}

TEST(Schedule, StopsWhenTold) {
  CfrOptions options = Discounted(Variant::kLinear, 100);
  options.discount_until_iterations = 200;
  EXPECT_TRUE(EndOfRound(options, Shape(10, 10), 1).sweeps);
  EXPECT_FALSE(EndOfRound(options, Shape(10, 10), 2).sweeps);
}

TEST(Schedule, ScalesTowardsZero) {
  EXPECT_EQ(Scale(7, kOne / 2), 3);
  EXPECT_EQ(Scale(-7, kOne / 2), -3);
  EXPECT_EQ(Scale(kRegretFloorMin, kOne), kRegretFloorMin);
  EXPECT_EQ(Scale(1 << 30, kOne - 1), (1 << 30) - 1);
}

class SweepTest : public testing::Test {
 protected:
  SweepTest()
      : tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/kuhn_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>{3}, AverageStreets::kAll)),
        table_(*Table::Make(layout_)) {}
  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
};

TEST_F(SweepTest, ClampsRegretsAndHalvesRowsOfLargeSums) {
  int32_t* row = table_.Row(0, 1);
  row[0] = kRegretCeiling + 5;
  row[1] = -1000;
  row[2] = kSumLimit + 2;
  row[3] = 9;
  SweepNode({.sweeps = true}, -600, 0, &table_);
  EXPECT_EQ(row[0], kRegretCeiling);
  EXPECT_EQ(row[1], -600);
  EXPECT_EQ(row[2], kSumLimit / 2 + 1);
  EXPECT_EQ(row[3], 4);
  SweepNode({.sweeps = true}, -600, 0, &table_);
  EXPECT_EQ(row[3], 4) << "a row is halved once";
}

TEST_F(SweepTest, DiscountsBySign) {
  int32_t* row = table_.Row(2, 0);
  row[0] = 100;
  row[1] = -100;
  row[2] = 100;
  SweepNode({.sweeps = true, .positive = kOne / 2, .negative = kOne / 4, .sums = kOne / 10},
            kRegretFloorMin, 2, &table_);
  EXPECT_EQ(row[0], 50);
  EXPECT_EQ(row[1], -25);
  EXPECT_EQ(row[2], 9);  // a tenth, rounded down in 2^-31 and towards zero
}

struct Refusal {
  const char* reason;
  const char* key;
  CfrOptions options;
  RoundShape shape;
};

TEST(Schedule, RefusesWhatCouldOverflowOrNeverHappens) {
  CfrOptions fine_quantum;
  fine_quantum.quantum_chips = 0.001;  // 1024 deals * 40,000 chips / 0.001 > 2^30
  CfrOptions odd_period = Discounted(Variant::kLinear, 150);
  CfrOptions odd_exponent = Discounted(Variant::kDiscounted, 100);
  odd_exponent.alpha = 1.3;
  CfrOptions useless_pruning;
  useless_pruning.quantum_chips = 1;
  useless_pruning.regret_floor_chips = -100;
  useless_pruning.pruning = {.enabled = true, .threshold_chips = -200};
  const Refusal kRefusals[] = {
      {"one batch could pass 32 bits", "quantum", fine_quantum, Shape(1, 1024)},
      {"sums could pass 32 bits before a sweep", "round", {}, Shape(1 << 20, 2)},
      {"a discount in the middle of a round", "discount.every", odd_period, Shape(10, 10)},
      {"an exponent that pow() would have to take", "0.5", odd_exponent, Shape(10, 10)},
      {"a threshold below the floor", "pruning.threshold", useless_pruning, Shape(10, 10)},
  };
  for (const Refusal& refusal : kRefusals) {
    const absl::Status status = CheckSchedule(refusal.options, refusal.shape, 20000);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << refusal.reason;
    EXPECT_NE(std::string(status.message()).find(refusal.key), std::string::npos)
        << refusal.reason << ": " << status.message();
  }
  CfrOptions coarse;
  coarse.quantum_chips = 1;
  EXPECT_TRUE(CheckSchedule(coarse, Shape(10, 1024), 20000).ok());
}

}  // namespace
}  // namespace nash
