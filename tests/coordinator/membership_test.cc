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

Hello Named(const std::string& name, uint64_t incarnation) {
  return {name, incarnation, 1, Hello::kNoTable};
}

TEST(Membership, WorkersThatShareAKeyAreToldApartByName) {
  Membership members(10);
  const WorkerMessage hello_a = Named("a", 1), hello_b = Named("b", 2), goodbye = Goodbye{};
  const Sender a = members.SenderOf("all/*", "c1", &hello_a);
  const Sender b = members.SenderOf("all/*", "c2", &hello_b);
  EXPECT_EQ(a.identity, "all/a");
  EXPECT_EQ(b.identity, "all/b");
  // Nobody before it has said Hello.
  EXPECT_EQ(members.SenderOf("all/*", "c1", &goodbye).identity, "c1");
  EXPECT_EQ(members.SenderOf("all/*", "c1", nullptr).identity, "c1");
  EXPECT_TRUE(members.Admit(a, Named("a", 1), seconds(1)).superseded_connection.empty());
  EXPECT_TRUE(members.Admit(b, Named("b", 2), seconds(1)).superseded_connection.empty());
  EXPECT_EQ(members.SenderOf("all/*", "c1", &goodbye).identity, "all/a");
  EXPECT_EQ(members.SenderOf("all/*", "c2", nullptr).identity, "all/b");
  // A connection with another key is not it, whatever it says.
  EXPECT_EQ(members.SenderOf("other/*", "c1", &goodbye).identity, "c1");
  EXPECT_EQ(members.SenderOf("key", "c1", &hello_a).identity, "key");
  EXPECT_EQ(members.SenderOf("", "c1", &hello_a).identity, "c1");
  // Another process of the same name comes in its place, by another connection.
  EXPECT_EQ(members.Admit({"all/a", "c3"}, Named("a", 3), seconds(2)).superseded_connection, "c1");
  EXPECT_EQ(members.SenderOf("all/*", "c1", &goodbye).identity, "c1");
  EXPECT_EQ(members.SenderOf("all/*", "c3", &goodbye).identity, "all/a");
  members.Forget("all/a");
  EXPECT_EQ(members.SenderOf("all/*", "c3", &goodbye).identity, "c3");
  EXPECT_NE(members.Find(b), nullptr);
}

TEST(Membership, AProcessThatChangesItsNameSpeaksForTheNewOne) {
  Membership members(10);
  members.Admit({"all/a", "c"}, Named("a", 1), seconds(1));
  members.Admit({"all/b", "c"}, Named("b", 1), seconds(2));
  EXPECT_EQ(members.SenderOf("all/*", "c", nullptr).identity, "all/b");
  members.Admit({"all/a", "c2"}, Named("a", 2), seconds(3));
  EXPECT_EQ(members.SenderOf("all/*", "c", nullptr).identity, "all/b");
  EXPECT_EQ(members.SenderOf("all/*", "c2", nullptr).identity, "all/a");
  members.Forget("all/a");
  EXPECT_EQ(members.SenderOf("all/*", "c", nullptr).identity, "all/b");
}

TEST(Membership, ASharedKeyIsBannedWithAllThatHaveIt) {
  Membership members(10);
  members.Admit({"all/a", "c1"}, Named("a", 1), seconds(1));
  members.Admit({"all/host/2", "c2"}, Named("host/2", 2), seconds(1));
  members.Admit({"key", "c3"}, From(3), seconds(1));
  EXPECT_EQ(members.MembersOf("all/*"), (std::vector<std::string>{"all/a", "all/host/2"}));
  members.Ban("all/a", RefusalReason::kQuarantined);
  EXPECT_EQ(members.BanOf("all/a"), RefusalReason::kQuarantined);
  EXPECT_EQ(members.BanOf("all/host/2"), RefusalReason::kInvalid);
  members.Ban("all/*", RefusalReason::kRevoked);
  EXPECT_EQ(members.members().size(), 1);
  EXPECT_EQ(members.BanOf("all/host/2"), RefusalReason::kRevoked);
  EXPECT_EQ(members.BanOf("all/new"), RefusalReason::kRevoked);
  EXPECT_EQ(members.BanOf("key"), RefusalReason::kInvalid);
  members.Pardon("all/*");
  for (const char* name : {"all/a", "all/host/2", "all/*"}) {
    EXPECT_EQ(members.BanOf(name), RefusalReason::kInvalid) << name;
  }
}

TEST(Membership, AConnectionIsBannedAloneWhateverItsBytes) {
  Membership members(10);
  const std::string connection("\0ab/*", 5), next("\0ab/+", 5);
  members.Ban(connection, RefusalReason::kQuarantined);
  EXPECT_EQ(members.BanOf(connection), RefusalReason::kQuarantined);
  EXPECT_EQ(members.BanOf(next), RefusalReason::kInvalid);
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
