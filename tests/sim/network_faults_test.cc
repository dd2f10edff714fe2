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

TEST_F(NetworkFaultsTest, AfterALongCutTheLogMayNotReachBackAndASnapshotIsLoaded) {
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
  EXPECT_EQ(cut.worker().counters().snapshots_loaded, 2);
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
  std::vector<Envelope> recorded;
  cluster_->set_observer([&](const Envelope& envelope) {
    if (std::holds_alternative<DeltaPart>(envelope.message) ||
        std::holds_alternative<UnitDone>(envelope.message)) {
      recorded.push_back(envelope);
    }
  });
  RunToRound(10);
  cluster_->set_observer(nullptr);
  for (const Envelope& envelope : recorded) {
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
  EXPECT_EQ(cluster_->workers()[0]->worker().counters().snapshots_loaded, 1);
}

}  // namespace
}  // namespace nash
