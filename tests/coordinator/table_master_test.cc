// The master over a real table. What a whole cluster makes of it is in tests/sim.
#include "solver/coordinator/table_master.h"

#include <gtest/gtest.h>

#include "solver/cfr/state_hash.h"
#include "tests/cfr/slow_regret_hash.h"
#include "tests/sim/hostile_rows.h"
#include "tests/sim/table_engine.h"
#include "worker/table_replica.h"

namespace nash {
namespace {

// A table and the master over it.
struct MasterTable {
  explicit MasterTable(const TableEngine& engine)
      : table(Table::Make(engine.layout()).value()),
        setup(engine.SetupOf(&table, &pool)),
        rounds(setup, 0),
        master(setup.options, setup.shape, &rounds) {}
  ThreadPool pool{1};
  Table table;
  const TrainingSetup setup;
  RoundTable rounds;
  TableMaster master;
};

class TableMasterTest : public ::testing::Test {
 protected:
  // The next round, every unit by one worker.
  std::vector<MergedPart> RunRound() {
    std::vector<EncodedRows> parts;
    for (uint32_t unit = 0; unit < engine_.shape().units; ++unit) {
      for (EncodedRows& part : replica_->Run({replica_->rounds(), unit}, nullptr).parts) {
        parts.push_back(std::move(part));
      }
    }
    std::vector<MergedPart> merged = MergeRound(&master_.master, parts);
    for (const MergedPart& part : merged) EXPECT_TRUE(replica_->Apply(part.regrets).ok());
    replica_->EndRound();
    return merged;
  }

  const TableEngine engine_{ClusterLeduc()};
  const RowSpace rows_ = RowSpaceOf(engine_.layout());
  MasterTable master_{engine_};
  const std::unique_ptr<SimReplica> replica_ = engine_.MakeReplica();
};

TEST_F(TableMasterTest, WhatNoUnitCanHoldIsRefusedAndTheTableIsNotTouched) {
  RunRound();
  const std::string before = ValuesOf(master_.table);
  const DeltaBounds bounds = BoundsOfUnit(master_.setup.options, master_.setup.shape);
  const std::vector<HostileRows> hostile = MakeHostileRows(rows_, bounds);
  EXPECT_EQ(hostile.size(), 11);
  for (const HostileRows& part : hostile) {
    const absl::Status status = master_.master.Check(part.rows).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << part.what << status;
  }
  EXPECT_EQ(ValuesOf(master_.table), before);
  EXPECT_EQ(master_.master.regret_hash(), SlowRegretHash(master_.table));
}

// The sum over all units of a round passes no int32, whatever they send.
TEST_F(TableMasterTest, TheLargestValuesThatItTakesDoNotWrap) {
  const DeltaBounds bounds = BoundsOfUnit(master_.setup.options, master_.setup.shape);
  for (const int64_t sign : {+1, -1}) {
    for (uint32_t round = 0; round < 20; ++round) {
      SparseDelta delta;
      delta.rows = {2};
      const RowBlock& block = rows_.block(rows_.BlockOf(2));
      const int64_t regret =
          sign > 0 ? bounds.lanes[kRegretLane].highest : bounds.lanes[kRegretLane].lowest;
      delta.lanes[kRegretLane].assign(block.widths[kRegretLane], static_cast<int32_t>(regret));
      delta.lanes[kSumLane].assign(block.widths[kSumLane], 0);
      MergeRound(&master_.master,
                 std::vector<EncodedRows>(engine_.shape().units, EncodeRows(delta, rows_)));
      const int32_t value = master_.table.Row(0, 2)[0];
      if (sign > 0) {
        EXPECT_GT(value, 0);
        EXPECT_LE(value, kRegretCeiling);
      } else {
        EXPECT_GE(value, 0);  // this run's floor
      }
      EXPECT_EQ(master_.master.regret_hash(), SlowRegretHash(master_.table));
    }
  }
}

TEST_F(TableMasterTest, WhatMergingGivesBringsAnotherTableToTheSameValues) {
  MasterTable other(engine_);
  for (int round = 0; round < 7; ++round) {  // the third and the sixth end with discounts
    const std::vector<MergedPart> merged = RunRound();
    ASSERT_FALSE(merged.empty());
    for (size_t i = merged.size(); i > 0; --i) {
      ASSERT_TRUE(other.master.Apply(merged[i - 1]).ok());
    }
    other.master.EndRound();
    ASSERT_EQ(ValuesOf(other.table), ValuesOf(master_.table)) << round;
    ASSERT_EQ(other.master.regret_hash(), master_.master.regret_hash());
    ASSERT_EQ(other.master.rounds(), round + 1);
  }
  EXPECT_EQ(SummariseTable(other.table).hash, engine_.RunUndisturbed(7).state_hash);
}

TEST_F(TableMasterTest, LoggedPartsThatDoNotFitTogetherAreRefused) {
  const std::vector<MergedPart> first = RunRound(), second = RunRound();
  MasterTable other(engine_);
  MergedPart shifted = first[0];
  SparseDelta one_row;
  one_row.rows = {3};
  one_row.lanes[kSumLane].assign(rows_.block(rows_.BlockOf(3)).widths[kSumLane], 1);
  shifted.sums = EncodeRows(one_row, rows_);
  const MergedPart cases[] = {
      shifted,                            // of different rows
      {first[0].sums, first[0].regrets},  // the other way round
      {first[0].regrets, {}},             // one is missing
  };
  for (const MergedPart& part : cases) {
    EXPECT_TRUE(absl::IsInvalidArgument(other.master.Apply(part)));
  }
  EXPECT_EQ(SummariseTable(other.table).rows_reached, 0);
}

TEST_F(TableMasterTest, APartThatCannotBeReadEndsTheMerge) {
  const auto merged =
      master_.master.MergeNext([](size_t) -> absl::StatusOr<std::vector<EncodedRows>> {
        return absl::DataLossError("input/output error");
      });
  EXPECT_EQ(merged.status().message(), "input/output error");
  EXPECT_TRUE(absl::IsDataLoss(
      master_.master.MergeNext([](size_t) {
                      return std::vector<EncodedRows>{{"garbage", 0}};
                    })
          .status()));
  EXPECT_FALSE(master_.master.is_merged());
}

TEST_F(TableMasterTest, AUnitHasNoMorePartsThanItSays) {
  EXPECT_LE(replica_->Run({0, 0}, nullptr).parts.size(), UnitPartsMax(engine_.layout()));
  EXPECT_EQ(UnitPartsMax(engine_.layout()), 2);  // rows and values of one part, a section's rest
}

}  // namespace
}  // namespace nash
