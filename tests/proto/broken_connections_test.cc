// Connections that break while much waits to be read: libzmq 4.3.4 ends the process where a
// heartbeat is due then (zeromq/libzmq#4364), and must not get there.
//
//   broken_connections_test --tries=100000      a long loop
#include <gflags/gflags.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/proto/channel_pair.h"
#include "tests/proto/zmtp.h"

DEFINE_int32(tries, 40, "Connections of each kind");
DEFINE_uint64(seed, 1, "Of what is drawn");
DEFINE_bool(serve, false, "Be the process that a test stops and continues");

namespace nash {
namespace {

constexpr char kAnyPort[] = "tcp://127.0.0.1:*";

class BrokenConnections : public ::testing::Test {
 protected:
  void ExpectAlive() {
    const auto worker = ConnectTo(&context_, *coordinator_);
    const auto hello = Next(coordinator_.get(), worker.get(), "hello");
    ASSERT_TRUE(hello.has_value());
  }

  ChannelContext context_;
  const std::unique_ptr<CoordinatorChannel> coordinator_ = ListenOn(&context_, kAnyPort);
};

// The bare pattern: frames past any limit, libzmq's own heartbeats among them, and a reset, while
// nobody reads. With a limit of libzmq's each try ends the process.
TEST_F(BrokenConnections, WhilePingsWaitBehindOtherFrames) {
  std::string flood;
  for (int i = 0; i < 1000; ++i) {
    flood += ZmtpPeer::Frame("x");
    if (i % 10 == 9) flood += ZmtpPeer::Ping();
  }
  size_t frames = 0;
  for (int i = 0; i < FLAGS_tries; ++i) {
    ZmtpPeer peer(coordinator_->endpoints()[0]);
    ASSERT_TRUE(peer.Send(flood));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    peer.Break();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    while (const size_t more = coordinator_->Poll(std::chrono::milliseconds(0)).size()) {
      frames += more;
    }
  }
  EXPECT_GT(frames, FLAGS_tries);  // much of it had come when its connection broke
  ExpectAlive();
}

// Members that ask for much, read nothing and go, some of them in the middle of a frame.
TEST_F(BrokenConnections, WhileMuchWaitsToBeSent) {
  const std::string large(1 << 18, 'x');
  std::mt19937_64 random(FLAGS_seed);
  for (int i = 0; i < FLAGS_tries; ++i) {
    std::vector<std::unique_ptr<ZmtpPeer>> peers;
    for (int j = 0; j < 4; ++j) {
      peers.push_back(std::make_unique<ZmtpPeer>(coordinator_->endpoints()[0]));
      std::string flood = ZmtpPeer::Ping();
      for (int k = 0; k < 300; ++k) flood += ZmtpPeer::Frame("x");
      flood.resize(flood.size() - random() % 3);
      ASSERT_TRUE(peers.back()->Send(flood));
    }
    std::vector<ReceivedFrame> frames = coordinator_->Poll(kPatience);
    ASSERT_FALSE(frames.empty());
    for (const ReceivedFrame& frame : frames) coordinator_->Send(frame.peer, large);
    for (const auto& peer : peers) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 1000));
      peer->Break();
    }
    while (!coordinator_->Poll(std::chrono::milliseconds(0)).empty()) {
    }
  }
  ExpectAlive();
}

// A coordinator in a process of its own, which can be stopped as a suspended machine is.
class Served {
 public:
  Served() {
    int out[2];
    EXPECT_EQ(pipe(out), 0);
    process_ = fork();
    if (process_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      execl("/proc/self/exe", "serve", "--serve", nullptr);
      _exit(1);
    }
    close(out[1]);
    char text[64];
    const ssize_t n = read(out[0], text, sizeof(text));
    if (n > 0) endpoint_.assign(text, n);
    close(out[0]);
  }
  ~Served() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  const std::string& endpoint() const { return endpoint_; }
  void Stop() {
    kill(process_, SIGSTOP);
    waitpid(process_, nullptr, WUNTRACED);
  }
  void Continue() { kill(process_, SIGCONT); }
  bool has_ended() const { return waitpid(process_, nullptr, WNOHANG) == process_; }

 private:
  pid_t process_;
  std::string endpoint_;
};

int Serve() {
  ChannelContext context;
  const auto coordinator = ListenOn(&context, kAnyPort);
  std::printf("%s", coordinator->endpoints()[0].c_str());
  std::fflush(stdout);
  while (true) {
    for (const ReceivedFrame& frame : coordinator->Poll(std::chrono::milliseconds(100))) {
      coordinator->Send(frame.peer, frame.frame);
    }
  }
}

// All that had come is read at once then, and the connections are gone.
TEST(StoppedProcess, FindsItsConnectionsBrokenWhenItGoesOn) {
  Served served;
  std::string flood;
  for (int i = 0; i < 1000; ++i) {
    flood += ZmtpPeer::Frame("x");
    if (i % 10 == 9) flood += ZmtpPeer::Ping();
  }
  for (int i = 0; i < FLAGS_tries; ++i) {
    std::vector<std::unique_ptr<ZmtpPeer>> peers;
    for (int j = 0; j < 4; ++j) peers.push_back(std::make_unique<ZmtpPeer>(served.endpoint()));
    served.Stop();
    for (const auto& peer : peers) peer->Send(flood);
    peers.clear();
    served.Continue();
    ASSERT_FALSE(served.has_ended()) << "try " << i;
  }
  ZmtpPeer peer(served.endpoint());
  ASSERT_TRUE(peer.Send(ZmtpPeer::Frame("still there")));
  EXPECT_TRUE(peer.Hears("still there"));
}

// What libzmq keeps for a message until its end comes has no limit of its own.
TEST_F(BrokenConnections, AMessageOfEndlesslyManyPartsIsEndedWithItsConnection) {
  ZmtpPeer peer(coordinator_->endpoints()[0]);
  std::string parts;
  for (int i = 0; i < 4096; ++i) parts += ZmtpPeer::Frame(std::string(255, 'x'), true);
  uint64_t sent = 0;
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!peer.HasEnded()) {
    sent += peer.SendSome(parts.substr(sent % parts.size()));
    coordinator_->Poll(std::chrono::milliseconds(1));
    ASSERT_LT(std::chrono::steady_clock::now(), end);
  }
  EXPECT_GT(sent, uint64_t{64} << 20);
  EXPECT_LT(sent, uint64_t{1} << 30);
  ExpectAlive();
}

// More than a process has descriptors for where these are few; members come in all the same.
TEST_F(BrokenConnections, ConnectionsThatSayNothingMakeRoomForMembers) {
  std::vector<int> silent;
  for (int i = 0; i < 600; ++i) silent.push_back(TcpTo(coordinator_->endpoints()[0]));
  ExpectAlive();
  // Of one address there may be 256.
  int ended = 0;
  for (const int file : silent) {
    ended += HasEnded(file);
    close(file);
  }
  EXPECT_GE(ended, 600 - 256 - 10);
}

}  // namespace

int ServeUntilKilled() { return Serve(); }

}  // namespace nash

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  gflags::ParseCommandLineFlags(&argc, &argv, true);
  return FLAGS_serve ? nash::ServeUntilKilled() : RUN_ALL_TESTS();
}
