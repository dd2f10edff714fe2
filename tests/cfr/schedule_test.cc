#include "solver/cfr/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "solver/cfr/sweep.h"

namespace nash {
namespace {

RoundShape Shape(uint32_t batches, uint32_t deals) { return {1, batches, deals}; }

CfrOptions Discounted(Variant variant, uint64_t every) {
  CfrOptions options;
  options.variant = variant;
  options.discount_every_iterations = every;
  return options;
}

// FirstHalving() = 2^30 / 256 = 2^22 iterations: 4096 rounds of 1024 deals.
TEST(Schedule, SumsAndTheirUnitAreHalvedAtPowersOfTwo) {
  const CfrOptions options;
  std::vector<uint64_t> halved_after;
  for (uint64_t round = 0; round < 20000; ++round) {
    const RoundEnd end = EndOfRound(options, {1, 1, 1024}, round);
    EXPECT_EQ(end.positive, kOne);
    EXPECT_EQ(end.negative, kOne);
    if (end.sweeps) {
      EXPECT_EQ(end.sums, kOne / 2);
      halved_after.push_back(round + 1);
    }
  }
  EXPECT_EQ(halved_after, (std::vector<uint64_t>{4096, 8192, 16384}));
  const RoundShape shape = {1, 1, 1024};
  EXPECT_EQ(SumUnitAt(Sampler::kExternal, shape, 0), 256);
  EXPECT_EQ(SumUnitAt(Sampler::kExternal, shape, (1 << 22) - 1), 256);
  EXPECT_EQ(SumUnitAt(Sampler::kExternal, shape, 1 << 22), 128);
  EXPECT_EQ(SumUnitAt(Sampler::kExternal, shape, uint64_t{1} << 32), 0.125f);
  EXPECT_EQ(SumUnitAt(Sampler::kOutcome, shape, 0), 4);
}

// A row that every deal visits with probability 1 is the fullest there can be.
TEST(Schedule, TheFullestSumNeverPassesTheLimit) {
  // Rounds of 2^16, 3 * 2^20 and, longer than FirstHalving(), 5 * 2^21 deals.
  for (const RoundShape& shape :
       {RoundShape{1, 64, 1024}, RoundShape{3, 1024, 1024}, RoundShape{5, 2048, 1024}}) {
    double sum = 0;
    for (uint64_t round = 0; round < 4000; ++round) {
      const uint64_t iterations = IterationsAfter(shape, round);
      const double added = SumUnitAt(Sampler::kExternal, shape, iterations) * shape.DealsPerRound();
      EXPECT_LE(added, kSumLimit);
      sum += added;
      ASSERT_LT(sum, 0x1p31);
      sum *= EndOfRound({}, shape, round).sums / static_cast<double>(kOne);
      // Each of the iterations so far has the same weight: the unit of now.
      const uint64_t after = IterationsAfter(shape, round + 1);
      ASSERT_EQ(sum, SumUnitAt(Sampler::kExternal, shape, after) * after);
      ASSERT_LE(sum, kSumLimit);
    }
  }
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

TEST(Schedule, ScalingRoundsDownOrUpByTheDither) {
  constexpr uint32_t kHighest = kOne - 1;
  struct Case {
    int32_t x;
    Fraction fraction;
    int32_t lowest, highest;  // with the lowest and the highest dither
  };
  const Case kCases[] = {
      {0, kOne / 2, 0, 0},                          // zero stays zero
      {7, kOne / 2, 3, 4},                          // 3.5
      {-7, kOne / 2, -4, -3},                       // -3.5
      {8, kOne / 2, 4, 4},                          // nothing to round
      {1 << 30, kOne - 1, (1 << 30) - 1, 1 << 30},  // half a unit less
      {kRegretFloorMin, kOne, kRegretFloorMin, kRegretFloorMin},
      {std::numeric_limits<int32_t>::max(), kOne, std::numeric_limits<int32_t>::max(),
       std::numeric_limits<int32_t>::max()},
      {std::numeric_limits<int32_t>::min(), kOne, std::numeric_limits<int32_t>::min(),
       std::numeric_limits<int32_t>::min()},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Scale(c.x, c.fraction, 0), c.lowest) << c.x;
    EXPECT_EQ(Scale(c.x, c.fraction, kHighest), c.highest) << c.x;
  }
}

// The mean over all dithers is exact: of x * fraction = n + r / 2^31, r of the 2^31 dithers round
// up. So the lowest dither that does is 2^31 - r.
TEST(Schedule, ScalingIsRightOnAverage) {
  for (const Fraction fraction : {kOne / 3, kOne / 2 + 1, kOne - kOne / 1000, kOne - 1}) {
    for (const int32_t x : {1, 2, 3, 999, -1, -2, -1000, 123456789}) {
      const int64_t product = int64_t{x} * fraction;
      const auto rest = static_cast<uint32_t>(((product % kOne) + kOne) % kOne);
      if (rest == 0) continue;
      const int32_t down = Scale(x, fraction, 0);
      EXPECT_EQ(Scale(x, fraction, kOne - rest - 1), down) << x << " * " << fraction;
      EXPECT_EQ(Scale(x, fraction, kOne - rest), down + 1) << x << " * " << fraction;
      EXPECT_EQ(int64_t{down} * kOne + rest, product);
    }
  }
}

class SweepTest : public testing::Test {
 protected:
  SweepTest()
      : tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/kuhn_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>{3}, AverageStreets::kAll)),
        table_(*Table::Make(layout_)) {}
  void Sweep(const RoundEnd& end, int32_t regret_floor, NodeIndex node, int32_t* row) {
    SweepRow(end, regret_floor, tree_.nodes()[node].num_actions, layout_.HasSums(node),
             {kOne / 2, kOne / 2}, row);
  }
  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
};

TEST_F(SweepTest, ClampsRegrets) {
  int32_t* row = table_.Row(0, 1);
  row[0] = kRegretCeiling + 5;
  row[1] = -1000;
  row[2] = 9;
  Sweep({.sweeps = true}, -600, 0, row);
  EXPECT_EQ(row[0], kRegretCeiling);
  EXPECT_EQ(row[1], -600);
  EXPECT_EQ(row[2], 9);
}

TEST_F(SweepTest, DiscountsBySign) {
  int32_t* row = table_.Row(2, 0);
  row[0] = 100;
  row[1] = -100;
  row[2] = 100;
  Sweep({.sweeps = true, .positive = kOne / 2, .negative = kOne / 4, .sums = kOne / 10},
        kRegretFloorMin, 2, row);
  EXPECT_EQ(row[0], 50);
  EXPECT_EQ(row[1], -25);
  EXPECT_EQ(row[2], 10);
}

// Linear discounts number 501 to 1,000 leave half of what there was, however small each step is:
// at most 0.2 of a value of 100. (Rounded towards zero each step would take a whole unit.)
TEST(Sweep, ManySmallDiscountsOfSmallValuesAddUpToTheRightFactor) {
  constexpr uint32_t kBuckets = 3000;
  const PublicTree tree = *PublicTree::Build(*LoadGameDefinition("configs/games/kuhn_2p.game"), {});
  const TableLayout layout =
      *TableLayout::Make(tree, std::vector<uint32_t>{kBuckets}, AverageStreets::kAll);
  Table table = *Table::Make(layout);
  ThreadPool pool(2);
  const TrainingSetup setup = {
      Discounted(Variant::kLinear, 100), Shape(10, 10), 9, &table, nullptr, &pool};
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    const int32_t values[] = {100, -100, 40, 100};  // two regrets, two sums
    std::copy_n(values, 4, table.Row(0, bucket));
  }
  for (uint64_t round = 500; round < 1000; ++round) {
    SweepTable(setup, round, /*checkpoint_log=*/nullptr, /*regret_hash=*/nullptr);
  }
  double means[4] = {};
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    for (int i = 0; i < 4; ++i) means[i] += 1.0 * table.Row(0, bucket)[i] / kBuckets;
  }
  // Each of 500 roundings has a variance of at most 1/4: a mean of 3,000 is off by 0.2 at most,
  // once in a million.
  const double expected[] = {50, -50, 20, 50};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(means[i], expected[i], 5 * std::sqrt(125.0 / kBuckets));
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
  CfrOptions coarse_enough_for_one;
  coarse_enough_for_one.quantum_chips = 0.1;  // times 64 units > 2^30
  CfrOptions odd_period = Discounted(Variant::kLinear, 150);
  CfrOptions odd_exponent = Discounted(Variant::kDiscounted, 100);
  odd_exponent.alpha = 1.3;
  CfrOptions useless_pruning;
  useless_pruning.quantum_chips = 1;
  useless_pruning.regret_floor_chips = -100;
  useless_pruning.pruning = {.enabled = true, .threshold_chips = -200};
  const Refusal kRefusals[] = {
      {"one batch could pass 32 bits", "quantum", fine_quantum, Shape(1, 1024)},
      {"more deals than have numbers", "round", {}, Shape(1 << 26, 128)},
      {"one batch, for all units", "units", coarse_enough_for_one, {64, 1, 1024}},
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

// The least quantum that a refusal names is accepted, and hardly coarser than need be.
TEST(Schedule, TheQuantumOfARefusalIsAccepted) {
  for (const int64_t chips : {1, 13, 999, 20000}) {
    for (const RoundShape& shape : {Shape(1, 1), Shape(1, 300), Shape(7, 65536), {64, 2, 4096}}) {
      CfrOptions options;
      options.quantum_chips = 1e-6;
      const absl::Status refusal = CheckSchedule(options, shape, chips);
      if (refusal.ok()) continue;
      const std::string text(refusal.message());
      const std::string before = "use a quantum of at least ";
      const size_t at = text.find(before);
      ASSERT_NE(at, std::string::npos) << text;
      options.quantum_chips = std::stod(text.substr(at + before.size()));
      EXPECT_TRUE(CheckSchedule(options, shape, chips).ok()) << text;
      options.quantum_chips /= 1.011;
      EXPECT_FALSE(CheckSchedule(options, shape, chips).ok()) << text;
    }
  }
  CfrOptions options;
  const absl::Status hopeless = CheckSchedule(options, {1 << 16, 1, 1 << 14}, 20000);
  EXPECT_EQ(hopeless.message().find("at least"), absl::string_view::npos) << hopeless;
  EXPECT_NE(hopeless.message().find("use fewer deals"), absl::string_view::npos) << hopeless;
}

TEST(Schedule, QuantaAreRoundedUp) {
  EXPECT_EQ(QuantumText(130.2, 3), "131");
  EXPECT_EQ(QuantumText(0.00123, 1), "0.002");
  EXPECT_EQ(QuantumText(0.1, 1), "0.1");
  EXPECT_EQ(QuantumText(97, 1), "100");
}

TEST(Schedule, SnapshotsAreDueAtMultiplesFromWhereAveragingBegins) {
  CfrOptions options;
  options.average = AverageStreets::kFirst;
  options.snapshot_every_iterations = 300;
  const RoundShape shape = Shape(10, 10);
  using Rounds = std::vector<uint64_t>;
  EXPECT_EQ(SnapshotRounds(options, shape, 299), Rounds());
  EXPECT_EQ(SnapshotRounds(options, shape, 900), Rounds({3, 6, 9}));
  options.average_from_iterations = 600;
  EXPECT_EQ(SnapshotRounds(options, shape, 1199), Rounds({6, 9}));
  options.average_from_iterations = 601;
  EXPECT_EQ(SnapshotRounds(options, shape, 1199), Rounds({9}));
  // What training does round by round is what a reader counts afterwards.
  Rounds due;
  for (uint64_t round = 0; round <= 20; ++round) {
    if (IsSnapshotDue(options, IterationsAfter(shape, round))) due.push_back(round);
  }
  EXPECT_EQ(due, SnapshotRounds(options, shape, 2000));
  EXPECT_EQ(due, Rounds({9, 12, 15, 18}));
  options.average = AverageStreets::kAll;
  EXPECT_EQ(SnapshotRounds(options, shape, 2000), Rounds());
}

}  // namespace
}  // namespace nash
