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

// One that was drawn: not all rounds are audited.
class DrawnAuditTest : public OpenRoundTest {
 protected:
  DrawnAuditTest() : OpenRoundTest(0.5) {
    while (!IsAudited(options_, 0)) ++options_.audit_secret;
    round_.emplace(0, options_);
  }
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

TEST_F(DrawnAuditTest, NobodyCanSeeThatItIsBeforeAllResultsAreNamed) {
  OpenRound plain(1, [this] {
    options_.audit_fraction = 0;
    return options_;
  }());
  options_.audit_fraction = 0.5;
  const auto choose = [](const OpenRound& round, const std::string& who, Nanos now) {
    return round.Choose(who, now, kSlowAfter, [](uint32_t) { return Readiness::kReady; });
  };
  // Whoever asks, and however often, is given the same units at the same times.
  for (const char* who : {"a", "b", "a", "c", "b", "a"}) {
    for (const Nanos now : {Nanos(seconds(1)), Nanos(seconds(20))}) {
      const auto here = choose(*round_, who, now);
      const auto there = choose(plain, who, now);
      ASSERT_EQ(here.has_value(), there.has_value());
      if (!here.has_value()) continue;
      EXPECT_EQ(here->unit, there->unit);
      EXPECT_EQ(here->is_second, there->is_second);
      round_->leases().Grant(here->unit, who, now);
      plain.leases().Grant(there->unit, who, now);
    }
  }
  EXPECT_FALSE(round_->AwaitsAudits());
  EXPECT_FALSE(plain.AwaitsAudits());
}

TEST_F(DrawnAuditTest, OthersRunTheUnitsAgainOnceAllAreNamed) {
  Take("a", seconds(1));
  Take("b", seconds(1));
  Take("a", seconds(1));
  Finish(0, "a");
  Finish(1, "b");
  EXPECT_EQ(Choose("c", seconds(1)), -1);
  EXPECT_FALSE(round_->AwaitsAudits());
  Finish(2, "a");
  EXPECT_TRUE(round_->AwaitsAudits());
  EXPECT_EQ(Take("b", seconds(1)), 0);
  EXPECT_EQ(Take("a", seconds(1)), 1);
  EXPECT_EQ(Choose("a", seconds(1)), -1);  // the third is its own
  EXPECT_EQ(Take("b", seconds(1)), 2);
  Finish(0, "b");
  Finish(1, "a");
  EXPECT_FALSE(round_->IsComplete());
  Finish(2, "b");
  EXPECT_TRUE(round_->IsComplete());
  EXPECT_FALSE(round_->AwaitsAudits());
}

TEST_F(AuditedRoundTest, AuditsAreWaivedOnceNothingHasComeForLong) {
  for (uint32_t unit = 0; unit < 2; ++unit) Finish(unit, "a", seconds(5));
  EXPECT_EQ(round_->WaiveAudits(seconds(99)), 0);  // a first result is missing
  Finish(2, "a", seconds(7));
  EXPECT_EQ(round_->WaiveAudits(seconds(6)), 0);
  Finish(1, "b", seconds(9));
  round_->Note(1, seconds(10));  // said again: nothing has come
  EXPECT_EQ(round_->WaiveAudits(seconds(8)), 0);
  EXPECT_EQ(round_->WaiveAudits(seconds(9)), 2);
  EXPECT_TRUE(round_->IsComplete());
}

TEST_F(AuditedRoundTest, ARollBackForgetsResultsAndWaiversAndExpectsThemAgain) {
  Take("a", seconds(1));
  for (uint32_t unit = 0; unit < 3; ++unit) Finish(unit, "a", seconds(2));
  EXPECT_EQ(round_->WaiveAudits(seconds(2)), 3);
  round_->leases().DropAllOf("a");
  round_->RollBack(seconds(3));
  EXPECT_FALSE(round_->results().IsWhole(0));
  EXPECT_TRUE(round_->leases().Holds(0, "a"));
  Finish(0, "a", seconds(4));
  EXPECT_FALSE(round_->IsComplete(0));
}

TEST(IsAudited, DrawsAboutTheFractionByTheSecret) {
  constexpr int kTries = 20000;
  for (const double fraction : {0.0, 0.02, 0.5, 1.0}) {
    CoordinatorOptions options, other;
    options.audit_fraction = other.audit_fraction = fraction;
    other.audit_secret = 1;
    int audited = 0, both = 0;
    for (uint64_t round = 0; round < kTries; ++round) {
      audited += IsAudited(options, round);
      both += IsAudited(options, round) && IsAudited(other, round);
    }
    // Within 5 standard deviations, sqrt(20000 * 0.25) = 71 at most; so of two secrets together.
    const double slack = 5 * 71 * (fraction > 0 && fraction < 1);
    EXPECT_NEAR(audited, kTries * fraction, slack);
    EXPECT_NEAR(both, kTries * fraction * fraction, slack);
  }
}

TEST(IsAudited, TheLastRoundIsAndWithLagMeetingsOnlyAre) {
  CoordinatorOptions options;
  options.audit_fraction = 1e-9;
  options.rounds_total = 20;
  for (uint64_t round = 0; round < 20; ++round) EXPECT_EQ(IsAudited(options, round), round == 19);
  options.shape.meet_every = 5;
  for (uint64_t round = 0; round < 20; ++round) EXPECT_EQ(IsAudited(options, round), round == 15);
  options.audit_fraction = 0.15;  // three of four meetings
  int audited = 0;
  for (uint64_t round = 0; round < 20000; ++round) {
    audited += IsAudited(options, round);
    EXPECT_TRUE(round % 5 == 0 || !IsAudited(options, round)) << round;
  }
  EXPECT_NEAR(audited, 3000, 5 * 28);  // sqrt(4000 * 0.75 * 0.25) = 27.4
}

}  // namespace
}  // namespace nash
