#include "proto/peer_queues.h"

#include <gtest/gtest.h>

#include <string>

namespace nash {
namespace {

RawFrame Frame(const std::string& peer, const std::string& frame) {
  RawFrame raw;
  raw.peer = peer;
  raw.frame = frame;
  return raw;
}

TEST(PeerQueues, ConnectionsTakeTurnsAndKeepTheirOrder) {
  PeerQueues queues;
  for (const char* frame : {"1", "2", "3"}) ASSERT_TRUE(queues.Add(Frame("loud", frame)));
  ASSERT_TRUE(queues.Add(Frame("quiet", "4")));
  std::string order;
  while (const auto frame = queues.Take()) order += frame->frame;
  EXPECT_EQ(order, "1423");
  EXPECT_TRUE(queues.empty());
  EXPECT_EQ(queues.bytes(), 0);
}

TEST(PeerQueues, WhoHasTooMuchWaitingLosesTheRestAndNobodyElseDoes) {
  PeerQueues queues;
  for (size_t i = 0; i < PeerQueues::kFramesMax; ++i) ASSERT_TRUE(queues.Add(Frame("loud", "x")));
  EXPECT_FALSE(queues.Add(Frame("loud", "x")));
  ASSERT_TRUE(queues.Add(Frame("quiet", "y")));
  ASSERT_TRUE(queues.Take().has_value());
  EXPECT_TRUE(queues.Add(Frame("loud", "x")));
  EXPECT_EQ(queues.bytes(), PeerQueues::kFramesMax + 1);
}

TEST(PeerQueues, BytesOfOneAndOfAllHaveLimits) {
  PeerQueues queues;
  const std::string large(kFrameBytesMax, 'x');
  size_t taken = 0;
  for (int peer = 0; peer < 100; ++peer) {
    size_t of_peer = 0;
    while (queues.Add(Frame(std::to_string(peer), large))) ++of_peer;
    // One in place of the last where all have come to their limit.
    EXPECT_LE(of_peer, PeerQueues::kBytesMax / kFrameBytesMax);
    taken += of_peer;
  }
  EXPECT_EQ(taken, PeerQueues::kTotalBytesMax / kFrameBytesMax);
  EXPECT_LE(queues.bytes(), PeerQueues::kTotalBytesMax);
  // Those that were left out altogether have no turn.
  size_t turns = 0;
  while (queues.Take().has_value()) ++turns;
  EXPECT_EQ(turns, taken);
}

}  // namespace
}  // namespace nash
