// Rounds that start before the round before them is merged (solver/cfr/lines.h).
#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

class Lag : public ClusterTest {
 protected:
  Lag() { Use(&lagging_); }
  const FakeEngine lagging_{5, /*meet_every=*/4};
};

TEST_F(Lag, EveryUnitIsRunOnceWhereNothingHappens) {
  for (const int workers : {1, 2, 3, 5, 7, 5, 7, 9, 5, 7, 9}) {
    SCOPED_TRACE(workers);
    ++options_.seed;
    Start(workers);
    ExpectGoodEnd();
    EXPECT_EQ(Total().units_done, kRounds * lagging_.shape().units);
    EXPECT_EQ(Total().leases_granted, kRounds * lagging_.shape().units);
    EXPECT_EQ(Total().leases_expired, 0);
    EXPECT_EQ(Total().leases_resent, 0);
    EXPECT_EQ(Total().reloads, 0);
  }
}

TEST_F(Lag, AuditsAreMadeWhileTheirTableIsThere) {
  options_.coordinator.audit_fraction = 1;
  Start(3);
  ExpectGoodEnd();
  EXPECT_EQ(Total().units_done, 2 * kRounds * lagging_.shape().units);
  EXPECT_EQ(Total().leases_expired, 0);
  EXPECT_EQ(Total().reloads, 0);
}

// What a unit starts from is with the worker that ran its line before, or with the coordinator.
TEST_F(Lag, AnotherWorkerTakesUpALine) {
  Start(1);
  uint64_t parts = 0;
  cluster_->set_coordinator_observer([&parts](const CoordinatorEnvelope& envelope) {
    parts += std::holds_alternative<StartPart>(envelope.message);
  });
  RunToRound(5);
  EXPECT_EQ(parts, 0);
  cluster_->AddWorker();
  cluster_->workers()[0]->Kill();
  ExpectGoodEnd();
  EXPECT_GT(parts, 0);
}

// Everybody else has gone on to a newer table than the lost unit starts from.
TEST_F(Lag, SomebodyGoesBackForAUnitWhoseWorkerDied) {
  Start(4);
  SimWorker& slow = cluster_->AddWorker({.slowness = 50});
  ASSERT_TRUE(cluster_->RunUntil(
      [&] { return slow.is_running() && slow.worker().counters().units_run > 0; }, minutes(5)));
  cluster_->RunFor(milliseconds(900));
  slow.Kill();
  ExpectGoodEnd();
  EXPECT_TRUE(WasTold("a unit that starts from an older table has lost its worker"));
}

TEST_F(Lag, ARestartedCoordinatorGoesOnFromTheLastMeeting) {
  Start(3);
  RunToRound(7);
  cluster_->coordinator().Kill();
  ASSERT_TRUE(cluster_->RunUntil([&] { return cluster_->coordinator().is_alive(); }, seconds(9)));
  EXPECT_EQ(Rounds(), 4);
  ExpectGoodEnd();
}

// Stopped and continued, or suspended with its machine: connections may outlive that, or not.
TEST_F(Lag, ACoordinatorThatStoodStillGoesOnWithinSeconds) {
  options_.rounds = kRounds;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    options_.seed = seed;
    Start(3);
    cluster_->RunFor(milliseconds(300 + 37 * seed));
    const Nanos still = seconds(seed % 2 == 0 ? 20 : 70);
    cluster_->coordinator().Freeze(cluster_->events().now() + still);
    const bool loses = seed % 3 != 0;  // what is sent meanwhile
    const bool breaks = seed % 3 == 1;
    for (SimWorker* worker : cluster_->LiveWorkers()) {
      if (loses) cluster_->CutFrom(*worker, still);
    }
    cluster_->RunFor(still);
    for (SimWorker* worker : cluster_->LiveWorkers()) {
      if (breaks) cluster_->Reconnect(worker);
    }
    const uint64_t rounds = Rounds();
    ASSERT_LT(rounds, kRounds);
    EXPECT_TRUE(cluster_->RunUntil([&] { return Rounds() > rounds; }, seconds(5)))
        << cluster_->Describe();
    ExpectGoodEnd();
  }
}

// A result that starts from a wrong one is wrong as well, whoever made it, and nobody's fault.
TEST_F(Lag, WhatStartsFromAWrongResultIsRunAgain) {
  options_.coordinator.audit_fraction = 1;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    options_.seed = seed;
    Start(4);
    cluster_->RunFor(milliseconds(500));
    cluster_->AddWorker({.lying = 0.3});
    ExpectGoodEnd(minutes(5));
    EXPECT_LE(Total().quarantined, 1) << "seed " << seed;
  }
}

}  // namespace
}  // namespace nash
