#include "solver/coordinator/membership.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

using std::chrono::seconds;

Hello From(uint64_t incarnation) { return {"host", incarnation, 1, Hello::kNoTable}; }

TEST(Membership, OneConnectionSpeaksForAnIdentity) {
  Membership members(10);
  const auto admission = members.Admit({"key", "c1"}, From(1), seconds(1));
  EXPECT_EQ(admission.refusal, RefusalReason::kInvalid);
  EXPECT_TRUE(admission.is_new_process);
  EXPECT_NE(members.Find({"key", "c1"}), nullptr);
  EXPECT_EQ(members.Find({"key", "c2"}), nullptr);
  EXPECT_EQ(members.Find({"other", "c1"}), nullptr);
}

TEST(Membership, TheSameProcessMayComeByAnotherConnection) {
  Membership members(10);
  members.Admit({"key", "c1"}, From(1), seconds(1));
  const auto admission = members.Admit({"key", "c2"}, From(1), seconds(2));
  EXPECT_EQ(admission.refusal, RefusalReason::kInvalid);
  EXPECT_FALSE(admission.is_new_process);
  EXPECT_TRUE(admission.superseded_connection.empty());
  EXPECT_NE(members.Find({"key", "c2"}), nullptr);
  EXPECT_EQ(members.Find({"key", "c1"}), nullptr);
}

TEST(Membership, WithoutKeysAProcessThatComesByAnotherConnectionIsNotCountedTwice) {
  Membership members(2);
  members.Admit({"key", "c1"}, From(7), seconds(1));  // has a key: what others say of it is nothing
  members.Admit({"c2", "c2"}, From(7), seconds(1));
  const auto admission = members.Admit({"c3", "c3"}, From(7), seconds(2));
  EXPECT_EQ(admission.refusal, RefusalReason::kInvalid);
  EXPECT_EQ(admission.left_identity, "c2");
  EXPECT_EQ(members.members().size(), 2);
  EXPECT_NE(members.Find({"key", "c1"}), nullptr);
  EXPECT_EQ(members.Find({"c2", "c2"}), nullptr);
  EXPECT_TRUE(members.Admit({"c3", "c3"}, From(7), seconds(3)).left_identity.empty());
}

TEST(Membership, ANewProcessSupersedesTheOldForGood) {
  Membership members(10);
  members.Admit({"key", "c1"}, From(5), seconds(1));
  const auto newer = members.Admit({"key", "c2"}, From(3), seconds(2));  // numbers say nothing
  EXPECT_EQ(newer.superseded_connection, "c1");
  EXPECT_TRUE(newer.is_new_process);
  EXPECT_EQ(members.Admit({"key", "c1"}, From(5), seconds(3)).refusal, RefusalReason::kSuperseded);
  EXPECT_NE(members.Find({"key", "c2"}), nullptr);
}

TEST(Membership, RemembersABoundedNumberOfSupersededProcesses) {
  Membership members(10);
  for (uint64_t process = 1; process <= 100; ++process) {
    EXPECT_EQ(members.Admit({"key", "c"}, From(process), seconds(1)).refusal,
              RefusalReason::kInvalid);
  }
  EXPECT_EQ(members.members().at("key").superseded.size(), Membership::kSupersededMax);
  EXPECT_EQ(members.Admit({"key", "c"}, From(99), seconds(1)).refusal, RefusalReason::kSuperseded);
}

TEST(Membership, IsFullForNewIdentitiesOnly) {
  Membership members(1);
  members.Admit({"key", "c1"}, From(1), seconds(1));
  EXPECT_EQ(members.Admit({"other", "c2"}, From(1), seconds(1)).refusal, RefusalReason::kFull);
  EXPECT_EQ(members.Admit({"key", "c3"}, From(2), seconds(1)).refusal, RefusalReason::kInvalid);
  members.Forget("key");
  EXPECT_EQ(members.Admit({"other", "c2"}, From(1), seconds(1)).refusal, RefusalReason::kInvalid);
}

TEST(Membership, ABannedIdentityIsRefusedUntilItIsPardoned) {
  Membership members(10);
  members.Admit({"key", "c"}, From(1), seconds(1));
  members.Ban("key", RefusalReason::kRevoked);
  EXPECT_EQ(members.Find({"key", "c"}), nullptr);
  EXPECT_EQ(members.Admit({"key", "c"}, From(2), seconds(1)).refusal, RefusalReason::kRevoked);
  members.Pardon("key");
  EXPECT_EQ(members.Admit({"key", "c"}, From(2), seconds(1)).refusal, RefusalReason::kInvalid);
}

TEST(Membership, ListsThoseWhoWereNotHeardOf) {
  Membership members(10);
  members.Admit({"a", "c1"}, From(1), seconds(1));
  members.Admit({"b", "c2"}, From(1), seconds(5));
  EXPECT_EQ(members.SilentSince(seconds(5)), std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace nash
