// Faults of workers, by the rows of the fault matrix (docs/reliability.md).
#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

using WorkerFaults = ClusterTest;

TEST_F(WorkerFaults, NoneGivesTheUndisturbedRunForAnyNumberOfWorkers) {
  for (int workers = 1; workers <= 8; workers *= 2) {
    Start(workers);
    ExpectGoodEnd();
    EXPECT_EQ(Total().rolled_back, 0) << workers;
    EXPECT_EQ(Total().reloads, 0) << workers;
    EXPECT_EQ(Total().leases_expired, 0) << workers;
  }
}

// Rows 1 and 5.
TEST_F(WorkerFaults, UnitsOfADeadWorkerAreLeasedAgainWithin15Seconds) {
  Start(2);
  RunToRound(3);
  SimWorker& victim = *cluster_->workers()[0];
  RunUntilBusy(victim);
  victim.Kill();
  const Nanos killed = cluster_->events().now();
  const uint64_t round = Rounds();
  ASSERT_TRUE(cluster_->RunUntil([&] { return Rounds() > round; }, minutes(1)));
  EXPECT_LT(cluster_->events().now() - killed, seconds(15));
  ExpectGoodEnd();
}

TEST_F(WorkerFaults, TheSameBeforeAnyUnitTimeIsKnown) {
  options_.unit_time = seconds(1);
  Start(2);
  SimWorker& victim = *cluster_->workers()[0];
  RunUntilBusy(victim);
  victim.Kill();
  const Nanos killed = cluster_->events().now();
  ASSERT_TRUE(cluster_->RunUntil([&] { return Total().leases_expired > 0; }, minutes(1)));
  EXPECT_LT(cluster_->events().now() - killed, seconds(14));
  ExpectGoodEnd();
}

TEST_F(WorkerFaults, EveryWorkerMayDieAgainAndAgain) {
  Start(3);
  for (int i = 0; i < 30; ++i) {
    cluster_->RunFor(cluster_->random().Between(milliseconds(10), seconds(2)));
    const std::vector<SimWorker*> live = cluster_->LiveWorkers();
    if (live.empty()) break;
    SimWorker* victim = live[cluster_->random().Below(live.size())];
    victim->Kill();
    cluster_->AddTwin(*victim);
  }
  ExpectGoodEnd();
}

// Row 2.
TEST_F(WorkerFaults, AWorkerThatIsToldToStopSaysGoodbyeWithin10Seconds) {
  options_.unit_time = minutes(5);
  Start(2);
  SimWorker& worker = *cluster_->workers()[0];
  RunUntilBusy(worker);
  worker.RequestStop();
  const Nanos told = cluster_->events().now();
  ASSERT_TRUE(cluster_->RunUntil([&] { return !worker.is_alive(); }, seconds(10)));
  EXPECT_LT(cluster_->events().now() - told, seconds(1));
  EXPECT_TRUE(worker.exit()->ok()) << *worker.exit();
  cluster_->RunFor(seconds(1));
  EXPECT_EQ(cluster_->coordinator().coordinator().membership().members().size(), 1);
}

TEST_F(WorkerFaults, AStopDeliversWhatIsFinished) {
  Start(1);
  RunToRound(2);
  SimWorker& worker = *cluster_->workers()[0];
  RunUntilBusy(worker);
  ASSERT_TRUE(cluster_->RunUntil([&] { return !worker.is_running(); }, seconds(10)));
  worker.RequestStop();  // the result is on its way
  ASSERT_TRUE(cluster_->RunUntil([&] { return !worker.is_alive(); }, seconds(10)));
  cluster_->RunFor(seconds(1));
  EXPECT_EQ(Total().units_done % engine_.shape().units, 1);
  cluster_->AddWorker();
  ExpectGoodEnd();
}

// Row 3.
TEST_F(WorkerFaults, AStoppedWorkerLosesItsLeaseAndItsLateResultIsDropped) {
  Start(3);
  RunToRound(3);
  SimWorker& frozen = *cluster_->workers()[0];
  RunUntilBusy(frozen);
  options_.rounds = kRounds;
  frozen.Freeze(cluster_->events().now() + seconds(4));
  const uint64_t round = Rounds();
  ASSERT_TRUE(cluster_->RunUntil([&] { return Rounds() > round; }, minutes(1)));
  ASSERT_TRUE(cluster_->RunUntil([&] { return Total().parts_late > 0; }, minutes(2)));
  ExpectGoodEnd();
  EXPECT_EQ(Total().quarantined, 0);
}

TEST_F(WorkerFaults, AWorkerStoppedForAMinuteComesBack) {
  options_.unit_time = seconds(2);
  Start(2);
  RunToRound(3);
  SimWorker& frozen = *cluster_->workers()[0];
  frozen.Freeze(cluster_->events().now() + seconds(61));
  cluster_->RunFor(seconds(60));
  const uint64_t followed = frozen.worker().counters().rounds_followed;
  ExpectGoodEnd(minutes(10));
  EXPECT_GT(frozen.worker().counters().rounds_followed, followed + 5);
}

// Row 4.
TEST_F(WorkerFaults, TheUnitOfASlowWorkerIsRunByAnotherAndTheFirstResultWins) {
  Start(1);
  cluster_->AddWorker({.slowness = 500});  // 100 s a unit
  ExpectGoodEnd(minutes(1));
  EXPECT_GT(Total().leases_second, 0);
  EXPECT_GT(cluster_->workers()[1]->worker().counters().units_abandoned, 0);
}

// Rows 17 and 37.
TEST_F(WorkerFaults, TheNewestProcessOfAnIdentityWinsAndTheOtherIsTold) {
  Start(2);
  RunToRound(2);
  SimWorker& old = *cluster_->workers()[0];
  SimWorker& twin = cluster_->AddTwin(old);
  ASSERT_TRUE(cluster_->RunUntil([&] { return !old.is_alive(); }, seconds(10)));
  EXPECT_TRUE(absl::IsAlreadyExists(*old.exit())) << *old.exit();
  EXPECT_NE(old.exit()->message().find("give every worker its own"), absl::string_view::npos);
  ExpectGoodEnd();
  EXPECT_GT(twin.worker().counters().units_run, 0);
}

TEST_F(WorkerFaults, ASupersededProcessThatWasNotReachedDoesNotComeBack) {
  Start(1);
  RunToRound(2);
  SimWorker& old = *cluster_->workers()[0];
  old.Freeze(cluster_->events().now() + seconds(3));
  SimWorker& twin = cluster_->AddTwin(old);
  cluster_->CutTo(old, seconds(1));  // that it is superseded, it is not told at first
  ASSERT_TRUE(cluster_->RunUntil([&] { return !old.is_alive(); }, minutes(1)));
  EXPECT_TRUE(absl::IsAlreadyExists(*old.exit())) << *old.exit();
  EXPECT_TRUE(twin.is_alive());
  ExpectGoodEnd();
}

// Row 33. With one unit a round, the second worker idles: nothing of it is merged before the hashes
// are compared.
// Everybody of that name may have been forgotten meanwhile, or not.
TEST_F(WorkerFaults, AFrozenTwinStopsAtItsFirstAnswer) {
  for (const Nanos frozen : {seconds(5), seconds(40), seconds(200)}) {
    for (const bool reconnects : {false, true}) {
      SCOPED_TRACE(frozen.count());
      options_.unit_time = seconds(8);  // so that the run does not end meanwhile
      Start(1);
      RunToRound(1);
      SimWorker& old = *cluster_->workers()[0];
      const Nanos thaw = cluster_->events().now() + frozen;
      old.Freeze(thaw);
      if (reconnects) cluster_->CutTo(old, frozen - seconds(1));
      SimWorker* successor = nullptr;
      if (frozen < minutes(1)) {
        successor = &cluster_->AddTwin(old);
      } else {
        cluster_->RunFor(seconds(100));
        EXPECT_EQ(cluster_->coordinator().coordinator().membership().members().size(), 0);
        successor = &cluster_->AddTwin(old);
      }
      cluster_->RunUntil([&] { return cluster_->events().now() >= thaw; }, frozen);
      if (reconnects && old.is_alive()) cluster_->Reconnect(&old);
      ASSERT_TRUE(cluster_->RunUntil([&] { return !old.is_alive(); }, seconds(2)));
      EXPECT_TRUE(absl::IsAlreadyExists(*old.exit())) << *old.exit();
      EXPECT_TRUE(successor->is_alive());
      ExpectGoodEnd(minutes(60));
    }
  }
}

TEST_F(WorkerFaults, AFlippedBitIsNoticedAndStoredRegretsAreLoaded) {
  const FakeEngine one_unit(1);
  Use(&one_unit);
  options_.unit_time = milliseconds(900);
  options_.checkpoint_every_rounds = kRounds;  // the log is not cut while it follows
  Start(2);
  RunToRound(3);
  ASSERT_TRUE(cluster_->RunUntil(
      [&] { return cluster_->workers()[0]->is_running() != cluster_->workers()[1]->is_running(); },
      minutes(1)));
  SimWorker& idle = *cluster_->workers()[cluster_->workers()[0]->is_running() ? 1 : 0];
  const uint64_t loaded = idle.worker().counters().tables_loaded;
  for (uint64_t row = 0; row < 48; ++row) idle.FlipBit(row);
  ASSERT_TRUE(cluster_->RunUntil([&] { return Total().divergences > 0; }, minutes(1)));
  EXPECT_TRUE(WasTold("look at that machine's memory"));
  ExpectGoodEnd();
  EXPECT_EQ(idle.worker().counters().tables_loaded, loaded + 1);
  EXPECT_GT(idle.worker().counters().divergences, 0);
}

// Row 34.
TEST_F(WorkerFaults, AHundredJoinsAndLeavesAMinuteDoNotStopProgress) {
  options_.unit_time = milliseconds(700);
  Start(1);
  for (int i = 0; i < 100; ++i) {
    cluster_->RunFor(milliseconds(600));
    const std::vector<SimWorker*> live = cluster_->LiveWorkers();
    if (live.size() >= 3) live[cluster_->random().Below(live.size())]->RequestStop();
    cluster_->AddWorker();
  }
  EXPECT_GT(Rounds(), 10);
  EXPECT_LE(cluster_->coordinator().coordinator().membership().members().size(), 5);
  ExpectGoodEnd();
}

// Row 35.
TEST_F(WorkerFaults, WithoutWorkersTheRunWaits) {
  Start(2);
  RunToRound(5);
  for (SimWorker* worker : cluster_->LiveWorkers()) worker->Kill();
  cluster_->RunFor(minutes(30));
  EXPECT_LE(Rounds(), 6);
  EXPECT_EQ(cluster_->coordinator().coordinator().membership().members().size(), 0);
  cluster_->AddWorker();
  ExpectGoodEnd();
}

TEST_F(WorkerFaults, BucketFilesAreFetchedInPieces) {
  options_.bucket_bytes = 5 * kBucketPartBytes / 2;
  options_.network.loss = 0.2;
  Start(2);
  ExpectGoodEnd(minutes(5));
}

}  // namespace
}  // namespace nash
