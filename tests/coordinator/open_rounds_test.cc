#include "solver/coordinator/open_rounds.h"

#include <gtest/gtest.h>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

using std::chrono::seconds;

constexpr uint64_t kForEver = 1000;
constexpr Nanos kSlowAfter = seconds(1000);

// Two units a round.
class OpenRoundsTest : public ::testing::Test {
 protected:
  void Start(uint32_t meet_every, uint64_t first = 0) {
    options_.shape = {.units = 2, .meet_every = meet_every};
    options_.unit_parts_max = 4;
    rounds_.emplace(options_, &spool_, first);
  }
  bool IsOpen(uint64_t round) { return rounds_->Find(round) != nullptr; }
  // A result without parts is whole as soon as it is named.
  void Give(uint64_t round, uint32_t unit, const std::string& who, uint32_t parts = 0) {
    const ClaimedResult claim{parts, 1, 100 * (round + 1) + unit};
    const ClaimedResult empty{0, 1, UnitChecksum({})};
    rounds_->Find(round)->results().Claim(unit, parts == 0 ? empty : claim, who);
  }
  // The name of what `who` should run, or nothing.
  std::optional<UnitName> Choose(const std::string& who, uint64_t table) {
    const auto choice = rounds_->Choose(who, table, Nanos(0), kSlowAfter);
    if (!choice) return std::nullopt;
    choice->round->leases().Grant(choice->unit, who, Nanos(0));
    return rounds_->NameOf(choice->round->round(), choice->unit);
  }

  CoordinatorOptions options_;
  PartSpool spool_{1 << 20, "no folder"};
  std::optional<OpenRounds> rounds_;
};

TEST_F(OpenRoundsTest, WithoutLagThereIsOneAtATime) {
  Start(/*meet_every=*/1, /*first=*/7);
  rounds_->Open(7, kForEver);
  EXPECT_TRUE(IsOpen(7) && !IsOpen(8));
  rounds_->Advance();
  rounds_->Open(7, kForEver);  // 7 is being merged
  EXPECT_FALSE(rounds_->is_collecting());
  rounds_->Open(8, kForEver);
  rounds_->ForgetMerged();
  EXPECT_TRUE(IsOpen(8) && !IsOpen(9));
  EXPECT_EQ(rounds_->FindResults(7), nullptr);
}

TEST_F(OpenRoundsTest, WithLagTheNextIsOpenUnlessItIsAMeeting) {
  Start(/*meet_every=*/3);
  rounds_->Open(0, kForEver);
  EXPECT_TRUE(IsOpen(0) && IsOpen(1) && !IsOpen(2));
  rounds_->Advance();
  rounds_->Open(0, kForEver);
  EXPECT_TRUE(!IsOpen(0) && IsOpen(1) && !IsOpen(2)) << "2 starts from what is being merged";
  EXPECT_NE(rounds_->FindResults(0), nullptr) << "1 starts from it";
  rounds_->Open(1, kForEver);
  rounds_->ForgetMerged();
  EXPECT_TRUE(IsOpen(1) && IsOpen(2) && !IsOpen(3));
  rounds_->Advance();
  EXPECT_EQ(rounds_->FindResults(0), nullptr);
  rounds_->Open(2, kForEver);
  EXPECT_TRUE(IsOpen(2) && !IsOpen(3)) << "a meeting starts from all before it";
  rounds_->Advance();
  rounds_->Open(3, kForEver);
  rounds_->ForgetMerged();
  EXPECT_EQ(rounds_->FindResults(2), nullptr);
  EXPECT_TRUE(IsOpen(3) && IsOpen(4));
  rounds_->Drop(4);
  EXPECT_TRUE(IsOpen(3) && !IsOpen(4));
}

TEST_F(OpenRoundsTest, TheRunsEndIsNotPassed) {
  Start(/*meet_every=*/4);
  rounds_->Open(0, 1);
  EXPECT_TRUE(IsOpen(0) && !IsOpen(1));
}

TEST_F(OpenRoundsTest, AUnitWaitsForItsLine) {
  Start(/*meet_every=*/4);
  rounds_->Open(0, kForEver);
  EXPECT_EQ(Choose("a", 0), (UnitName{0, 0, 0}));
  EXPECT_EQ(Choose("b", 0), (UnitName{0, 1, 0}));
  EXPECT_EQ(Choose("c", 0), std::nullopt);
  EXPECT_FALSE(rounds_->StartOf(1, 0));
  Give(0, 0, "a", /*parts=*/2);  // named, not there
  EXPECT_EQ(rounds_->StartOf(1, 0)->parts, 2);
  EXPECT_FALSE(rounds_->HasWorkFor("c", 0)) << "only who has it can go on from it";
  EXPECT_TRUE(rounds_->HasWorkFor("a", 0));
  EXPECT_FALSE(rounds_->HasWorkFor("a", 1)) << "it starts from the table before";
  EXPECT_EQ(Choose("a", 0), (UnitName{1, 0, 100}));
  Give(0, 1, "b");
  EXPECT_EQ(Choose("c", 0), (UnitName{1, 1, UnitChecksum({})})) << "it is whole: anybody can";
}

TEST_F(OpenRoundsTest, WhoHasWhatItStartsFromIsGivenItFirst) {
  Start(/*meet_every=*/4);
  rounds_->Open(0, kForEver);
  Give(0, 0, "a");
  Give(0, 1, "b");
  EXPECT_EQ(Choose("b", 0)->unit, 1);
  EXPECT_EQ(Choose("b", 0)->unit, 0);
}

TEST_F(OpenRoundsTest, NamesOfWhatStartedFromAnotherResultAreNotKnown) {
  Start(/*meet_every=*/4);
  rounds_->Open(0, kForEver);
  EXPECT_NE(rounds_->Find(UnitName{0, 1, 0}), nullptr);
  EXPECT_EQ(rounds_->Find(UnitName{0, 1, 5}), nullptr);
  EXPECT_EQ(rounds_->Find(UnitName{1, 1, 5}), nullptr) << "not known yet";
  EXPECT_FALSE(rounds_->IsStale({1, 1, 5}));
  Give(0, 1, "a");
  EXPECT_NE(rounds_->Find(UnitName{1, 1, UnitChecksum({})}), nullptr);
  EXPECT_EQ(rounds_->Find(UnitName{1, 1, 5}), nullptr);
  EXPECT_TRUE(rounds_->IsStale({1, 1, 5}));
  EXPECT_FALSE(rounds_->IsStale({1, 1, UnitChecksum({})}));
  EXPECT_FALSE(rounds_->IsStale({0, 2, 5}));
  EXPECT_NE(rounds_->Find(UnitName{0, 2, 0}), nullptr) << "there is no such unit: results say so";
}

TEST_F(OpenRoundsTest, WhatStartsFromAResultThatIsTakenBackGoesToo) {
  Start(/*meet_every=*/4);
  rounds_->Open(0, kForEver);
  Give(0, 0, "a");
  Give(1, 0, "b");
  EXPECT_EQ(rounds_->FirstWith("a"), 0);
  EXPECT_EQ(rounds_->FirstWith("b"), 1);
  EXPECT_EQ(rounds_->FirstWith("c"), std::nullopt);
  rounds_->RollBack(1, Nanos(0));
  EXPECT_EQ(rounds_->FirstWith("b"), std::nullopt);
  Give(1, 0, "b");
  rounds_->RollBack(0, Nanos(0));
  EXPECT_EQ(rounds_->FirstWith("a"), std::nullopt);
  EXPECT_EQ(rounds_->FirstWith("b"), std::nullopt);
}

TEST_F(OpenRoundsTest, AUnitThatNobodyRunsIsMissedFromNewerTables) {
  Start(/*meet_every=*/4, /*first=*/4);
  rounds_->Open(4, kForEver);
  for (uint32_t unit : {0, 1}) Give(4, unit, "a");
  rounds_->Advance();
  rounds_->Open(5, kForEver);
  EXPECT_TRUE(rounds_->LacksOlderThan(5)) << "round 5 starts from the table of round 4";
  EXPECT_FALSE(rounds_->LacksOlderThan(4));
  EXPECT_EQ(Choose("a", 4)->unit, 0);
  Give(5, 1, "b");
  EXPECT_FALSE(rounds_->LacksOlderThan(5));
  rounds_->DropLeasesOf("a");
  EXPECT_TRUE(rounds_->LacksOlderThan(5));
}

}  // namespace
}  // namespace nash
