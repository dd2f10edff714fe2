// Faults of the network, by the rows of the fault matrix (docs/reliability.md).
#include "proto/codec.h"
#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

using NetworkFaultsTest = ClusterTest;

// Row 10.
TEST_F(NetworkFaultsTest, AWorkerComesBackAfterACut) {
  for (const Nanos time : {Nanos(seconds(8)), Nanos(minutes(5))}) {
    options_.unit_time = seconds(20);
    Start(2);
    RunToRound(2);
    SimWorker& cut = *cluster_->workers()[0];
    const uint64_t run = cut.worker().counters().units_run;
    cluster_->CutTo(cut, time);
    cluster_->CutFrom(cut, time);
    cluster_->RunFor(time);
    // After the long one it has been forgotten.
    EXPECT_EQ(cluster_->coordinator().coordinator().membership().members().size(),
              time > seconds(60) ? 1 : 2);
    ExpectGoodEnd(minutes(30));
    EXPECT_GT(cut.worker().counters().units_run, run + 10);
  }
}

TEST_F(NetworkFaultsTest, AfterALongCutTheLogMayNotReachBackAndStoredRegretsAreLoaded) {
  options_.unit_time = seconds(2);
  options_.checkpoint_every_rounds = 2;
  Start(2);
  RunToRound(2);
  SimWorker& cut = *cluster_->workers()[0];
  cluster_->CutTo(cut, seconds(70));
  cluster_->CutFrom(cut, seconds(70));
  cluster_->RunFor(seconds(70));
  ASSERT_FALSE(cluster_->coordinator().done());
  ExpectGoodEnd(minutes(10));
  EXPECT_EQ(cut.worker().counters().tables_loaded, 2);
}

// Row 11.
TEST_F(NetworkFaultsTest, AOneWayCutEndsTheLease) {
  for (const bool from : {true, false}) {
    Start(2);
    RunToRound(2);
    SimWorker& cut = *cluster_->workers()[0];
    RunUntilBusy(cut);
    if (from) {
      cluster_->CutFrom(cut, minutes(10));
    } else {
      cluster_->CutTo(cut, minutes(10));
    }
    ExpectGoodEnd(minutes(1));
    EXPECT_TRUE(Total().leases_expired > 0 || Total().leases_second > 0);
  }
}

// Row 12.
TEST_F(NetworkFaultsTest, LossDelayDuplicationAndReorderingOnlyCostTime) {
  for (const double loss : {0.0, 0.1, 0.4}) {
    options_.network = {.loss = loss,
                        .duplication = 0.3,
                        .delay_min = milliseconds(1),
                        .delay_max = milliseconds(300),
                        .straggling = 0.05,
                        .straggle_max = seconds(10)};
    Start(3);
    ExpectGoodEnd(minutes(30));
    EXPECT_EQ(Total().quarantined, 0);
  }
}

// A frame that came to harm says nothing about who sent it.
TEST_F(NetworkFaultsTest, DamagedFramesAreCountedAndDroppedAndNobodyIsShutOut) {
  options_.network.damage = 0.1;
  Start(3);
  ExpectGoodEnd(minutes(30));
  EXPECT_GT(cluster_->network().damaged(), 50);
  // A few are still under way.
  EXPECT_LE(cluster_->damaged_frames(), cluster_->network().damaged());
  EXPECT_GE(cluster_->damaged_frames() + 10, cluster_->network().damaged());
  EXPECT_EQ(Total().quarantined, 0);
  EXPECT_EQ(Total().malformed, 0);
}

// Row 13. A unit of these has seven parts of about 400 bytes a frame; the cap makes a part take 0.1
// s and stored regrets seconds.
class NarrowLinks : public ClusterTest {
 protected:
  static constexpr uint64_t kWindow = 4;
  static constexpr uint64_t kFrameBytes = 500;  // no frame of this engine is larger
  // Besides parts: at most so many small messages stand in a queue.
  static constexpr uint64_t kSmallMessages = 6;

  NarrowLinks() {
    options_.network.bytes_per_second = 4000;
    options_.worker.window_parts = kWindow;
    options_.unit_time = seconds(2);
  }
  void ExpectBoundedQueues() {
    for (const auto& worker : cluster_->workers()) {
      const std::string& name = worker->sender().identity;
      for (const auto& link : {cluster_->network().link(name, SimCluster::kCoordinator),
                               cluster_->network().link(SimCluster::kCoordinator, name)}) {
        EXPECT_GT(link.bytes, 20 * kFrameBytes) << name;
        EXPECT_LE(link.waiting_bytes_max, (kWindow + kSmallMessages) * kFrameBytes) << name;
        EXPECT_EQ(link.dropped_frames, 0) << name;
      }
    }
  }
};

TEST_F(NarrowLinks, WhatIsUnderWayStaysWithinTheWindow) {
  Start(2);
  RunToRound(8);
  cluster_->AddWorker();  // loads regrets and follows meanwhile
  ExpectGoodEnd(minutes(30));
  ExpectBoundedQueues();
}

TEST_F(NarrowLinks, SoItDoesWhenAllResultsOfARoundAreSentAgain) {
  options_.unit_time = milliseconds(500);
  Start(1);
  for (uint64_t round = 2; round < 8; round += 2) {
    RunToRound(round);
    const uint64_t units = Total().units_done;
    ASSERT_TRUE(cluster_->RunUntil([&] { return Total().units_done >= units + 4; }, minutes(2)));
    cluster_->coordinator().Kill();
  }
  ExpectGoodEnd(minutes(30));
  ExpectBoundedQueues();
}

// Row 14: everything the worker says arrives, no answer does.
TEST_F(NetworkFaultsTest, WithoutAcknowledgementsResultsAreSentAgainAndDropped) {
  options_.unit_time = seconds(4);
  Start(2);
  RunToRound(1);
  SimWorker& worker = *cluster_->workers()[0];
  RunUntilBusy(worker);
  cluster_->CutTo(worker, seconds(7));
  ASSERT_TRUE(cluster_->RunUntil([&] { return Total().parts_repeated > 0; }, minutes(1)));
  ExpectGoodEnd(minutes(10));
}

// Row 15.
TEST_F(NetworkFaultsTest, ReplayedResultsAreAcknowledgedAgainAndNotMergedAgain) {
  Start(2);
  std::vector<WorkerEnvelope> recorded;
  cluster_->set_worker_observer([&](const WorkerEnvelope& envelope) {
    if (std::holds_alternative<DeltaPart>(envelope.message) ||
        std::holds_alternative<UnitClaim>(envelope.message)) {
      recorded.push_back(envelope);
    }
  });
  RunToRound(10);
  cluster_->set_worker_observer(nullptr);
  for (const WorkerEnvelope& envelope : recorded) {
    cluster_->SendToCoordinator(cluster_->workers()[1]->sender(), Encode(envelope));
  }
  const uint64_t late = Total().parts_late;
  cluster_->RunFor(seconds(1));
  EXPECT_GT(Total().parts_late, late + recorded.size() / 2);
  ExpectGoodEnd();
}

TEST_F(NetworkFaultsTest, ANewConnectionOfTheSameProcessIsNoTwin) {
  Start(2);
  for (uint64_t round = 1; round < 10; ++round) {
    RunToRound(round);
    cluster_->Reconnect(cluster_->workers()[0].get());
  }
  ExpectGoodEnd();
  EXPECT_EQ(Total().superseded, 0);
  EXPECT_GT(cluster_->workers()[0]->worker().counters().joins, 5);
  EXPECT_EQ(cluster_->workers()[0]->worker().counters().tables_loaded, 1);
}

}  // namespace
}  // namespace nash
