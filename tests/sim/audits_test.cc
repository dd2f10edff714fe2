// Audits of some rounds only, and what they cost: what a worker that is caught gave before is taken
// back.
#include <iostream>

#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

class Audits : public ClusterTest {
 protected:
  static constexpr uint64_t kManyRounds = 60;

  Audits() { UseRounds(&engine_); }
  void UseRounds(const Engine* engine) {
    reference_ = engine->RunUndisturbed(kManyRounds);
    options_.engine = engine;
    options_.rounds = kManyRounds;
    options_.coordinator.audit_fraction = 0.1;
    options_.may_merge_wrong = true;
  }
  SimCoordinator& coordinator() { return cluster_->coordinator(); }
  void ExpectNobodyElseShutOut(const SimWorker& liar) {
    for (const auto& worker : cluster_->workers()) {
      if (worker.get() == &liar) continue;
      EXPECT_TRUE(!worker->exit() || worker->exit()->ok())
          << "seed " << options_.seed << ": an honest worker was shut out: " << *worker->exit();
    }
  }
  void ExpectLiarCaught(const SimWorker& liar) {
    cluster_->RunFor(minutes(1));
    ASSERT_TRUE(liar.exit()) << "seed " << options_.seed;
    EXPECT_TRUE(absl::IsPermissionDenied(*liar.exit())) << *liar.exit();
    EXPECT_EQ(Total().quarantined, 1) << "seed " << options_.seed;
    ExpectNobodyElseShutOut(liar);
  }
};

// Whether it is wrong from the beginning, or its memory fails later.
TEST_F(Audits, WhatACaughtWorkerGaveIsTakenBackAndTheEndIsThatOfAnHonestRun) {
  uint64_t wrong = 0, taken_back = 0, audited = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    options_.seed = seed;
    options_.checkpoint_every_rounds = 1 + seed % 5;
    Start(3);
    SimWorker& liar = cluster_->AddWorker({.lying = 1, .wrong_from = seed % 4 * 12});
    ExpectGoodEnd(minutes(5));
    ExpectLiarCaught(liar);
    wrong += coordinator().wrong_rounds();
    taken_back += Total().rounds_taken_back;
    audited += Total().rounds_audited;
  }
  // In the mean some rounds of 60 are wrong until an audit comes, which is every tenth.
  EXPECT_GT(wrong, 50);
  EXPECT_GT(taken_back, wrong / 2);
  EXPECT_GT(audited, 30 * 4);
  EXPECT_LT(audited, 30 * 12);
}

TEST_F(Audits, TheSameWithLagWhereMeetingsAreAudited) {
  const FakeEngine engine(5, /*meet_every=*/6);
  UseRounds(&engine);
  options_.coordinator.audit_fraction = 0.05;  // of meetings 0.3
  uint64_t wrong = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    options_.seed = seed;
    Start(4);
    SimWorker& liar = cluster_->AddWorker({.lying = 1, .wrong_from = seed % 4 * 12});
    const absl::Status status = cluster_->RunToEnd(minutes(5));
    wrong += coordinator().wrong_rounds();
    // Rounds after the last meeting are not audited, so what is wrong there first stays.
    if (Total().quarantined == 0) continue;
    EXPECT_TRUE(status.ok()) << "seed " << seed << ": " << status << cluster_->Describe();
    ExpectLiarCaught(liar);
  }
  EXPECT_GT(wrong, 50);
}

// What was known of who gave what is gone then: more is taken back, and nothing too little.
TEST_F(Audits, CoordinatorsMayBeKilledMeanwhile) {
  uint64_t restarts = 0, wrong = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    options_.seed = seed;
    Start(3);
    SimWorker& liar = cluster_->AddWorker({.lying = 1, .wrong_from = 10});
    for (int kill = 0; kill < 3; ++kill) {
      cluster_->RunFor(milliseconds(500 + 300 * seed));
      if (coordinator().is_alive() && !coordinator().done()) coordinator().Kill();
    }
    ExpectGoodEnd(minutes(5));
    ExpectLiarCaught(liar);
    restarts += coordinator().restarts();
    wrong += coordinator().wrong_rounds();
  }
  EXPECT_GT(restarts, 50);
  EXPECT_GT(wrong, 20);
}

TEST_F(Audits, ChangeNoByteHoweverManyThereAre) {
  options_.may_merge_wrong = false;
  for (const double fraction : {0.0, 0.02, 0.3, 1.0}) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      options_.seed = seed;
      options_.coordinator.audit_fraction = fraction;
      Start(1 + static_cast<int>(seed));
      ExpectGoodEnd(minutes(10));
      EXPECT_EQ(Total().disputes, 0);
      EXPECT_EQ(Total().quarantined, 0);
      EXPECT_EQ(Total().rounds_audited > 0, fraction > 0);
      if (fraction == 1) {
        EXPECT_EQ(Total().rounds_audited, kManyRounds);
      }
    }
  }
}

// Where each worker runs one unit of a round, an audited round takes twice as long: a tenth of the
// rounds costs a tenth of the time, however many units there are.
TEST_F(Audits, CostTheShareOfTheRoundsThatAreAudited) {
  const FakeEngine engine(16);
  UseRounds(&engine);
  uint64_t units = 0;
  const auto seconds_of = [&](double fraction) {
    double seconds_taken = 0;
    units = 0;
    options_.coordinator.audit_fraction = fraction;
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      options_.seed = seed;
      Start(16);
      const Nanos start = cluster_->events().now();
      ExpectGoodEnd(minutes(10));
      seconds_taken += std::chrono::duration<double>(cluster_->events().now() - start).count();
      units += Total().units_done;
    }
    return seconds_taken;
  };
  options_.unit_time = seconds(2);  // so that messages take little of it
  const double plain = seconds_of(0);
  const double plain_units = static_cast<double>(units);
  const double ratio = seconds_of(0.1) / plain;
  const double more = static_cast<double>(units) / plain_units;
  std::cerr << "audits of a tenth of the rounds: units run " << more << " times, time " << ratio
            << " times\n";
  EXPECT_GT(more, 1.04);
  EXPECT_LT(more, 1.2);
  EXPECT_NEAR(ratio, more, 0.05);
}

TEST_F(Audits, OfTwoWorkersTheHonestOneComesBack) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    options_.seed = seed;
    Start(1);
    SimWorker& liar = cluster_->AddWorker({.lying = 1});
    ASSERT_TRUE(cluster_->RunUntil(
        [&] { return coordinator().is_alive() && coordinator().coordinator().lacks_arbiter(); },
        minutes(5)));
    cluster_->AddWorker();  // in a real cluster the coordinator's own, after five seconds
    ExpectGoodEnd(minutes(5));
    ExpectLiarCaught(liar);
    EXPECT_TRUE(WasTold("may come in again"));
  }
}

TEST_F(Audits, ALoneWorkersAuditsWaitForAnAuditor) {
  options_.coordinator.audit_wait = minutes(10);
  Start(2);
  cluster_->RunFor(milliseconds(500));
  cluster_->workers()[1]->Kill();  // and is a member for a minute more
  ASSERT_TRUE(
      cluster_->RunUntil([&] { return coordinator().coordinator().lacks_auditor(); }, seconds(40)));
  const uint64_t round = Rounds();
  cluster_->RunFor(seconds(90));
  EXPECT_EQ(Rounds(), round);
  cluster_->AddWorker();
  EXPECT_TRUE(cluster_->RunUntil([&] { return !coordinator().coordinator().awaits_audits(); },
                                 seconds(20)));
  ExpectGoodEnd();
  EXPECT_EQ(Total().audits_waived, 0);
}

}  // namespace
}  // namespace nash
