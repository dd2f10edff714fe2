// What a worker does with its place among those that pass rounds on; the rest is in relay_test.cc.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/sim/fake_engine.h"
#include "tests/sim/sim_options.h"
#include "worker/worker.h"

namespace nash {
namespace {

constexpr Nanos kNow = std::chrono::seconds(1000);

class WorkerRelays : public ::testing::Test {
 protected:
  WorkerRelays() { options_.relay_endpoint = "tcp://10.0.0.1:1"; }
  // Joins and is told its place.
  void Start() {
    worker_.emplace(options_, replica_.get(), kNow);
    EXPECT_EQ(std::get<Hello>(worker_->TakeOutgoing()[0].message).relay_endpoint,
              "tcp://10.0.0.1:1");
    Say(Welcome{"game", {}, 0, 0, 0});
    Say(place_);
  }
  void Say(CoordinatorMessage message) {
    worker_->OnMessage({kProtocolVersion, kSimFingerprint, generation_, std::move(message)}, kNow);
    worker_->OnTick(kNow);
  }

  const FakeEngine engine_{1};
  const std::unique_ptr<SimReplica> replica_ = engine_.MakeReplica();
  const RelayPlace place_{"tcp://10.0.0.2:1", std::string(40, 's'), {std::string(40, 'c')}};
  WorkerOptions options_;
  uint64_t generation_ = 2;
  std::optional<Worker> worker_;
};

TEST_F(WorkerRelays, ItsPlaceIsThatOfTheCoordinatorWhoseItIs) {
  Start();
  EXPECT_EQ(worker_->relay_place(), place_);
  worker_->OnConnected(kNow);
  ++generation_;
  Say(Welcome{"game", {}, 0, 0, 0});
  EXPECT_EQ(worker_->relay_place(), RelayPlace());
}

TEST_F(WorkerRelays, BesideTheCoordinatorItHasRoundsFromThere) {
  options_.is_local = true;
  Start();
  EXPECT_EQ(worker_->relay_place(), (RelayPlace{"", "", place_.child_keys}));
}

TEST_F(WorkerRelays, OfOtherWorkersItHearsWhatRelaysSayAndNothingElse) {
  Start();
  worker_->TakeOutgoing();
  const std::string of = kSimFingerprint, other(32, '0');
  worker_->OnPeerMessage("a", {kProtocolVersion, of, 2, Goodbye{"now"}}, kNow);
  worker_->OnPeerMessage("a", {kProtocolVersion, other, 2, FetchRound{0, 0, 1}}, kNow);
  worker_->OnSourceMessage({kProtocolVersion, of, 2, Refusal{RefusalReason::kDraining, ""}}, kNow);
  EXPECT_TRUE(worker_->TakeOutgoing().empty());
  EXPECT_FALSE(worker_->stopped().has_value());
  worker_->OnPeerMessage("a", {kProtocolVersion, of, 2, FetchRound{0, 0, 1}}, kNow);
  EXPECT_TRUE(worker_->TakeOutgoing().empty()) << "checksums of a round that grows are told";
  Say(RoundMerged{0, 1, 0, 0, 1});
  int asked = 0;
  for (const WorkerEnvelope& envelope : worker_->TakeOutgoing()) {
    asked += envelope.message == WorkerMessage(FetchChecksums{0});
  }
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace nash
