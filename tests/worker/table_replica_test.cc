// The replica over a real table. What a whole cluster makes of it is in tests/sim.
#include "worker/table_replica.h"

#include <gtest/gtest.h>

#include "solver/coordinator/table_master.h"
#include "tests/cfr/slow_regret_hash.h"
#include "tests/sim/hostile_rows.h"
#include "tests/sim/table_engine.h"

namespace nash {
namespace {

struct ReplicaTable {
  explicit ReplicaTable(const TableEngine& engine, int threads = 1)
      : pool(threads),
        table(Table::Make(engine.layout()).value()),
        replica(TableReplica::Make(engine.SetupOf(&table, &pool)).value()) {}
  UnitResult Run(uint32_t unit) {
    return *replica->Run({replica->rounds(), unit}, nullptr, [] { return true; });
  }
  ThreadPool pool;
  Table table;
  const std::unique_ptr<TableReplica> replica;
};

class TableReplicaTest : public ::testing::Test {
 protected:
  // The next round, by the first replica's units; applied to it.
  std::vector<MergedPart> RunRound() {
    std::vector<EncodedRows> parts;
    for (uint32_t unit = 0; unit < engine_.shape().units; ++unit) {
      for (EncodedRows& part : first_.Run(unit).parts) parts.push_back(std::move(part));
    }
    std::vector<MergedPart> merged = MergeRound(master_.get(), parts);
    Follow(merged, &first_);
    return merged;
  }
  static void Follow(const std::vector<MergedPart>& merged, ReplicaTable* to) {
    for (const MergedPart& part : merged) EXPECT_TRUE(to->replica->Apply(part.regrets).ok());
    to->replica->EndRound();
  }

  const TableEngine engine_{ClusterLeduc()};
  const std::unique_ptr<SimMaster> master_ = engine_.MakeMaster();
  ReplicaTable first_{engine_};
};

void ExpectEqual(const UnitResult& a, const UnitResult& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.parts, b.parts);
  EXPECT_EQ(a.touches, b.touches);
}

TEST_F(TableReplicaTest, FollowsEveryRoundOfOneProcessWithoutItsSums) {
  const ReferenceRun reference = engine_.RunUndisturbed(7);
  for (int round = 0; round < 7; ++round) {
    RunRound();
    ASSERT_EQ(first_.replica->regret_hash(), reference.regret_hashes[round]) << round;
    ASSERT_EQ(first_.replica->regret_hash(), SlowRegretHash(first_.table));
    ASSERT_EQ(first_.replica->rounds(), round + 1);
  }
  EXPECT_EQ(master_->state_hash(), reference.state_hash);
}

TEST_F(TableReplicaTest, AUnitIsThePureFunctionOfItsNameAndLeavesTheTable) {
  RunRound();
  const std::string before = ValuesOf(first_.table);
  const UnitResult result = first_.Run(1);
  EXPECT_EQ(ValuesOf(first_.table), before);
  ASSERT_FALSE(result.parts.empty());
  ExpectEqual(first_.Run(1), result);
  EXPECT_NE(first_.Run(2).parts, result.parts);
}

TEST_F(TableReplicaTest, ThreadsDoNotChangeABitOfIt) {
  ReplicaTable other(engine_, /*threads=*/3);
  Follow(RunRound(), &other);
  for (const uint32_t unit : {0, 3}) ExpectEqual(other.Run(unit), first_.Run(unit));
}

TEST_F(TableReplicaTest, WhoeverLoadsStoredRegretsAndFollowsRunsTheSameUnits) {
  for (int round = 0; round < 4; ++round) RunRound();
  ReplicaTable late(engine_);
  // It had another table before.
  late.replica->Clear(4);
  EXPECT_EQ(late.replica->regret_hash(), 0);
  for (const EncodedRows& part : master_->RegretParts()) {
    EXPECT_TRUE(late.replica->LoadRegrets(part).ok());
  }
  EXPECT_EQ(late.replica->rounds(), 4);
  EXPECT_EQ(late.replica->regret_hash(), first_.replica->regret_hash());
  Follow(RunRound(), &late);
  EXPECT_EQ(late.replica->regret_hash(), first_.replica->regret_hash());
  ExpectEqual(late.Run(2), first_.Run(2));
}

TEST_F(TableReplicaTest, AnAbandonedUnitLeavesNothing) {
  RunRound();
  const std::string before = ValuesOf(first_.table);
  const UnitResult result = first_.Run(0);
  EXPECT_FALSE(first_.replica->Run({1, 0}, nullptr, [] { return false; }).has_value());
  EXPECT_EQ(ValuesOf(first_.table), before);
  ExpectEqual(first_.Run(0), result);
}

TEST_F(TableReplicaTest, PartsThatCannotBeRightAreRefusedAndTheTableIsNotTouched) {
  const std::vector<MergedPart> merged = RunRound();
  const std::string before = ValuesOf(first_.table);
  std::vector<HostileRows> parts = MakeHostileRows(
      first_.replica->rows(), BoundsOfUnit(ClusterLeduc().algorithm, ClusterLeduc().round));
  parts.push_back({"sums alone", merged[0].sums});
  for (const HostileRows& part : parts) {
    if (part.what == "no sums" || part.what == "no rows")
      continue;  // is what it wants, or harmless
    EXPECT_TRUE(absl::IsInvalidArgument(first_.replica->Apply(part.rows))) << part.what;
    EXPECT_TRUE(absl::IsInvalidArgument(first_.replica->LoadRegrets(part.rows))) << part.what;
  }
  EXPECT_EQ(ValuesOf(first_.table), before);
  EXPECT_EQ(first_.replica->regret_hash(), SlowRegretHash(first_.table));
}

// What a unit starts from comes from the coordinator as well.
TEST_F(TableReplicaTest, ALinesDeltaThatCannotBeRightIsRefused) {
  const std::vector<EncodedRows> parts = first_.Run(1).parts;
  EXPECT_TRUE(first_.replica->CheckStart(parts).ok());
  EXPECT_TRUE(first_.replica->CheckStart({}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(first_.replica->CheckStart({parts[0], parts[0]})));
  for (const HostileRows& part : MakeHostileRows(
           first_.replica->rows(), BoundsOfUnit(ClusterLeduc().algorithm, ClusterLeduc().round))) {
    const bool is_of_sums = part.what == "a huge sum" || part.what == "a sum that falls";
    EXPECT_EQ(first_.replica->CheckStart({part.rows}).ok(), is_of_sums) << part.what;
  }
}

TEST_F(TableReplicaTest, AUnitKnowsWhatItsLineDid) {
  const UnitResult before = first_.Run(1);
  const auto after = [&](const std::vector<EncodedRows>* start) {
    return first_.replica->Run({1, 1}, start, [] { return true; })->parts;
  };
  const std::string table = ValuesOf(first_.table);
  EXPECT_NE(after(&before.parts), after(nullptr));
  EXPECT_EQ(after(&before.parts), after(&before.parts));
  EXPECT_EQ(ValuesOf(first_.table), table);
}

TEST(TableReplica, ASetupThatCouldOverflowIsRefused) {
  const TableEngine engine(ClusterLeduc());
  ReplicaTable any(engine);
  TrainingSetup setup = engine.SetupOf(&any.table, &any.pool);
  setup.options.quantum_chips = 1e-9;
  const absl::Status status = TableReplica::Make(setup).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_NE(status.message().find("algorithm.quantum"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace nash
