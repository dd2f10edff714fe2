#include "tools/stored/stored_average.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "tests/tools/leduc_training.h"

namespace nash {
namespace {

class StoredAverage : public LeducTraining {
 protected:
  static std::vector<double> At(const Policy& policy, const LoadedRun& run, NodeIndex node,
                                uint32_t bucket) {
    std::vector<double> probabilities(run.tree().nodes()[node].num_actions);
    policy.Probabilities(node, bucket, absl::MakeSpan(probabilities));
    return probabilities;
  }
  // What the newest checkpoint of "run" says.
  absl::Status Load() const {
    const std::unique_ptr<LoadedRun> run = Loaded(definition_);
    return LoadSnapshotAverage(*run, FindNewestValid(Run("run"))->checkpoint).status();
  }
};

TEST_F(StoredAverage, IsTheMeanOfTheSnapshotsThatWereDue) {
  Train(12, "run");
  Train(16, "run");  // and one snapshot that is none of round 12's
  const std::unique_ptr<LoadedRun> run = Loaded(definition_);
  const auto checkpoint = Checkpoint::Open(CheckpointPath(Run("run"), 12));
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  const auto average = LoadSnapshotAverage(*run, *checkpoint);
  ASSERT_TRUE(average.ok()) << average.status();

  std::vector<Table> tables;  // of round 12, and of the snapshots
  for (int i = 0; i < 3; ++i) tables.push_back(Table::Make(run->layout()).value());
  ASSERT_TRUE(checkpoint->LoadInto(&tables[0]).ok());
  ASSERT_TRUE(Checkpoint::Open(SnapshotPath(Run("run"), 5))->LoadInto(&tables[1]).ok());
  ASSERT_TRUE(Checkpoint::Open(SnapshotPath(Run("run"), 10))->LoadInto(&tables[2]).ok());
  for (NodeIndex node = 0; node < run->layout().num_nodes(); ++node) {
    for (uint32_t bucket = 0; bucket < run->layout().NumBuckets(node); ++bucket) {
      const std::vector<double> found = At(*average, *run, node, bucket);
      const std::vector<double> five = At(CurrentStrategy(tables[1]), *run, node, bucket);
      const std::vector<double> ten = At(CurrentStrategy(tables[2]), *run, node, bucket);
      for (size_t a = 0; a < found.size(); ++a) {
        const double expected = run->layout().HasSums(node)
                                    ? At(AverageStrategy(tables[0]), *run, node, bucket)[a]
                                    : (five[a] + ten[a]) / 2;
        EXPECT_NEAR(found[a], expected, 1e-6) << "node " << node << " bucket " << bucket;
      }
    }
  }
}

// Uniform play has 4.747. Found: the average 0.566, 0.195 and 0.148, the current
// strategy 2.53, 3.70 and 1.64.
TEST_F(StoredAverage, NashConvFallsAndIsFarBelowThatOfTheCurrentStrategy) {
  definition_.round.batches = 100;  // 3,200 iterations
  definition_.algorithm.discount_every_iterations = 32'000;
  definition_.algorithm.snapshot_every_iterations = 32'000;
  const std::unique_ptr<LoadedRun> run = Loaded(definition_);
  const AbstractionHands hands(run->abstraction());
  std::vector<double> averages;
  for (const uint64_t rounds : {50, 200, 500}) {  // 5, 20, 50 snapshots
    Train(rounds, "run");
    const auto found = FindNewestValid(Run("run"));
    ASSERT_TRUE(found.ok()) << found.status();
    const auto average = LoadSnapshotAverage(*run, found->checkpoint);
    ASSERT_TRUE(average.ok()) << average.status();
    Table table = Table::Make(run->layout()).value();
    ASSERT_TRUE(found->checkpoint.LoadInto(&table).ok());
    averages.push_back(NashConv(run->tree(), hands, *average)->nash_conv_chips);
    const double current = NashConv(run->tree(), hands, CurrentStrategy(table))->nash_conv_chips;
    EXPECT_LT(averages.back(), current / 4);
  }
  EXPECT_LT(averages[0], 0.7);
  EXPECT_LT(averages[1], 0.25);
  EXPECT_LT(averages[2], 0.18);
}

TEST_F(StoredAverage, IsRefusedBeforeTheFirstSnapshot) {
  Train(4, "run");
  ExpectError(Load(), absl::StatusCode::kNotFound,
              {"round-0000000004", "1280 iterations", "snapshot_every: 1600", "--policy=current"});
  Train(5, "run");
  EXPECT_TRUE(Load().ok()) << Load();
}

TEST_F(StoredAverage, NamesAMissingSnapshot) {
  Train(12, "run");
  ASSERT_TRUE(RemoveAll(SnapshotPath(Run("run"), 5)).ok());
  ExpectError(Load(), absl::StatusCode::kNotFound, {"snapshots/round-0000000005", "missing"});
}

TEST_F(StoredAverage, NamesADamagedSnapshot) {
  Train(12, "run");
  const std::string chunk = ChunkPath(SnapshotPath(Run("run"), 10), 0);
  std::string bytes = ReadFile(chunk).value();
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(chunk, bytes).ok());
  ExpectError(Load(), absl::StatusCode::kDataLoss, {chunk, "snapshot", "checksum"});
}

TEST_F(StoredAverage, RefusesSnapshotsOfOtherRoundsAndRuns) {
  Train(12, "run");
  const std::string five = SnapshotPath(Run("run"), 5);
  ASSERT_TRUE(RemoveAll(five).ok());
  ASSERT_TRUE(RenamePath(SnapshotPath(Run("run"), 10), five).ok());
  ExpectError(Load(), absl::StatusCode::kDataLoss, {five, "round 10"});

  const RunDefinition own = definition_;
  definition_.seed = 2;
  Train(5, "other");
  ASSERT_TRUE(RemoveAll(five).ok());
  ASSERT_TRUE(RenamePath(SnapshotPath(Run("other"), 5), five).ok());
  definition_ = own;
  ExpectError(Load(), absl::StatusCode::kFailedPrecondition, {five, "- seed: 2", "+ seed: 1"});
}

// The name and the length of a run are no part of its fingerprint.
TEST_F(StoredAverage, TakesSnapshotsFromBeforeTheRunWasRenamed) {
  Train(7, "run");
  definition_.name = "renamed";
  definition_.iterations *= 2;
  Train(12, "run");
  EXPECT_TRUE(Load().ok()) << Load();
}

TEST_F(StoredAverage, FindsTheSnapshotsOfACheckpointByItsOwnFolder) {
  Train(12, "run");
  const std::unique_ptr<LoadedRun> run = Loaded(definition_);
  for (const std::string& path :
       {CheckpointPath(Run("run"), 12), CheckpointPath(Run("run"), 12) + "/",
        SnapshotPath(Run("run"), 10)}) {
    const auto checkpoint = Checkpoint::Open(path);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
    const absl::Status status = LoadSnapshotAverage(*run, *checkpoint).status();
    EXPECT_TRUE(status.ok()) << path << ": " << status;
  }
}

}  // namespace
}  // namespace nash
