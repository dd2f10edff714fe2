// Faults of the coordinator and of its disk, by the rows of the fault matrix (docs/reliability.md).
#include "proto/codec.h"
#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

using CoordinatorFaults = ClusterTest;

// Rows 6 and 9.
TEST_F(CoordinatorFaults, ItMayBeKilledAtEveryKillPoint) {
  for (int point = 1; point <= static_cast<int>(kLastKillPoint); ++point) {
    for (uint64_t round = 0; round < 10; ++round) {
      options_.seed = 100 * point + round;
      options_.sync_time = milliseconds(round % 2 == 0 ? 3 : 900);
      Start(3);
      RunToRound(round);
      cluster_->coordinator().KillAt(static_cast<KillPoint>(point));
      if (static_cast<KillPoint>(point) == KillPoint::kDuringReplay) {
        cluster_->coordinator().Kill();
        ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->coordinator().restarts() == 2; },
                                       seconds(10)));
      }
      ExpectGoodEnd();
      EXPECT_GE(cluster_->coordinator().restarts(), 1) << "kill point " << point;
    }
  }
}

// Row 7.
TEST_F(CoordinatorFaults, WorkersRejoinARestartedCoordinatorByThemselves) {
  Start(3);
  RunToRound(7);
  cluster_->RunFor(milliseconds(50));  // it is durable, and units of the next run
  cluster_->coordinator().Kill();
  const Nanos killed = cluster_->events().now();
  RunToRound(8);
  EXPECT_LT(cluster_->events().now() - killed, seconds(10));
  ExpectGoodEnd();
  for (const auto& worker : cluster_->workers()) {
    EXPECT_EQ(worker->worker().counters().joins, 2);
    EXPECT_EQ(worker->worker().counters().tables_loaded, 1);  // the first
  }
}

TEST_F(CoordinatorFaults, ARunningUnitOutlivesTheCoordinatorAndIsNotRunTwice) {
  options_.unit_time = seconds(20);
  const FakeEngine one_unit(1);
  Use(&one_unit);
  options_.rounds = 3;
  reference_ = one_unit.RunUndisturbed(3);
  Start(1);
  RunUntilBusy(*cluster_->workers()[0]);
  cluster_->RunFor(seconds(2));
  cluster_->coordinator().Kill();
  cluster_->RunFor(seconds(5));
  cluster_->AddWorker();  // finds the unit taken
  ASSERT_TRUE(cluster_->RunUntil([&] { return Rounds() > 0; }, seconds(25)));
  EXPECT_EQ(cluster_->workers()[1]->worker().counters().units_run, 0);
  EXPECT_FALSE(cluster_->workers()[1]->worker().counters().units_abandoned > 0);
  ExpectGoodEnd(minutes(5));
}

// What was merged and not durable is merged again from what the workers kept.
TEST_F(CoordinatorFaults, WorkersThatFollowedLostRoundsLoadStoredRegrets) {
  options_.sync_time = minutes(10);
  Start(2);
  RunToRound(6);
  cluster_->RunFor(seconds(1));
  cluster_->coordinator().Kill();
  ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->coordinator().is_alive(); }, seconds(5)));
  EXPECT_EQ(cluster_->coordinator().coordinator().rounds(), Rounds());
  cluster_->RunFor(seconds(30));
  for (const auto& worker : cluster_->workers()) {
    EXPECT_GE(worker->worker().counters().joins, 2);
  }
  RunToRound(12);
}

// Row 8 (the folder's lock keeps a second process out; this is what comes after).
TEST_F(CoordinatorFaults, MessagesOfAnOldGenerationAreRefused) {
  Start(1);
  RunToRound(4);
  cluster_->coordinator().Kill();
  RunToRound(5);
  std::optional<Refusal> refusal;
  cluster_->set_coordinator_observer([&](const CoordinatorEnvelope& envelope) {
    if (const auto* message = std::get_if<Refusal>(&envelope.message)) refusal = *message;
  });
  WorkerEnvelope old = Fitting(Following{});
  old.generation = 1;
  cluster_->SendToCoordinator(cluster_->workers()[0]->sender(), Encode(old));
  cluster_->RunFor(seconds(1));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, RefusalReason::kGeneration);
  EXPECT_EQ(refusal->text,
            "generation 2 of the coordinator does not know this connection (it named generation "
            "1): say Hello");
  ExpectGoodEnd();
}

// Row 27.
TEST_F(CoordinatorFaults, AFullDiskPausesTrainingUntilThereIsRoom) {
  Start(2);
  RunToRound(5);
  cluster_->coordinator().disk().Fill(100);
  cluster_->RunFor(minutes(2));
  EXPECT_EQ(Rounds(), 5);
  EXPECT_TRUE(WasTold("training pauses: round 5 cannot be stored: the disk is full"));
  EXPECT_EQ(cluster_->LiveWorkers().size(), 2);
  cluster_->AddWorker();  // is served meanwhile
  cluster_->RunFor(seconds(5));
  EXPECT_EQ(cluster_->workers()[2]->worker().counters().tables_loaded, 1);
  cluster_->coordinator().disk().Free();
  ExpectGoodEnd();
  EXPECT_TRUE(WasTold("training goes on"));
}

// Row 31.
TEST_F(CoordinatorFaults, ACorruptCheckpointIsPassedOverForTheOneBefore) {
  Start(2);
  RunToRound(13);
  ASSERT_EQ(cluster_->coordinator().disk().checkpoints.size(), SimDisk::kCheckpointsKept);
  cluster_->coordinator().disk().CorruptNewestCheckpoint();
  cluster_->coordinator().Kill();
  cluster_->AddWorker();
  ExpectGoodEnd();
}

TEST_F(CoordinatorFaults, AStopEndsAfterTheRoundAndTellsTheWorkers) {
  Start(2);
  RunToRound(5);
  cluster_->coordinator().Stop(false);
  ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->coordinator().done(); }, seconds(10)));
  EXPECT_EQ(Rounds(), 6);
  ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->LiveWorkers().empty(); }, seconds(10)));
  for (const auto& worker : cluster_->workers()) EXPECT_TRUE(worker->exit()->ok());
  cluster_->coordinator().Restart();
  cluster_->AddWorker();
  ExpectGoodEnd();
}

TEST_F(CoordinatorFaults, AStopAtOnceTakesTheOpenRoundBack) {
  options_.unit_time = seconds(5);
  Start(2);
  RunToRound(2);
  cluster_->RunFor(seconds(6));  // some units of the round are in
  cluster_->coordinator().Stop(true);
  ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->coordinator().done(); }, seconds(1)));
  EXPECT_EQ(Rounds(), 2);
  EXPECT_EQ(cluster_->coordinator().master().regret_hash(), reference_.regret_hashes[1]);
}

TEST_F(CoordinatorFaults, AStopAtOnceDoesNotWaitForRoomOnTheDisk) {
  Start(2);
  RunToRound(2);
  cluster_->coordinator().disk().Fill(100);
  cluster_->RunFor(minutes(1));
  cluster_->coordinator().Stop(true);
  ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->coordinator().done(); }, seconds(1)));
  cluster_->coordinator().disk().Free();
  cluster_->coordinator().Restart();
  cluster_->AddWorker();
  ExpectGoodEnd();
}

TEST_F(CoordinatorFaults, AJoinerFollowsWhileRoundsGoOnAndStoredRegretsAreReplaced) {
  options_.checkpoint_every_rounds = 1;
  options_.worker.window_parts = 1;
  options_.network.delay_max = milliseconds(30);
  Start(2);
  for (uint64_t round = 2; round < kRounds; round += 3) {
    RunToRound(round);
    cluster_->AddWorker();
  }
  ExpectGoodEnd();
  for (const auto& worker : cluster_->workers())
    EXPECT_TRUE(worker->exit().value_or(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace nash
