// The length of a unit against pencil and paper: where messages take time and rows nothing, a round
// is its units and two latencies.
#include "tools/planning/unit_length.h"

#include <gtest/gtest.h>

#include "tests/tools/leduc_training.h"

namespace nash {
namespace {

constexpr double kInfinite = 1e15;

RunDefinition OfUnits(uint32_t units, uint64_t iterations) {
  RunDefinition definition = LoadRunDefinition("configs/leduc.yaml").value();
  definition.round = {.units = units, .batches = 1, .deals = 100};
  definition.batches_are_auto = true;
  definition.algorithm = {.variant = Variant::kVanilla};
  definition.iterations = iterations;
  return definition;
}

// A batch takes a millisecond, a round's end ten.
Calibration Calibrated() {
  Calibration calibration;
  calibration.batch_seconds = 1e-3;
  calibration.round_seconds = 10e-3;
  calibration.batch_touches = 1000;
  calibration.batch_deals = 100;
  calibration.rows_touched = {{1e3, {10, 10}}, {2e3, {20, 20}}};
  return calibration;
}

ClusterCosts Costs(double latency_s) {
  ClusterCosts costs;
  costs.thread_efficiency = {{1, 1.0}};
  costs.rows_per_part = 1e9;
  costs.log_bytes_per_s = kInfinite;
  costs.latency_s = latency_s;
  return costs;
}

absl::StatusOr<UnitLength> LengthOf(const RunDefinition& definition, double latency_s) {
  const auto run = Loaded(definition);
  return UnitLengthOf(definition, PlanRun(*run, 1), Calibrated(), Costs(latency_s), kInfinite);
}

TEST(UnitLength, IsTheShortestOfWhichTheExchangeIsATenth) {
  // N milliseconds of N + 2 * 100: a tenth from N = 1800 on.
  const auto length = LengthOf(OfUnits(8, 1'000'000'000'000), 0.1);
  ASSERT_TRUE(length.ok()) << length.status();
  EXPECT_EQ(length->batches, 2048);
  EXPECT_NEAR(length->share, 2.048 / 2.248, 1e-3);
  EXPECT_NEAR(length->unit_seconds, 2.048, 1e-9);
  EXPECT_EQ(length->rounds, 1'000'000'000'000 / (8 * 2048 * 100));
  EXPECT_EQ(length->limit, "");
  // 36 of 36 + 2 * 2, in place of 1800 of 2000.
  EXPECT_EQ(LengthOf(OfUnits(8, 1'000'000'000), 0.002)->batches, 64);
}

TEST(UnitLength, OfOneProcessIsWhatItsRoundsEndsAreAFiftiethOf) {
  // N milliseconds of N + 10: 98% from N = 490 on. Latency is nothing to one process.
  const auto length = LengthOf(OfUnits(1, 1'000'000'000), 10);
  ASSERT_TRUE(length.ok()) << length.status();
  EXPECT_EQ(length->batches, 512);
  EXPECT_NEAR(length->share, 512.0 / 522, 1e-9);
}

TEST(UnitLength, LeavesARunItsRounds) {
  // 8 * 100 deals a batch: 256 rounds of 4 batches, and not of 8.
  const auto length = LengthOf(OfUnits(8, 8 * 100 * 4 * kRoundsMin), 0.1);
  ASSERT_TRUE(length.ok()) << length.status();
  EXPECT_EQ(length->batches, 4);
  EXPECT_EQ(length->rounds, kRoundsMin);
  EXPECT_EQ(length->limit, "twice as long would leave less than 256 rounds");
}

TEST(UnitLength, IsOneThatDiscountsFallOn) {
  RunDefinition definition = OfUnits(8, 1'000'000'000);
  definition.algorithm.variant = Variant::kLinear;
  definition.algorithm.discount_every_iterations = 8 * 100 * 24;  // 24 = 8 * 3
  const auto length = LengthOf(definition, 0.1);
  ASSERT_TRUE(length.ok()) << length.status();
  EXPECT_EQ(length->batches, 8);
  EXPECT_NE(length->limit.find("multiple of the round's 12800 deals"), std::string::npos)
      << length->limit;
}

TEST(UnitLength, ThatIsChosenIsADefinitionLikeAnyOther) {
  const RunDefinition open = OfUnits(8, 1'000'000);
  RunDefinition by_hand = open;
  by_hand.batches_are_auto = false;
  by_hand.round.batches = 16;
  const auto chosen = WithBatches(open, 16);
  ASSERT_TRUE(chosen.ok()) << chosen.status();
  EXPECT_EQ(CanonicalText(*chosen), CanonicalText(by_hand));
  EXPECT_NE(Fingerprint(open), Fingerprint(*WithBatches(open, 1)));
  EXPECT_EQ(ParseRunDefinition(CanonicalText(open), "open")->batches_are_auto, true);
}

}  // namespace
}  // namespace nash
