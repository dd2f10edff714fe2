// Channels without keys, on real sockets of this machine.
#include "proto/channel.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/proto/channel_pair.h"
#include "tests/proto/zmtp.h"

namespace nash {
namespace {

constexpr char kAnyPort[] = "tcp://127.0.0.1:*";

// A port where nobody answers, and that nobody else is given meanwhile.
class SilentPort {
 public:
  SilentPort() : file_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(file_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(file_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    endpoint_ = absl::StrCat("tcp://127.0.0.1:", ntohs(address.sin_port));
  }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  ~SilentPort() { close(file_); }
  const std::string& endpoint() const { return endpoint_; }

 private:
  const int file_;
  std::string endpoint_;
};

// On a port that the system gives nobody who does not ask for it, so that it is free again when we
// come back to it.
std::unique_ptr<CoordinatorChannel> ListenOnFixedPort(ChannelContext* context) {
  for (int port = 10000 + getpid() % 20000;; ++port) {
    auto channel = CoordinatorChannel::Listen(
        context, {.endpoints = {absl::StrCat("tcp://127.0.0.1:", port)}});
    if (channel.ok()) return *std::move(channel);
  }
}

// A DEALER that keeps no rules.
zmq::socket_t RawDealer(ChannelContext* context, const CoordinatorChannel& coordinator) {
  zmq::socket_t socket(context->zmq(), zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect(coordinator.endpoints()[0]);
  return socket;
}

TEST(Channel, CarriesFramesBothWaysOverEveryTransport) {
  // Paths of sockets must be short: not in TempDir().
  const std::string path = absl::StrCat("ipc:///tmp/nashville-channel-", getpid());
  for (const std::string& endpoint : {std::string(kAnyPort), path, std::string("inproc://c")}) {
    ChannelContext context;
    const auto coordinator = ListenOn(&context, endpoint);
    const auto worker = ConnectTo(&context, *coordinator);
    const auto hello = Next(coordinator.get(), worker.get(), "hello");
    ASSERT_TRUE(hello.has_value()) << endpoint;
    EXPECT_EQ(hello->frame, "hello");
    EXPECT_EQ(hello->user, "");
    const std::string large(kFrameBytesMax, 'x');
    ASSERT_TRUE(coordinator->Send(hello->peer, large));
    EXPECT_EQ(Next(worker.get()), large) << endpoint;
    ASSERT_TRUE(worker->Send(large));
    EXPECT_EQ(Next(coordinator.get())->frame, large) << endpoint;
  }
}

TEST(Channel, ListensOnSeveralEndpointsAndTellsPeersApart) {
  ChannelContext context;
  auto listening =
      CoordinatorChannel::Listen(&context, {.endpoints = {kAnyPort, "inproc://several"}});
  ASSERT_TRUE(listening.ok()) << listening.status();
  CoordinatorChannel* coordinator = listening->get();
  ASSERT_EQ(coordinator->endpoints().size(), 2);
  std::vector<std::unique_ptr<WorkerChannel>> workers;
  std::vector<PeerId> peers;
  for (const std::string& endpoint : coordinator->endpoints()) {
    workers.push_back(WorkerChannel::Connect(&context, {.endpoint = endpoint}).value());
    peers.push_back(Next(coordinator, workers.back().get(), "hello")->peer);
  }
  EXPECT_NE(peers[0], peers[1]);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(coordinator->Send(peers[i], std::to_string(i)));
    EXPECT_EQ(Next(workers[i].get()), std::to_string(i));
  }
}

TEST(Channel, WakeEndsAWait) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  const auto worker = ConnectTo(&context, *coordinator);
  const auto start = std::chrono::steady_clock::now();
  std::thread waker([&] {
    std::this_thread::sleep_for(kTick);
    coordinator->Wake();
    worker->Wake();
  });
  EXPECT_TRUE(coordinator->Poll(kPatience).empty());
  EXPECT_TRUE(worker->Poll(kPatience).empty());
  waker.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience);
  // It is used up.
  const auto again = std::chrono::steady_clock::now();
  coordinator->Poll(kTick);
  EXPECT_GE(std::chrono::steady_clock::now() - again, kTick);
}

TEST(Channel, NeverBlocksOnAPeerThatDoesNotRead) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  const auto worker = ConnectTo(&context, *coordinator);
  const PeerId peer = Next(coordinator.get(), worker.get(), "hello")->peer;
  const std::string large(kFrameBytesMax, 'x');
  int sent = 0;
  while (coordinator->Send(peer, large)) ASSERT_LT(++sent, 10000);
  EXPECT_GT(sent, 0);
  // Others are served all the same.
  const auto other = ConnectTo(&context, *coordinator);
  const auto hello = Next(coordinator.get(), other.get(), "other");
  ASSERT_TRUE(hello.has_value());
  ASSERT_TRUE(coordinator->Send(hello->peer, "welcome"));
  EXPECT_EQ(Next(other.get()), "welcome");
}

TEST(Channel, SaysThatAPeerIsGone) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  EXPECT_FALSE(coordinator->Send("nobody", "frame"));
  auto worker = ConnectTo(&context, *coordinator);
  const PeerId peer = Next(coordinator.get(), worker.get(), "hello")->peer;
  worker.reset();
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (coordinator->Send(peer, "frame")) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    coordinator->Poll(kTick);
  }
}

TEST(Channel, AWorkerFindsACoordinatorThatComesBack) {
  ChannelContext context;
  auto coordinator = ListenOnFixedPort(&context);
  const std::string endpoint = coordinator->endpoints()[0];
  const auto worker = ConnectTo(&context, *coordinator);
  ASSERT_TRUE(Next(coordinator.get(), worker.get(), "hello").has_value());
  coordinator.reset();
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (worker->Send("lost")) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    worker->Poll(kTick);
  }
  absl::StatusOr<std::unique_ptr<CoordinatorChannel>> again;
  do {  // the old socket closes in the background
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    again = CoordinatorChannel::Listen(&context, {.endpoints = {endpoint}});
  } while (!again.ok());
  EXPECT_EQ(Next(again->get(), worker.get(), "again")->frame, "again");
}

// A listener that does not accept, with room for one: the system drops who else wants to connect,
// as an address does that leads to a machine that has gone.
TEST(Channel, AnAttemptToConnectThatIsLostIsNotWaitedForLong) {
  const int deaf = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(deaf, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(deaf, 0), 0);
  ASSERT_EQ(getsockname(deaf, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::vector<int> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    connect(waiting.back(), reinterpret_cast<sockaddr*>(&address), size);
  }
  ChannelContext context;
  const std::string endpoint = absl::StrCat("tcp://127.0.0.1:", ntohs(address.sin_port));
  const auto worker = *WorkerChannel::Connect(&context, {.endpoint = endpoint});
  // The system repeats an attempt after 1, 3, 7, 15 and 31 s; kernels from 6.5 on after 1, 2, 3, 4,
  // 5, 7, 11, 19 and 35 s.
  const auto heal = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < heal) worker->Poll(kTick);
  EXPECT_EQ(worker->connections(), 0);
  for (const int file : waiting) close(file);
  close(deaf);
  const auto coordinator = *CoordinatorChannel::Listen(&context, {.endpoints = {endpoint}});
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(9);
  while (worker->connections() == 0 && std::chrono::steady_clock::now() < end) {
    coordinator->Poll(kTick);
    worker->Poll(kTick);
  }
  EXPECT_EQ(worker->connections(), 1);
  EXPECT_TRUE(Next(coordinator.get(), worker.get(), "hello").has_value());
}

TEST(Channel, ADroppedPeerIsNotHeard) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  const auto worker = ConnectTo(&context, *coordinator);
  const PeerId peer = Next(coordinator.get(), worker.get(), "hello")->peer;
  ASSERT_TRUE(worker->Send("before"));
  std::this_thread::sleep_for(kTick);
  coordinator->Drop(peer);
  EXPECT_FALSE(coordinator->Send(peer, "frame"));
  worker->Send("after");
  EXPECT_FALSE(Next(coordinator.get(), nullptr, "", kSilence).has_value());
  EXPECT_GE(coordinator->refused_frames(), 1);
  // Its connection has ended; by another it is somebody else.
  const auto again = Next(coordinator.get(), worker.get(), "again");
  ASSERT_TRUE(again.has_value());
  EXPECT_NE(again->peer, peer);
}

TEST(Channel, MessagesOfManyPartsAreThrownAwayWithTheirSender) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  zmq::socket_t raw = RawDealer(&context, *coordinator);
  for (int i = 0; i < 1000; ++i) raw.send(zmq::str_buffer("part"), zmq::send_flags::sndmore);
  raw.send(zmq::str_buffer("last"), zmq::send_flags::none);
  raw.send(zmq::str_buffer("single"), zmq::send_flags::none);
  const auto worker = ConnectTo(&context, *coordinator);
  const auto hello = Next(coordinator.get(), worker.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->frame, "hello");
  EXPECT_FALSE(Next(coordinator.get(), nullptr, "", kSilence).has_value());
  EXPECT_EQ(coordinator->refused_frames(), 2);
}

TEST(Channel, AFrameThatIsTooLargeEndsItsConnectionOnly) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  zmq::socket_t raw = RawDealer(&context, *coordinator);
  raw.send(zmq::message_t(kFrameBytesMax + 1), zmq::send_flags::none);
  const auto worker = ConnectTo(&context, *coordinator);
  EXPECT_EQ(Next(coordinator.get(), worker.get(), "hello")->frame, "hello");
  EXPECT_FALSE(Next(coordinator.get(), nullptr, "", kSilence).has_value());
}

TEST(Channel, RandomBytesAndSilentConnectionsDoNoHarm) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  std::mt19937_64 random(5);
  std::vector<int> files;
  for (int i = 0; i < 100; ++i) {
    const int file = TcpTo(coordinator->endpoints()[0]);
    std::string bytes(random() % 2000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    // Half of them begin as ZMTP 3.1 does.
    if (i % 2 == 0) bytes.insert(0, std::string("\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01", 12));
    if (i % 10 != 0) send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    files.push_back(file);
  }
  // What looks like a frame of ZMTP 1.0 comes through: Decode() is there for that.
  const auto worker = ConnectTo(&context, *coordinator);
  bool is_sent = false;
  bool is_heard = false;
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!is_heard && std::chrono::steady_clock::now() < end) {
    if (!is_sent) is_sent = worker->Send("hello");
    for (const ReceivedFrame& received : coordinator->Poll(kTick)) {
      is_heard |= received.frame == "hello";
    }
  }
  EXPECT_TRUE(is_heard);
  for (const int file : files) close(file);
}

// A name's addresses are those that the system finds: at least one.
TEST(Channel, ListensAndConnectsByName) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, "tcp://localhost:*");
  ASSERT_FALSE(coordinator->endpoints().empty());
  const std::string& bound = coordinator->endpoints()[0];
  const std::string name = absl::StrCat("tcp://localhost", bound.substr(bound.rfind(':')));
  for (const std::string& endpoint : coordinator->endpoints()) {
    EXPECT_TRUE(absl::EndsWith(endpoint, bound.substr(bound.rfind(':')))) << endpoint;
  }
  const auto worker = WorkerChannel::Connect(&context, {.endpoint = name}).value();
  const auto hello = Next(coordinator.get(), worker.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  ASSERT_TRUE(coordinator->Send(hello->peer, "welcome"));
  EXPECT_EQ(Next(worker.get()), "welcome");
}

TEST(Channel, SaysAfterSomeSecondsWhichAddressDoesNotAnswer) {
  ChannelContext context;
  const SilentPort port;
  const std::string endpoint = port.endpoint();
  const auto worker = WorkerChannel::Connect(&context, {.endpoint = endpoint}).value();
  const auto start = std::chrono::steady_clock::now();
  while (worker->trouble().empty() && std::chrono::steady_clock::now() < start + kPatience) {
    worker->Poll(kTick);
  }
  EXPECT_GE(std::chrono::steady_clock::now(), start + std::chrono::seconds(4));
  EXPECT_TRUE(absl::StrContains(worker->trouble(), endpoint.substr(6))) << worker->trouble();
  EXPECT_TRUE(absl::StrContains(worker->trouble(), "cannot be reached")) << worker->trouble();
}

// Nobody uses the channels for longer than a connection is waited for.
TEST(Channel, AStandstillDoesNotEndAConnection) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  const auto worker = ConnectTo(&context, *coordinator);
  const auto hello = Next(coordinator.get(), worker.get(), "hello");
  ASSERT_TRUE(hello.has_value());
  std::this_thread::sleep_for(kHeartbeatTimeout + std::chrono::seconds(1));
  worker->Poll(kTick);
  worker->Poll(kTick);
  EXPECT_EQ(worker->connections(), 1);
  ASSERT_TRUE(coordinator->Send(hello->peer, "still there"));
  EXPECT_EQ(Next(worker.get()), "still there");
}

struct Refused {
  const char* endpoint;
  absl::StatusCode code;
  const char* words;
};

TEST(Channel, WhatCannotBeListenedOnIsTold) {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  const std::string in_use = coordinator->endpoints()[0];
  const std::string long_path = "ipc:///tmp/" + std::string(200, 'x');
  const Refused cases[] = {
      {in_use.c_str(), absl::StatusCode::kUnavailable, "is in use"},
      {"tcp://0.0.0.0:5555", absl::StatusCode::kInvalidArgument, "--insecure"},
      {"tcp://*:5555", absl::StatusCode::kInvalidArgument, "--insecure"},
      {"tcp://[::]:5555", absl::StatusCode::kInvalidArgument, "--insecure"},
      {"tcp://10.0.0.1", absl::StatusCode::kInvalidArgument, "tcp://HOST:PORT"},
      {"tcp://127.0.0.1:99999", absl::StatusCode::kInvalidArgument, "tcp://HOST:PORT"},
      {"udp://127.0.0.1:5555", absl::StatusCode::kInvalidArgument, "tcp://HOST:PORT"},
      {"", absl::StatusCode::kInvalidArgument, "tcp://HOST:PORT"},
      {long_path.c_str(), absl::StatusCode::kInvalidArgument, "shorter path"},
  };
  for (const Refused& c : cases) {
    const auto channel = CoordinatorChannel::Listen(&context, {.endpoints = {c.endpoint}});
    EXPECT_EQ(channel.status().code(), c.code) << c.endpoint << ": " << channel.status();
    EXPECT_TRUE(absl::StrContains(channel.status().message(), c.words)) << channel.status();
  }
  EXPECT_TRUE(
      CoordinatorChannel::Listen(&context, {.endpoints = {"tcp://0.0.0.0:*"}, .insecure = true})
          .ok());
  const auto no_address =
      CoordinatorChannel::Listen(&context, {.endpoints = {"tcp://192.0.2.1:*"}, .insecure = true});
  EXPECT_EQ(no_address.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(no_address.status().message(), "no such address"));
}

TEST(Channel, AnUnknownHostIsTold) {
  ChannelContext context;
  const auto worker = WorkerChannel::Connect(
      &context, {.endpoint = "tcp://no-such-host.invalid:5555", .insecure = true});
  // A machine without a name server cannot know better than to say so.
  EXPECT_TRUE(absl::IsNotFound(worker.status()) || absl::IsUnavailable(worker.status()))
      << worker.status();
  EXPECT_TRUE(absl::StrContains(worker.status().message(), "no-such-host.invalid"));
  EXPECT_EQ(WorkerChannel::Connect(&context, {.endpoint = "tcp://10.0.0.1:5555"}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace nash
