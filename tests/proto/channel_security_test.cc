// Channels with keys: who gets in, and who does not (any more).
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/files.h"
#include "tests/proto/channel_pair.h"

namespace nash {
namespace {

class ChannelSecurity : public ::testing::Test {
 protected:
  ChannelSecurity()
      : list_path_(JoinPath(::testing::TempDir(), "allowed")),
        ours_(MakeKeyPair()),
        known_(MakeKeyPair()) {
    Allow({{known_.public_key, "worker-1"}});
  }

  void Allow(const AllowList& list) {
    std::string text;
    for (const auto& [key, name] : list) absl::StrAppend(&text, key, " ", name, "\n");
    ASSERT_TRUE(WriteFileAtomically(list_path_, text).ok());
  }

  absl::StatusOr<std::unique_ptr<CoordinatorChannel>> Listen() {
    return CoordinatorChannel::Listen(
        &context_,
        {.endpoints = {"tcp://127.0.0.1:*"}, .keys = ours_, .allow_list_path = list_path_});
  }

  std::unique_ptr<WorkerChannel> Connect(const CoordinatorChannel& coordinator,
                                         const KeyPair& keys) {
    return WorkerChannel::Connect(&context_, {.endpoint = coordinator.endpoints()[0],
                                              .keys = keys,
                                              .coordinator_key = ours_.public_key})
        .value();
  }

  ChannelContext context_;
  const std::string list_path_;
  const KeyPair ours_;
  const KeyPair known_;
};

TEST_F(ChannelSecurity, AKnownKeyGetsInUnderItsName) {
  const auto coordinator = Listen().value();
  const auto worker = Connect(*coordinator, known_);
  const auto hello = Next(coordinator.get(), worker.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->frame, "hello");
  EXPECT_EQ(hello->user, "worker-1");
  ASSERT_TRUE(coordinator->Send(hello->peer, "welcome"));
  EXPECT_EQ(Next(worker.get()), "welcome");
  EXPECT_EQ(worker->trouble(), "");
}

TEST_F(ChannelSecurity, AnUnknownKeyIsRefusedAndToldOnce) {
  const auto coordinator = Listen().value();
  const KeyPair stranger = MakeKeyPair();
  const auto worker = Connect(*coordinator, stranger);
  EXPECT_FALSE(Next(coordinator.get(), worker.get(), "hello", kSilence).has_value());
  EXPECT_TRUE(absl::StrContains(worker->trouble(), "allow list")) << worker->trouble();
  const std::vector<std::string> notices = coordinator->TakeNotices();
  ASSERT_EQ(notices.size(), 1) << absl::StrJoin(notices, "\n");
  EXPECT_TRUE(absl::StrContains(notices[0], stranger.public_key)) << notices[0];
  // Once it is let in, it finds its way by itself.
  Allow({{stranger.public_key, "late"}});
  EXPECT_EQ(Next(coordinator.get(), worker.get(), "hello")->user, "late");
}

TEST_F(ChannelSecurity, ARevokedKeyIsCutOffWhileConnected) {
  const auto coordinator = Listen().value();
  const auto worker = Connect(*coordinator, known_);
  const auto hello = Next(coordinator.get(), worker.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  Allow({});
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (coordinator->TakeNotices().empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    coordinator->Poll(kTick);
  }
  const std::vector<KeyChange> changes = coordinator->TakeKeyChanges();
  ASSERT_EQ(changes.size(), 1);
  EXPECT_EQ(changes[0].name, hello->user);
  EXPECT_FALSE(changes[0].is_allowed);
  ASSERT_TRUE(worker->Send("more"));
  EXPECT_FALSE(Next(coordinator.get(), nullptr, "", kSilence).has_value());
  EXPECT_EQ(coordinator->refused_frames(), 1);
}

// As a relay listens.
TEST_F(ChannelSecurity, WithAListThatIsToldThoseComeInThatItNames) {
  const auto relay = CoordinatorChannel::Listen(&context_, {.endpoints = {"tcp://127.0.0.1:*"},
                                                            .keys = ours_,
                                                            .is_allow_list_told = true})
                         .value();
  const auto worker = WorkerChannel::Connect(&context_, {.endpoint = relay->endpoints()[0],
                                                         .keys = known_,
                                                         .coordinator_key = ours_.public_key,
                                                         .refused_pause = kTick})
                          .value();
  EXPECT_FALSE(Next(relay.get(), worker.get(), "too early", kSilence).has_value());
  EXPECT_FALSE(worker->is_up());
  relay->Allow({{known_.public_key, "child"}});
  const auto hello = Next(relay.get(), worker.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->user, "child");
  EXPECT_TRUE(worker->is_up());
  // From then on nothing more of it comes.
  relay->Allow({{MakeKeyPair().public_key, "another"}});
  ASSERT_TRUE(worker->Send("more"));
  EXPECT_FALSE(Next(relay.get(), nullptr, "", kSilence).has_value());
  EXPECT_EQ(relay->refused_frames(), 1);
}

TEST_F(ChannelSecurity, AListThatIsWrittenAgainAsItWasIsNoNews) {
  const auto coordinator = Listen().value();
  const std::string list = ReadFile(list_path_).value();
  ASSERT_TRUE(WriteFileAtomically(list_path_, list + "# the same keys\n").ok());
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  while (std::chrono::steady_clock::now() < end) {
    coordinator->Poll(kTick);
    EXPECT_EQ(coordinator->TakeNotices(), std::vector<std::string>());
  }
  EXPECT_TRUE(coordinator->TakeKeyChanges().empty());
}

TEST_F(ChannelSecurity, WhileTheListCannotBeReadNobodyNewGetsIn) {
  const auto coordinator = Listen().value();
  const auto old = Connect(*coordinator, known_);
  ASSERT_TRUE(Next(coordinator.get(), old.get(), "old").has_value());
  ASSERT_TRUE(WriteFileAtomically(list_path_, "garbage\n").ok());
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (coordinator->TakeNotices().empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    coordinator->Poll(kTick);
  }
  const auto worker = Connect(*coordinator, known_);
  EXPECT_FALSE(Next(coordinator.get(), worker.get(), "new", kSilence).has_value());
  ASSERT_TRUE(old->Send("still here"));
  EXPECT_EQ(Next(coordinator.get())->frame, "still here");
}

TEST_F(ChannelSecurity, APlainClientGetsNowhere) {
  const auto coordinator = Listen().value();
  const auto plain = ConnectTo(&context_, *coordinator);
  EXPECT_FALSE(Next(coordinator.get(), plain.get(), "hello", kSilence).has_value());
  EXPECT_TRUE(absl::StrContains(plain->trouble(), "keys")) << plain->trouble();
  const auto worker = Connect(*coordinator, known_);
  EXPECT_TRUE(Next(coordinator.get(), worker.get(), "hello").has_value());
}

TEST_F(ChannelSecurity, AWorkerDoesNotTalkToAnotherCoordinator) {
  const auto coordinator = Listen().value();
  const auto worker =
      WorkerChannel::Connect(&context_, {.endpoint = coordinator->endpoints()[0],
                                         .keys = known_,
                                         .coordinator_key = MakeKeyPair().public_key})
          .value();
  EXPECT_FALSE(Next(coordinator.get(), worker.get(), "hello", kSilence).has_value());
}

TEST_F(ChannelSecurity, ThreadsOfTheSameProcessNeedNoKey) {
  const auto coordinator =
      CoordinatorChannel::Listen(&context_, {.endpoints = {"tcp://127.0.0.1:*", "inproc://local"},
                                             .keys = ours_,
                                             .allow_list_path = list_path_})
          .value();
  const auto local = WorkerChannel::Connect(&context_, {.endpoint = "inproc://local"}).value();
  const auto hello = Next(coordinator.get(), local.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->user, "");
}

TEST_F(ChannelSecurity, WithoutAListNothingStarts) {
  ASSERT_TRUE(RemoveAll(list_path_).ok());
  EXPECT_EQ(Listen().status().code(), absl::StatusCode::kNotFound);
}

// What ZapHandler relies on: libzmq lets nobody in while a domain is enforced and nobody answers.
TEST_F(ChannelSecurity, WithoutAHandlerNobodyGetsIn) {
  zmq::socket_t router(context_.zmq(), zmq::socket_type::router);
  router.set(zmq::sockopt::linger, 0);
  router.set(zmq::sockopt::curve_server, true);
  router.set(zmq::sockopt::curve_secretkey, ours_.secret_key);
  router.set(zmq::sockopt::zap_domain, kZapDomain);
  const int on = 1;
  ASSERT_EQ(zmq_setsockopt(router.handle(), 93, &on, sizeof(on)), 0);  // ZMQ_ZAP_ENFORCE_DOMAIN
  router.bind("tcp://127.0.0.1:*");
  const auto worker =
      WorkerChannel::Connect(&context_, {.endpoint = router.get(zmq::sockopt::last_endpoint),
                                         .keys = known_,
                                         .coordinator_key = ours_.public_key})
          .value();
  zmq::pollitem_t item = {router.handle(), 0, ZMQ_POLLIN, 0};
  const auto end = std::chrono::steady_clock::now() + kSilence;
  while (std::chrono::steady_clock::now() < end) {
    worker->Send("hello");
    worker->Poll(kTick);
    zmq::poll(&item, 1, std::chrono::milliseconds(0));
    ASSERT_EQ(item.revents, 0);
  }
}

}  // namespace
}  // namespace nash
