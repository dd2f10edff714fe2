#include "worker/unit_outbox.h"

#include <gtest/gtest.h>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

using std::chrono::seconds;

UnitResult Result(uint64_t round, uint32_t unit, uint32_t parts) {
  UnitResult result{{round, unit}, {}, 9};
  for (uint32_t part = 0; part < parts; ++part) result.parts.push_back({"0123456789", part + 100});
  return result;
}

// "claim" and the numbers of parts.
std::string Text(const std::vector<WorkerMessage>& messages) {
  std::string text;
  for (const WorkerMessage& message : messages) {
    const auto* part = std::get_if<DeltaPart>(&message);
    text += part == nullptr ? "claim " : std::to_string(part->part) + " ";
  }
  return text;
}

class UnitOutboxTest : public ::testing::Test {
 protected:
  UnitOutbox outbox_{2, /*bytes_max=*/1000, RetryTimer(seconds(1), seconds(8))};
};

TEST_F(UnitOutboxTest, NamesTheResultAndSendsAWindow) {
  outbox_.Add(Result(5, 1, 3));
  const std::vector<WorkerMessage> due = outbox_.Due({5, 5}, seconds(1));
  ASSERT_EQ(Text(due), "claim 0 1 ");
  EXPECT_EQ(std::get<UnitClaim>(due[0]),
            (UnitClaim{{5, 1}, {3, 9, UnitChecksum({100, 101, 102})}}));
  outbox_.OnPartReceived({{5, 1}, 0}, seconds(1));
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "2 ");
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(3))), "claim 1 2 ");  // no answer
}

TEST_F(UnitOutboxTest, AllUnitsOfARoundShareTheWindow) {
  for (const uint32_t unit : {0, 1, 2}) outbox_.Add(Result(5, unit, 3));
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "claim 0 1 claim claim ");
  outbox_.OnUnitReceived({5, 0});
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "0 1 ");
  outbox_.OnPartReceived({{5, 1}, 1}, seconds(1));
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "2 ");
  outbox_.OnPartReceived({{5, 1}, 0}, seconds(1));
  outbox_.OnPartReceived({{5, 1}, 2}, seconds(1));
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "0 1 ");
}

TEST_F(UnitOutboxTest, AResultThatIsThereAlreadyNeedsNoParts) {
  outbox_.Add(Result(5, 1, 30));
  outbox_.Due({5, 5}, seconds(1));
  outbox_.OnUnitReceived({5, 1});
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(99))), "");
  EXPECT_TRUE(outbox_.Unconfirmed({5, 5}).empty());
}

TEST_F(UnitOutboxTest, SendsOnlyWhatTheCoordinatorCollects) {
  outbox_.Add(Result(5, 1, 1));
  outbox_.Add(Result(6, 1, 1));
  EXPECT_EQ(Text(outbox_.Due({4, 4}, seconds(1))), "");
  EXPECT_EQ(Text(outbox_.Due({6, 6}, seconds(1))), "claim 0 ");
  EXPECT_EQ(outbox_.Unconfirmed({5, 5}), (std::vector<UnitName>{{5, 1}}));
  EXPECT_EQ(Text(outbox_.Due({5, 6}, seconds(2))), "claim 0 claim 0 ");
  EXPECT_EQ(outbox_.Unconfirmed({5, 6}), (std::vector<UnitName>{{5, 1}, {6, 1}}));
}

TEST_F(UnitOutboxTest, WithoutRoomItKeepsOnlyWhatIsNotReceived) {
  UnitOutbox outbox(2, /*bytes_max=*/25, RetryTimer(seconds(1), seconds(8)));
  outbox.Add(Result(5, 0, 1));
  outbox.Add(Result(5, 1, 1));
  outbox.OnUnitReceived({5, 1});
  EXPECT_TRUE(outbox.Has({5, 1}));
  outbox.Add(Result(6, 0, 1));
  EXPECT_FALSE(outbox.Has({5, 1}));
  EXPECT_TRUE(outbox.has_room());
  outbox.Add(Result(6, 1, 1));
  EXPECT_FALSE(outbox.has_room());
  EXPECT_EQ(outbox.bytes(), 30);
  outbox.OnUnitReceived({6, 0});
  EXPECT_FALSE(outbox.Has({6, 0}));
  EXPECT_TRUE(outbox.Has({5, 0}) && outbox.Has({6, 1}) && outbox.has_room());
}

TEST_F(UnitOutboxTest, FindsWhatAUnitStartsFrom) {
  outbox_.Add(Result(5, 1, 3));
  const uint64_t checksum = UnitChecksum({100, 101, 102});
  const SharedParts found = outbox_.Find(5, 1, checksum);
  ASSERT_NE(found, nullptr);
  outbox_.ForgetBelow(6);
  EXPECT_EQ(found->size(), 3);  // whoever has it keeps it
  outbox_.Add(Result(5, 1, 3));
  EXPECT_EQ(outbox_.Find(5, 1, checksum + 1), nullptr);
  EXPECT_EQ(outbox_.Find(5, 2, checksum), nullptr);
  EXPECT_EQ(outbox_.Find(6, 1, checksum), nullptr);
}

TEST_F(UnitOutboxTest, StartsOverWhenAsked) {
  outbox_.Add(Result(5, 1, 1));
  outbox_.Add(Result(5, 2, 1));
  for (const uint32_t unit : {1, 2}) outbox_.OnUnitReceived({5, unit});
  outbox_.SendAgain(UnitName{5, 2});
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "claim 0 ");
  outbox_.SendAgainFrom(5);
  EXPECT_EQ(Text(outbox_.Due({5, 5}, seconds(1))), "claim 0 claim 0 ");
}

TEST_F(UnitOutboxTest, KeepsResultsUntilTheirRoundIsForgotten) {
  outbox_.Add(Result(5, 1, 3));
  outbox_.Add(Result(5, 1, 3));  // the same
  outbox_.Add(Result(6, 1, 1));
  EXPECT_EQ(outbox_.bytes(), 40);
  outbox_.OnUnitReceived({5, 1});
  EXPECT_TRUE(outbox_.Has({5, 1}));
  outbox_.ForgetBelow(6);
  EXPECT_FALSE(outbox_.Has({5, 1}));
  EXPECT_TRUE(outbox_.Has({6, 1}));
  EXPECT_EQ(outbox_.bytes(), 10);
}

}  // namespace
}  // namespace nash
