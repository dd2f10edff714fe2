// Peers that are wrong, on purpose or not, by the rows of the fault matrix (docs/reliability.md).
#include "absl/strings/str_cat.h"
#include "proto/codec.h"
#include "tests/sim/cluster_fixture.h"

namespace nash {
namespace {

using HostilePeers = ClusterTest;

// Row 22. Seeds choose among all ways of being wrong.
TEST_F(HostilePeers, WhoeverSendsWhatCannotBeRightIsShutOut) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    options_.seed = seed;
    Start(2);
    SimWorker& hostile = cluster_->AddWorker({.is_hostile = true});
    ExpectGoodEnd();
    ASSERT_TRUE(hostile.exit()) << "seed " << seed;
    EXPECT_TRUE(absl::IsPermissionDenied(*hostile.exit())) << *hostile.exit();
    EXPECT_EQ(Total().quarantined, 1) << "seed " << seed;
  }
}

// Row 36.
TEST_F(HostilePeers, OfTwoWorkersThatDisagreeAThirdSaysWhoIsRight) {
  options_.coordinator.audit_fraction = 1;
  Start(1);
  SimWorker& honest = *cluster_->workers()[0];
  SimWorker& liar = cluster_->AddWorker({.lying = 1});
  ASSERT_TRUE(cluster_->RunUntil([&] { return Total().disputes > 0; }, minutes(1)));
  EXPECT_GT(Total().rolled_back, 0);
  // Nothing that only one vouches for is kept, and both wait.
  cluster_->RunFor(seconds(30));
  EXPECT_EQ(Rounds(), 0);
  EXPECT_TRUE(honest.is_alive());
  EXPECT_TRUE(liar.is_alive());
  EXPECT_TRUE(cluster_->coordinator().coordinator().lacks_arbiter());
  const uint64_t joins = honest.worker().counters().joins;
  cluster_->AddWorker();
  ExpectGoodEnd();
  EXPECT_EQ(Total().quarantined, 1);
  ASSERT_TRUE(liar.exit());
  EXPECT_TRUE(absl::IsPermissionDenied(*liar.exit())) << *liar.exit();
  EXPECT_GT(honest.worker().counters().joins, joins);
  EXPECT_TRUE(WasTold("may come in again"));
}

// Whoever of them is killed, and whenever: the run ends as an undisturbed one, and no honest worker
// is shut out.
TEST_F(HostilePeers, ProcessesMayBeKilledWhileAThirdResultDecides) {
  enum Victim { kCoordinator, kThird, kHonest, kLiar, kVictims };
  options_.coordinator.audit_fraction = 1;
  int undecided = 0;  // when the victim was killed
  for (int victim = 0; victim < kVictims; ++victim) {
    for (uint64_t seed = 1; seed <= 15; ++seed) {
      options_.seed = seed;
      Start(1);
      const auto& workers = cluster_->workers();
      SimWorker& liar = cluster_->AddWorker({.lying = 1});
      ASSERT_TRUE(cluster_->RunUntil([&] { return Total().disputes > 0; }, minutes(1)));
      SimWorker& third = cluster_->AddWorker();
      RunUntilBusy(third);
      cluster_->RunFor(milliseconds(20 * seed));
      const bool was_alive = cluster_->coordinator().is_alive();
      undecided += was_alive && cluster_->coordinator().coordinator().has_disputes();
      if (victim == kCoordinator) cluster_->coordinator().Kill();
      if (victim == kThird) third.Kill();
      if (victim == kHonest) workers[0]->Kill();
      if (victim == kLiar) liar.Kill();
      cluster_->RunFor(seconds(5));
      // All that are there may have contradicted each other: then somebody else must say who is
      // right (in a real cluster the coordinator does, where nobody comes).
      for (int i = 0; i < 2; ++i) cluster_->AddWorker();
      ExpectGoodEnd(minutes(5));
      for (const auto& worker : workers) {
        if (worker.get() == &liar) continue;
        EXPECT_TRUE(!worker->exit() || worker->exit()->ok())
            << "victim " << victim << ", seed " << seed
            << ": an honest worker was shut out: " << *worker->exit();
      }
    }
  }
  EXPECT_GT(undecided, 20);
}

TEST_F(HostilePeers, AThirdResultThatAgreesWithNobodyDecidesNothing) {
  options_.coordinator.audit_fraction = 1;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    options_.seed = seed;
    Start(3);
    for (int liar = 0; liar < 3; ++liar) cluster_->AddWorker({.lying = 1});
    // All six may contradict each other in pairs: then somebody else must come.
    const auto is_over = [&] {
      return cluster_->coordinator().done() ||
             cluster_->coordinator().coordinator().lacks_arbiter();
    };
    ASSERT_TRUE(cluster_->RunUntil(is_over, minutes(2))) << cluster_->Describe();
    if (!cluster_->coordinator().done()) cluster_->AddWorker();
    ExpectGoodEnd();
    EXPECT_LE(Total().quarantined, 3) << "seed " << seed;
    EXPECT_GE(Total().quarantined, 1) << "seed " << seed;
    for (int worker = 0; worker < 3; ++worker) {
      const auto& exit = cluster_->workers()[worker]->exit();
      EXPECT_TRUE(!exit || exit->ok()) << "an honest worker was shut out: " << *exit;
    }
  }
}

TEST_F(HostilePeers, OtherWorkersSendTheRoundAgainThatWasTakenBack) {
  options_.coordinator.audit_fraction = 1;
  Start(4);
  cluster_->RunFor(milliseconds(100));
  cluster_->AddWorker({.lying = 1});
  ASSERT_TRUE(cluster_->RunUntil([&] { return Total().rolled_back > 0; }, minutes(1)));
  ExpectGoodEnd();
  EXPECT_EQ(Total().quarantined, 1);
}

TEST_F(HostilePeers, AnAuditIsWaivedWhereThereIsNoSecondWorker) {
  options_.coordinator.audit_fraction = 1;
  options_.coordinator.audit_wait = seconds(20);
  Start(1);
  ExpectGoodEnd();
  EXPECT_EQ(Total().audits_waived, kRounds * engine_.shape().units);
  EXPECT_TRUE(WasTold("audits are waived"));
}

// Rows 16 and 25.
TEST_F(HostilePeers, AWorkerOfAnotherRunIsRefusedAndToldBoth) {
  options_.worker.fingerprint = "ffffffffffffffffffffffffffffffff";
  Start(1);
  SimWorker& other = *cluster_->workers()[0];
  ASSERT_TRUE(cluster_->RunUntil([&] { return !other.is_alive(); }, seconds(10)));
  EXPECT_TRUE(absl::IsFailedPrecondition(*other.exit()));
  for (const std::string& named : {std::string(kSimFingerprint), options_.worker.fingerprint}) {
    EXPECT_NE(other.exit()->message().find(named), absl::string_view::npos) << *other.exit();
  }
}

// Row 24. A member's frame of another version is taken for a damaged one.
TEST_F(HostilePeers, AnotherProtocolVersionIsRefusedAndToldBoth) {
  Start(1);
  // What another process says, through a connection whose answers can be heard.
  const Sender stranger{"stranger", cluster_->AddWorker().sender().connection};
  std::optional<Refusal> refusal;
  cluster_->set_coordinator_observer([&](const CoordinatorEnvelope& envelope) {
    if (const auto* message = std::get_if<Refusal>(&envelope.message)) refusal = *message;
  });
  std::string hello = Encode(Fitting(Hello{"new", 1, 1, Hello::kNoTable}));
  hello[8] = 77;
  cluster_->SendToCoordinator(stranger, hello);
  cluster_->RunFor(seconds(1));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, RefusalReason::kProtocol);
  for (const std::string& version :
       {std::string("version 77 "), absl::StrCat("version ", kProtocolVersion, " ")}) {
    EXPECT_NE(refusal->text.find(version), std::string::npos) << refusal->text;
  }
  refusal.reset();
  RunToRound(2);
  cluster_->SendToCoordinator(cluster_->workers()[0]->sender(), hello);
  ExpectGoodEnd();
  EXPECT_EQ(cluster_->damaged_frames(), 1);
}

// Row 22. The codec decides which way a message goes; whoever sends one the wrong way meant it.
TEST_F(HostilePeers, AWorkerThatSpeaksAsACoordinatorIsShutOut) {
  Start(2);
  RunToRound(2);
  SimWorker& liar = *cluster_->workers()[0];
  const CoordinatorEnvelope reload = {kProtocolVersion, kSimFingerprint,
                                      cluster_->coordinator().disk().generation, Reload{}};
  cluster_->SendToCoordinator(liar.sender(), Encode(reload));
  ASSERT_TRUE(cluster_->RunUntil([&] { return !liar.is_alive(); }, seconds(10)));
  EXPECT_TRUE(absl::IsPermissionDenied(*liar.exit()));
  EXPECT_TRUE(WasTold("is shut out: a message that only coordinators send"));
  ExpectGoodEnd();
}

// Row 18, as far as it is ours: the key is refused by ZAP when it connects, and here when it was
// connected already.
TEST_F(HostilePeers, AnIdentityThatIsRevokedIsShutOutAndItsRoundTakenBack) {
  Start(2);
  RunToRound(3);
  SimWorker& revoked = *cluster_->workers()[0];
  cluster_->coordinator().coordinator().Revoke(revoked.sender().identity, cluster_->events().now());
  ASSERT_TRUE(cluster_->RunUntil([&] { return !revoked.is_alive(); }, seconds(10)));
  EXPECT_TRUE(absl::IsPermissionDenied(*revoked.exit()));
  SimWorker& again = cluster_->AddTwin(revoked);
  ASSERT_TRUE(cluster_->RunUntil([&] { return !again.is_alive(); }, seconds(10)));
  ExpectGoodEnd();
}

TEST_F(HostilePeers, ThereIsRoomForSoManyWorkersAndTheOthersWait) {
  options_.coordinator.members_max = 2;
  Start(3);
  RunToRound(2);
  const auto& all = cluster_->workers();
  const auto found = std::find_if(all.begin(), all.end(), [](const auto& worker) {
    return worker->worker().waiting_for() == "there are 2 workers already";
  });
  ASSERT_NE(found, all.end());
  SimWorker& waiting = **found;
  all[found == all.begin()]->RequestStop();  // one of the others
  ASSERT_TRUE(cluster_->RunUntil([&] { return waiting.is_running(); }, minutes(2)) ||
              cluster_->coordinator().done());
  ExpectGoodEnd();
}

}  // namespace
}  // namespace nash
