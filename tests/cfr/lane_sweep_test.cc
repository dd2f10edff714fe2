// A round's end by lanes against the formulas, value by value: floor((x f + dither) / 2^31) in 128
// bits, with dithers drawn one by one.
#include "solver/cfr/lane_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "common/rng.h"
#include "solver/cfr/lane_dithers.h"
#include "tests/cfr/slow_regret_hash.h"
#include "tests/cfr/table_values.h"

namespace nash {
namespace {

constexpr uint64_t kSeed = 0x123456789abcdef, kRound = 0x700000003;

TEST(LaneDithers, AreThoseOfRowsOneByOne) {
  const std::vector<std::vector<uint64_t>> firsts = {
      {0, 40, 80, 120, 160, 200, 240, 280},                            // all even
      {1, 41, 81, 121, 161, 201, 241, 281},                            // all odd
      {0, 41, 82, 123, 164, 205, 246, 287},                            // both
      {7, 1009},                                                       // empty lanes
      {(uint64_t{1} << 32) - 3, (uint64_t{1} << 33) - 1, 0xfffffffe},  // carries
  };
  for (const std::vector<uint64_t>& first : firsts) {
    LaneDithers dithers(kSeed, kRound, first);
    for (const uint32_t bucket : {0, 1, 2, 3, 4, 5, 9, 10, 20, 19, 3}) {
      dithers.MoveTo(bucket);
      for (size_t lane = 0; lane < first.size(); ++lane) {
        const uint64_t row = first[lane] + bucket;
        const RandomBlock drawn = Draw({kSeed, kRound, static_cast<uint32_t>(row / 2 >> 32)},
                                       DrawPurpose::kDiscount, static_cast<uint32_t>(row / 2), 0);
        ASSERT_EQ(static_cast<uint32_t>(dithers.regrets[lane]), drawn[row % 2] >> 1) << row;
        ASSERT_EQ(static_cast<uint32_t>(dithers.sums[lane]), drawn[2 + row % 2] >> 1) << row;
      }
    }
  }
}

class LaneSweepTest : public testing::TestWithParam<int> {
 protected:
  LaneSweepTest()
      : tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>(2, GetParam()),
                                   AverageStreets::kAll, RowForm{8})),
        table_(*Table::Make(layout_)) {
    setup_.seed = kSeed;
    setup_.table = &table_;
    setup_.options.regret_floor_chips = -5e8;
    setup_.options.quantum_chips = 1;
    std::mt19937_64 random(GetParam());
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      std::vector<int32_t> values(layout_.ValuesOf(node));
      const uint32_t n = layout_.ValuesPerRow(node);
      for (size_t i = 0; i < values.size(); ++i) {
        if (i % n == 0 && random() % 3 == 0)
          i += n - 1;  // a row of zeros
        else
          values[i] = ValueOf(random);
      }
      table_.CopyIn(node, values);
    }
  }
  static int32_t ValueOf(std::mt19937_64& random) {
    constexpr int32_t kEdges[] = {0, 1, -1, kRegretCeiling, kRegretFloorMin, INT32_MAX, INT32_MIN};
    return random() % 4 == 0 ? kEdges[random() % std::size(kEdges)]
                             : static_cast<int32_t>(random()) >> random() % 31;
  }
  void Sweep(const RoundEnd& end, UndoLog* log, uint64_t* hash) {
    size_t swept = 0;
    for (StripIndex strip = 0; strip < layout_.num_strips(); ++strip) {
      swept += layout_.NodesOf(strip).size();
      SweepSideBySide(setup_, end, kRound, strip, log, /*thread=*/0, hash);
    }
    EXPECT_EQ(swept, layout_.num_nodes());
  }
  // What the values should be.
  std::vector<int32_t> Expected(const RoundEnd& end) const {
    std::vector<int32_t> all = ValuesOf(table_);
    int32_t* value = all.data();
    uint64_t row = 0;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      const int num_actions = tree_.nodes()[node].num_actions;
      for (uint32_t bucket = 0; bucket < layout_.NumBuckets(node); ++bucket, ++row) {
        const RandomBlock drawn = Draw({kSeed, kRound, static_cast<uint32_t>(row / 2 >> 32)},
                                       DrawPurpose::kDiscount, static_cast<uint32_t>(row / 2), 0);
        for (uint32_t i = 0; i < layout_.ValuesPerRow(node); ++i, ++value) {
          const bool is_sum = i >= static_cast<uint32_t>(num_actions);
          const __int128 factor = is_sum ? end.sums : *value > 0 ? end.positive : end.negative;
          const __int128 scaled = (*value * factor + (drawn[row % 2 + 2 * is_sum] >> 1)) >> 31;
          *value = static_cast<int32_t>(scaled);
          if (!is_sum) *value = std::clamp(*value, -500000000, kRegretCeiling);
        }
      }
    }
    return all;
  }

  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
  TrainingSetup setup_;
};

TEST_P(LaneSweepTest, EveryValueIsScaledByItsRowsDither) {
  for (const RoundEnd& end :
       {RoundEnd{true, kOne, kOne, kOne}, RoundEnd{true, kOne / 3, 0, kOne / 2},
        RoundEnd{true, kOne - 1, kOne, kOne - 7}, RoundEnd{true, 5, kOne - 12345, kOne >> 3}}) {
    const std::vector<int32_t> expected = Expected(end);
    uint64_t hash = 0;
    Sweep(end, nullptr, &hash);
    ASSERT_EQ(ValuesOf(table_), expected);
    EXPECT_EQ(hash, SlowRegretHash(table_));
  }
}

TEST_P(LaneSweepTest, ACheckpointSeesTheRowsAsTheyWere) {
  const std::vector<int32_t> before = ValuesOf(table_);
  const std::unique_ptr<UndoLog> log = *UndoLog::Make(table_, 1);
  log->Begin();
  Sweep({true, kOne / 2, kOne / 2, kOne / 2}, log.get(), nullptr);
  std::vector<int32_t> read;
  for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
    std::vector<int32_t> values(layout_.ValuesOf(node));
    log->Read(node, absl::MakeSpan(values));
    read.insert(read.end(), values.begin(), values.end());
  }
  EXPECT_EQ(read, before);
  EXPECT_NE(ValuesOf(table_), before);
}

INSTANTIATE_TEST_SUITE_P(Buckets, LaneSweepTest, testing::Values(1, 40, 41));

}  // namespace
}  // namespace nash
