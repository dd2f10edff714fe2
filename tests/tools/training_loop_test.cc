#include "tools/training/training_loop.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/tools/leduc_training.h"

namespace nash {
namespace {

using Rounds = std::vector<uint64_t>;  // the newest first
class Snapshots : public LeducTraining {};

TEST_F(Snapshots, AreTakenWhenDueAndAllKept) {
  Train(21, "run");
  EXPECT_EQ(SnapshotsOf("run"), Rounds({20, 15, 10, 5}));
  for (const uint64_t round : {5, 10, 15, 20}) {
    const auto snapshot = Checkpoint::Open(SnapshotPath(Run("run"), round));
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_TRUE(snapshot->Verify().ok());
    EXPECT_EQ(snapshot->manifest().position.iterations, round * 320);
  }
}

TEST_F(Snapshots, AreTakenForStreetsWithoutSumsOnlyAndNotBeforeAveraging) {
  definition_.algorithm.average_from_iterations = 1601;
  Train(11, "later");
  EXPECT_EQ(SnapshotsOf("later"), Rounds({10}));
  definition_ = FirstStreetLeduc();
  definition_.algorithm.average = AverageStreets::kAll;
  Train(11, "all");
  EXPECT_FALSE(FileExists(CheckpointsFolder(Run("all"), CheckpointKind::kSnapshot)));
}

TEST_F(Snapshots, ASnapshotIsTheCheckpointOfItsRound) {
  Train(10, "run");
  EXPECT_EQ(FilesBelow(SnapshotPath(Run("run"), 10)), FilesBelow(CheckpointPath(Run("run"), 10)));
}

TEST_F(Snapshots, AreTheSameBytesHoweverTheRunIsInterrupted) {
  Train(17, "straight");
  const auto snapshots = FilesBelow(CheckpointsFolder(Run("straight"), CheckpointKind::kSnapshot));
  const auto last = FilesBelow(CheckpointPath(Run("straight"), 17));
  // Stopped between, at and after snapshots, with other threads, checkpoints on every occasion.
  for (const uint64_t rounds : {3, 5, 6, 12, 17}) {
    Train(rounds, "stopped", {.threads = 2, .checkpoint_every_seconds = 0});
  }
  EXPECT_EQ(FilesBelow(CheckpointsFolder(Run("stopped"), CheckpointKind::kSnapshot)), snapshots);
  Train(17, "waiting", {.checkpoint_every_seconds = 0, .in_background = false});
  EXPECT_EQ(FilesBelow(CheckpointsFolder(Run("waiting"), CheckpointKind::kSnapshot)), snapshots);
  EXPECT_EQ(FilesBelow(CheckpointPath(Run("stopped"), 17)), last);
}

TEST_F(Snapshots, ARunThatComesBackFromBeforeASnapshotReplacesIt) {
  Train(12, "straight");
  Train(4, "lost");
  Train(12, "lost");
  ASSERT_EQ(SnapshotsOf("lost"), Rounds({10, 5}));
  ASSERT_TRUE(RemoveAll(CheckpointPath(Run("lost"), 12)).ok());
  ASSERT_TRUE(WriteFileAtomically(ChunkPath(SnapshotPath(Run("lost"), 5), 0), "damaged").ok());
  ASSERT_TRUE(RemoveAll(SnapshotPath(Run("lost"), 10)).ok());
  Train(12, "lost");
  EXPECT_EQ(FilesBelow(CheckpointsFolder(Run("lost"), CheckpointKind::kSnapshot)),
            FilesBelow(CheckpointsFolder(Run("straight"), CheckpointKind::kSnapshot)));
}

// A later checkpoint would be one whose average strategy lacks a snapshot for ever.
TEST_F(Snapshots, OneThatFailsEndsTheRunBeforeALaterCheckpoint) {
  Train(12, "straight");
  Train(4, "failing");
  const std::string place = CheckpointsFolder(Run("failing"), CheckpointKind::kSnapshot);
  ASSERT_TRUE(WriteNewFile(place, "a file where a folder is expected").ok());
  for (const uint64_t rounds : {5, 6, 12}) {
    const absl::Status status =
        TrainTo(rounds, definition_, Run("failing"), {.checkpoint_every_seconds = 0});
    ExpectError(status, absl::StatusCode::kFailedPrecondition, {"snapshot", "--resume", place});
    const Rounds saved = ListRounds(Run("failing")).value();
    ASSERT_FALSE(saved.empty());
    EXPECT_LT(saved.front(), 5);
  }
  ASSERT_TRUE(RemoveAll(place).ok());
  Train(12, "failing");
  EXPECT_EQ(FilesBelow(place),
            FilesBelow(CheckpointsFolder(Run("straight"), CheckpointKind::kSnapshot)));
}

class Lag : public LeducTraining {
 protected:
  // Rounds of 320 iterations, meetings every 4, snapshots after every other meeting.
  Lag() {
    definition_.round = {.units = 2, .batches = 5, .deals = 32, .meet_every = 4};
    definition_.algorithm.snapshot_every_iterations = 8 * 320;
  }
};

TEST_F(Lag, RunsEndAndAreSavedAtMeetingsOnly) {
  Train(5, "run", {.checkpoint_every_seconds = 0});
  EXPECT_EQ(ListRounds(Run("run")).value(), Rounds({8, 4}));
  Train(8, "run");
  EXPECT_EQ(ListRounds(Run("run")).value().front(), 8) << "it is there already";
  Train(9, "run");
  EXPECT_EQ(ListRounds(Run("run")).value().front(), 12);
}

TEST_F(Lag, InterruptionsChangeNoByte) {
  Train(20, "straight");
  for (const uint64_t rounds : {1, 4, 6, 15, 20}) {
    Train(rounds, "stopped", {.threads = 2, .checkpoint_every_seconds = 0});
  }
  EXPECT_EQ(FilesBelow(CheckpointPath(Run("stopped"), 20)),
            FilesBelow(CheckpointPath(Run("straight"), 20)));
  EXPECT_EQ(SnapshotsOf("straight"), Rounds({16, 8}));
  EXPECT_EQ(FilesBelow(CheckpointsFolder(Run("stopped"), CheckpointKind::kSnapshot)),
            FilesBelow(CheckpointsFolder(Run("straight"), CheckpointKind::kSnapshot)));
}

TEST(TargetIterations, AreThoseOfAMeeting) {
  const RoundShape lag = {.units = 2, .batches = 5, .deals = 32, .meet_every = 4};
  RoundShape none = lag;
  none.meet_every = 1;
  struct Case {
    uint64_t iterations, rounds, expected, without_lag;
  };
  for (const Case& c : std::vector<Case>{{0, 0, 0, 0},
                                         {1, 0, 4 * 320, 1},
                                         {4 * 320, 0, 4 * 320, 4 * 320},
                                         {4 * 320 + 1, 0, 8 * 320, 4 * 320 + 1},
                                         {0, 5, 8 * 320, 5 * 320},
                                         {900, 9, 4 * 320, 900},
                                         {9999, 2, 4 * 320, 2 * 320}}) {
    const LoopOptions options = {.until_iterations = c.iterations, .until_rounds = c.rounds};
    EXPECT_EQ(TargetIterations(options, lag), c.expected);
    EXPECT_EQ(TargetIterations(options, none), c.without_lag);
  }
}

}  // namespace
}  // namespace nash
