// Merged rounds that workers pass on to each other: what the coordinator sends, and what goes
// wrong.
#include <algorithm>

#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

class RelaysTest : public ClusterTest {
 protected:
  RelaysTest() { options_.unit_time = milliseconds(300); }

  void StartRelays(int workers, double lying = 0) {
    cluster_.emplace(options_);
    for (int i = 0; i < workers; ++i) {
      cluster_->AddWorker({.is_relay = true, .relay_lying = i == 0 ? lying : 0});
    }
  }
  uint64_t Sum(uint64_t WorkerCounters::*counter) {
    uint64_t sum = 0;
    for (const auto& worker : cluster_->workers()) sum += worker->worker().counters().*counter;
    return sum;
  }
  // Parts of rounds that the coordinator sends while rounds [from, to) are merged.
  uint64_t PartsSentBetween(uint64_t from, uint64_t to) {
    RunToRound(from);
    cluster_->RunFor(milliseconds(100));  // what was merged before is on its way
    uint64_t parts = 0;
    cluster_->set_coordinator_observer([&](const CoordinatorEnvelope& envelope) {
      parts += std::holds_alternative<RoundPart>(envelope.message);
    });
    RunToRound(to);
    cluster_->RunFor(milliseconds(100));
    cluster_->set_coordinator_observer(nullptr);
    return parts;
  }
  // Nobody was left behind: whoever is alive has followed nearly all rounds.
  void ExpectAllFollowed() {
    for (const auto& worker : cluster_->workers()) {
      if (!worker->is_alive() && !worker->exit().has_value()) continue;  // killed
      EXPECT_GE(worker->worker().counters().rounds_followed, kRounds - 6)
          << worker->sender().identity;
    }
  }
  // That others have their rounds from.
  SimWorker* AParent() {
    for (const auto& child : cluster_->workers()) {
      if (!child->is_alive()) continue;
      const std::string& source = child->worker().relay_place().source_endpoint;
      for (const auto& parent : cluster_->workers()) {
        if (parent->endpoint() == source && parent->is_alive()) return parent.get();
      }
    }
    return nullptr;
  }
};

// 12 workers, fan-out 2: two copies leave the coordinator, as with two workers alone.
TEST_F(RelaysTest, TheCoordinatorSendsTwoCopiesHoweverManyWorkersThereAre) {
  StartRelays(2);
  const uint64_t of_two = PartsSentBetween(5, 10);
  ExpectGoodEnd();
  StartRelays(12);
  const uint64_t of_twelve = PartsSentBetween(5, 10);
  EXPECT_EQ(of_twelve, of_two);
  // Nothing is under way just now; at the run's end parts of the last round may be.
  EXPECT_EQ(Sum(&WorkerCounters::relay_fetched_bytes), Sum(&WorkerCounters::relay_served_bytes));
  ExpectGoodEnd();
  EXPECT_EQ(Sum(&WorkerCounters::relay_fallbacks), 0);
  EXPECT_GT(Sum(&WorkerCounters::early_parts), 0);

  // Without relays each worker is sent one.
  Start(12);
  EXPECT_EQ(PartsSentBetween(5, 10), 6 * of_two);
  ExpectGoodEnd();
}

TEST_F(RelaysTest, WithLagAUnitThatRunsDoesNotHoldUpWhoeverWaits) {
  const FakeEngine lag(5, /*meet_every=*/5);
  Use(&lag);
  StartRelays(2);
  const uint64_t of_two = PartsSentBetween(5, 15);
  ExpectGoodEnd();
  StartRelays(8);
  // A few more than two copies: who is late is sent old rounds by the coordinator.
  EXPECT_LE(PartsSentBetween(5, 15), of_two * 3 / 2);
  ExpectGoodEnd();
  EXPECT_GT(Sum(&WorkerCounters::relay_fetched_bytes), 0);
  EXPECT_EQ(Total().reloads, 0);
}

TEST_F(RelaysTest, ARelayThatDiesOrFallsSilentCostsTimeOnly) {
  for (const bool dies : {true, false}) {
    StartRelays(9);
    for (uint64_t round = 3; round < 12; round += 3) {
      RunToRound(round);
      SimWorker* const parent = AParent();
      ASSERT_NE(parent, nullptr);
      if (dies) {
        parent->Kill();
      } else {
        parent->Freeze(cluster_->events().now() + seconds(8));
      }
    }
    ExpectGoodEnd();
    if (dies) ExpectAllFollowed();
    EXPECT_GT(Sum(&WorkerCounters::relay_fallbacks), 0);
    EXPECT_EQ(Total().divergences, 0);
    EXPECT_EQ(Total().quarantined, 0);
  }
}

// A relay's lies are found by the coordinator's checksums, before any table has them.
TEST_F(RelaysTest, ALiarIsFoundBeforeAnythingOfItIsApplied) {
  StartRelays(9, /*lying=*/1);
  ExpectGoodEnd();
  ExpectAllFollowed();
  EXPECT_GT(Sum(&WorkerCounters::parts_refused), 0);
  EXPECT_EQ(Sum(&WorkerCounters::divergences), 0);
  EXPECT_EQ(Total().divergences, 0);
  EXPECT_EQ(Total().reloads, 0);
}

// Nobody only trails behind the two that the coordinator serves: everybody runs units.
TEST_F(RelaysTest, WhoeverCannotBeReachedIsDoneWithout) {
  options_.unit_time = seconds(4);
  StartRelays(6);
  for (const auto& from : cluster_->workers()) {
    for (const auto& to : cluster_->workers()) cluster_->CutBetween(*from, *to, minutes(10));
  }
  ExpectGoodEnd(minutes(10));
  ExpectAllFollowed();
  for (const auto& worker : cluster_->workers()) {
    EXPECT_GE(worker->worker().counters().units_run, kRounds / 2) << worker->sender().identity;
  }
  EXPECT_EQ(Sum(&WorkerCounters::relay_fetched_bytes), 0);
  EXPECT_EQ(Total().reloads, 0);
}

TEST_F(RelaysTest, LossDelayAndDamageBetweenRelaysOnlyCostTime) {
  options_.network = {.loss = 0.1,
                      .duplication = 0.3,
                      .damage = 0.05,
                      .delay_max = milliseconds(300),
                      .straggling = 0.05};
  StartRelays(7);
  ExpectGoodEnd(minutes(30));
  EXPECT_GT(Sum(&WorkerCounters::relay_fetched_bytes), 0);
  EXPECT_EQ(Total().quarantined, 0);
}

// Room for about two parts: what was forgotten is fetched again.
TEST_F(RelaysTest, ARelayWithLittleMemoryFetchesPartsAgain) {
  options_.worker.relay_bytes_max = 600;
  options_.worker.window_parts = 2;
  StartRelays(7);
  ExpectGoodEnd();
  EXPECT_GT(Sum(&WorkerCounters::relay_fetched_bytes), 0);
}

// It does not know the checksums of rounds that were merged before it came.
TEST_F(RelaysTest, ACoordinatorThatRestartsIsFollowedAgain) {
  StartRelays(7);
  for (uint64_t round = 2; round < 12; round += 3) {
    RunToRound(round);
    cluster_->coordinator().Kill();
  }
  ExpectGoodEnd();
  EXPECT_GT(Sum(&WorkerCounters::relay_fetched_bytes), 0);
}

}  // namespace
}  // namespace nash
