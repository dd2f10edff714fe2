#include "proto/connection_guard.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"

namespace nash {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FakeSystem : public ConnectionSystem {
 public:
  std::string AddressOf(int descriptor) override {
    return addresses.count(descriptor) > 0 ? addresses[descriptor] : "10.0.0.1";
  }
  std::optional<uint64_t> BytesReceived(int descriptor) override {
    if (!knows_bytes) return std::nullopt;
    return bytes[descriptor];
  }
  void ShutDown(int descriptor) override { ended.push_back(descriptor); }

  bool knows_bytes = true;
  std::map<int, std::string> addresses;
  std::map<int, uint64_t> bytes;
  std::vector<int> ended;
};

class Guard : public ::testing::Test {
 protected:
  Guard() : guard_({.connections_max = 8, .silent_max = 5, .silent_of_address_max = 3}, &system_) {}

  void Accept(int descriptor, const std::string& address = "10.0.0.1") {
    system_.addresses[descriptor] = address;
    guard_.OnAccepted(descriptor, now_);
  }
  void Speak(int descriptor, const std::string& key = "") {
    guard_.OnFrame(descriptor, "peer-" + std::to_string(descriptor), key, now_);
  }
  void Pass(ConnectionGuard::Nanos time) {
    for (ConnectionGuard::Nanos passed(0); passed < time; passed += milliseconds(250)) {
      now_ += milliseconds(250);
      guard_.OnTick(now_);
    }
  }

  FakeSystem system_;
  ConnectionGuard guard_;
  ConnectionGuard::Nanos now_ = seconds(1000);
};

TEST_F(Guard, OfTooManySilentOnesOfAnAddressTheOldestGoes) {
  for (int descriptor = 10; descriptor < 15; ++descriptor) Accept(descriptor);
  EXPECT_EQ(system_.ended, (std::vector<int>{10, 11}));
  // Who speaks is not among them any more.
  Speak(12);
  Accept(15);
  EXPECT_EQ(system_.ended, (std::vector<int>{10, 11}));
}

TEST_F(Guard, OfTooManySilentOnesTheyGoWhoseAddressHasMost) {
  Accept(10, "one");
  for (int descriptor = 11; descriptor < 14; ++descriptor) Accept(descriptor, "three");
  Accept(14, "five");
  Accept(15, "six");
  EXPECT_EQ(system_.ended, (std::vector<int>{11}));
}

TEST_F(Guard, OfTooManyConnectionsASilentOneGoes) {
  for (int descriptor = 10; descriptor < 18; ++descriptor) {
    Accept(descriptor);
    Speak(descriptor);
  }
  EXPECT_TRUE(system_.ended.empty());
  Accept(18);
  EXPECT_EQ(system_.ended, (std::vector<int>{18}));
  EXPECT_EQ(guard_.connections(), 8);
}

TEST_F(Guard, WhoSaysNothingGoesSoonAndWhoHasFallenSilentLater) {
  Accept(10);
  Accept(11);
  Speak(11);
  Pass(seconds(7));
  EXPECT_TRUE(system_.ended.empty());
  Pass(seconds(2));
  EXPECT_EQ(system_.ended, (std::vector<int>{10}));
  Pass(seconds(50));
  EXPECT_EQ(system_.ended, (std::vector<int>{10}));
  Pass(seconds(3));
  EXPECT_EQ(system_.ended, (std::vector<int>{10, 11}));
}

TEST_F(Guard, ALargeFrameOnANarrowLinkIsASignOfLife) {
  Accept(10);
  Speak(10);
  for (int second = 0; second < 200; ++second) {
    system_.bytes[10] += 16 << 10;
    Pass(seconds(1));
  }
  EXPECT_TRUE(system_.ended.empty());
}

TEST_F(Guard, AMessageWithoutAnEndDoesNotComeToIt) {
  Accept(10);
  Speak(10);
  Pass(milliseconds(250));
  system_.bytes[10] += 64 << 20;
  Pass(milliseconds(250));
  EXPECT_TRUE(system_.ended.empty());
  // Frames that are complete begin the count anew.
  Speak(10);
  Pass(milliseconds(250));
  system_.bytes[10] += 64 << 20;
  Pass(milliseconds(250));
  EXPECT_TRUE(system_.ended.empty());
  system_.bytes[10] += 1;
  Pass(milliseconds(250));
  EXPECT_EQ(system_.ended, (std::vector<int>{10}));
}

TEST_F(Guard, AStandstillOfOursIsNotHeldAgainstOthers) {
  Accept(10);
  Accept(11);
  Speak(11);
  Pass(milliseconds(250));
  now_ += std::chrono::hours(1);
  guard_.OnTick(now_);
  EXPECT_TRUE(system_.ended.empty());
}

TEST_F(Guard, AKeyOfOneWorkerHasFewConnectionsAndTheOldestGoes) {
  for (int descriptor = 10; descriptor < 16; ++descriptor) {
    Accept(descriptor);
    Speak(descriptor, "key");
  }
  EXPECT_EQ(system_.ended, (std::vector<int>{10, 11}));
  guard_.OnClosed(12);
  Accept(16);
  Speak(16, "key");
  EXPECT_EQ(system_.ended.size(), 2);
}

TEST_F(Guard, ConnectionsEndByTheNameOfTheirPeer) {
  Accept(10);
  Speak(10);
  guard_.ShutDown("peer-10");
  guard_.ShutDown("peer-10");
  guard_.ShutDown("nobody");
  EXPECT_EQ(system_.ended, (std::vector<int>{10}));
}

// The last frames of a connection may be read after another has got its descriptor.
TEST_F(Guard, ADescriptorMayBeUsedAgain) {
  Accept(10);
  Speak(10);
  guard_.OnClosed(10);
  Accept(10);
  Speak(10);  // of the old one
  guard_.OnFrame(10, "new", "", now_);
  guard_.ShutDown("peer-10");
  EXPECT_TRUE(system_.ended.empty());
  guard_.ShutDown("new");
  EXPECT_EQ(system_.ended, (std::vector<int>{10}));
  EXPECT_EQ(guard_.connections(), 0);
}

TEST_F(Guard, TellsOfAFloodInFewLines) {
  for (int i = 0; i < 10000; ++i) Accept(1000 + i, "10.0.0.9");
  const std::vector<std::string> lines = guard_.TakeNotices(now_);
  ASSERT_EQ(lines.size(), 1) << absl::StrJoin(lines, "\n");
  EXPECT_TRUE(absl::StrContains(lines[0], "10.0.0.9")) << lines[0];
  now_ += NoticeLimit::kInterval;
  const std::vector<std::string> later = guard_.TakeNotices(now_);
  ASSERT_EQ(later.size(), 1) << absl::StrJoin(later, "\n");
  EXPECT_TRUE(absl::StrContains(later[0], "9996 like it")) << later[0];  // 10000 - 3 - 1
}

}  // namespace
}  // namespace nash
