#include "solver/coordinator/open_round.h"

#include <gtest/gtest.h>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

using std::chrono::seconds;

constexpr Nanos kSlowAfter = seconds(10);

class OpenRoundTest : public ::testing::Test {
 protected:
  explicit OpenRoundTest(double audit_fraction = 0) {
    options_.shape.units = 3;
    options_.unit_parts_max = 1;
    options_.audit_fraction = audit_fraction;
    round_.emplace(0, options_);
  }
  // -1: none. 100 is added where others run it.
  int Choose(const std::string& who, Nanos now) {
    const auto choice =
        round_->Choose(who, now, kSlowAfter, [](uint32_t) { return Readiness::kReady; });
    return choice ? static_cast<int>(choice->unit) + 100 * choice->is_second : -1;
  }
  int Take(const std::string& who, Nanos now) {
    const int unit = Choose(who, now);
    if (unit >= 0) round_->leases().Grant(unit % 100, who, now);
    return unit;
  }
  // A result without parts.
  void Finish(uint32_t unit, const std::string& who, Nanos now = seconds(0)) {
    ASSERT_EQ(round_->results().Claim(unit, {0, 1, UnitChecksum({})}, who).kind,
              Arrival::Kind::kNew);
    round_->Note(unit, now);
  }

  CoordinatorOptions options_;
  std::optional<OpenRound> round_;
};

class AuditedRoundTest : public OpenRoundTest {
 protected:
  AuditedRoundTest() : OpenRoundTest(1) {}
};

TEST_F(OpenRoundTest, EveryUnitIsGivenOnceWhileNobodyIsSlow) {
  EXPECT_EQ(Take("a", seconds(1)), 0);
  EXPECT_EQ(Take("b", seconds(1)), 1);
  EXPECT_EQ(Take("a", seconds(1)), 2);
  EXPECT_EQ(Take("c", seconds(2)), -1);
}

TEST_F(OpenRoundTest, TheSlowestIsGivenASecondTimeButNotToItsHolderNorAThirdTime) {
  Take("a", seconds(3));
  Take("b", seconds(1));
  Take("c", seconds(2));
  EXPECT_EQ(Take("d", seconds(11)), -1);
  EXPECT_EQ(Choose("b", seconds(13)), 102);  // its own would be slower
  EXPECT_EQ(Take("d", seconds(13)), 101);
  EXPECT_EQ(Choose("e", seconds(13)), 102);
  Take("e", seconds(13));
  EXPECT_EQ(Choose("f", seconds(14)), 100);
  Take("f", seconds(14));
  EXPECT_EQ(Choose("g", seconds(99)), -1);
}

TEST_F(OpenRoundTest, AResultThatIsOnItsWayIsWaitedFor) {
  for (const char* who : {"a", "b", "c"}) Take(who, seconds(1));
  ASSERT_EQ(round_->results().Claim(0, {1, 1, 7}, "a").kind, Arrival::Kind::kNew);
  EXPECT_EQ(Take("d", seconds(13)), 101);
  EXPECT_EQ(Take("e", seconds(13)), 102);
  EXPECT_EQ(Choose("f", seconds(40)), -1);
  EXPECT_EQ(Choose("f", seconds(42)), 100);  // it never came
  round_->leases().DropAllOf("a");           // or its worker died
  EXPECT_EQ(Take("f", seconds(13)), 0);
  EXPECT_EQ(Choose("g", seconds(24)), 100);
}

TEST_F(OpenRoundTest, AnExpiredLeaseMakesTheUnitFree) {
  Take("a", seconds(1));
  Take("b", seconds(2));
  round_->leases().Renew(1, "b", seconds(9));
  EXPECT_EQ(round_->leases().Expire(seconds(8)), 1);
  EXPECT_EQ(Take("c", seconds(10)), 0);
  EXPECT_EQ(Take("c", seconds(10)), 2);
}

TEST_F(OpenRoundTest, IsCompleteWithOneResultOfEveryUnit) {
  for (uint32_t unit = 0; unit < 3; ++unit) {
    EXPECT_FALSE(round_->IsComplete());
    Finish(unit, "a");
    EXPECT_TRUE(round_->IsComplete(unit));
  }
  EXPECT_TRUE(round_->IsComplete());
  EXPECT_EQ(Choose("b", seconds(99)), -1);
}

TEST_F(AuditedRoundTest, TwoWorkersAreGivenEveryUnit) {
  EXPECT_EQ(Take("a", seconds(1)), 0);
  EXPECT_EQ(Take("b", seconds(1)), 0);
  EXPECT_EQ(Take("b", seconds(1)), 1);
  Finish(0, "a");
  EXPECT_FALSE(round_->IsComplete(0));
  EXPECT_EQ(Take("a", seconds(1)), 1);  // never the same unit again
  EXPECT_EQ(Take("a", seconds(1)), 2);
  EXPECT_EQ(Take("a", seconds(1)), -1);
  Finish(0, "b");
  EXPECT_TRUE(round_->IsComplete(0));
}

TEST_F(AuditedRoundTest, AnAuditIsWaivedOnceItsFirstResultIsOld) {
  Finish(0, "a", seconds(5));
  Finish(1, "a", seconds(7));
  EXPECT_EQ(round_->WaiveAudits(seconds(4)), 0);
  EXPECT_EQ(round_->WaiveAudits(seconds(5)), 1);
  EXPECT_TRUE(round_->IsComplete(0));
  EXPECT_FALSE(round_->IsComplete(1));
}

TEST_F(AuditedRoundTest, ARollBackForgetsResultsAndWaiversAndExpectsThemAgain) {
  Take("a", seconds(1));
  Finish(0, "a", seconds(2));
  round_->WaiveAudits(seconds(2));
  round_->leases().DropAllOf("a");
  round_->RollBack(seconds(3));
  EXPECT_FALSE(round_->results().IsWhole(0));
  EXPECT_TRUE(round_->leases().Holds(0, "a"));
  Finish(0, "a", seconds(4));
  EXPECT_FALSE(round_->IsComplete(0));
}

TEST(IsAudited, ChoosesAboutTheFractionAndAlwaysTheSame) {
  for (const double fraction : {0.0, 0.01, 0.5, 1.0}) {
    int audited = 0;
    for (uint64_t round = 0; round < 200; ++round) {
      for (uint32_t unit = 0; unit < 100; ++unit) {
        audited += IsAudited(round, unit, fraction);
        EXPECT_EQ(IsAudited(round, unit, fraction), IsAudited(round, unit, fraction));
      }
    }
    // Of 20,000: within 5 standard deviations, sqrt(20000 * 0.25) = 71 at most.
    EXPECT_NEAR(audited, 20000 * fraction, 5 * 71 * (fraction > 0 && fraction < 1));
  }
}

}  // namespace
}  // namespace nash
