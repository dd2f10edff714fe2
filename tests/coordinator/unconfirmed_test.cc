#include "solver/coordinator/unconfirmed.h"

#include <gtest/gtest.h>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

class UnconfirmedTest : public ::testing::Test {
 protected:
  UnconfirmedTest() {
    options_.shape.units = 3;
    options_.unit_parts_max = 1;
  }
  // Who gives the units of a round: the first of each sends its part as well.
  using Givers = std::vector<std::vector<std::string>>;
  void Merge(uint64_t round, bool is_audited, const Givers& givers, Unconfirmed* unconfirmed) {
    OpenRound open(round, options_);
    if (is_audited) open.Audit();
    for (uint32_t unit = 0; unit < givers.size(); ++unit) {
      const uint64_t checksum[] = {10 + unit};
      open.results().Place({unit, 0}, checksum[0], {0, 0, 9}, 1, givers[unit][0]);
      for (const std::string& who : givers[unit]) {
        open.results().Claim(unit, {1, 100, UnitChecksum(checksum)}, who);
      }
      ASSERT_TRUE(open.results().IsWhole(unit));
    }
    unconfirmed->Note(open);
  }

  CoordinatorOptions options_;
};

TEST_F(UnconfirmedTest, CountsFromTheFirstRoundThatOneAloneGaveAfterItsLastCleanAudit) {
  Unconfirmed unconfirmed(0);
  EXPECT_FALSE(unconfirmed.Since("a").has_value());
  Merge(0, false, {{"a"}, {"b"}, {"a", "c"}}, &unconfirmed);
  Merge(1, false, {{"a"}, {"b"}, {"c"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("a"), 0);
  EXPECT_EQ(unconfirmed.Since("b"), 0);
  EXPECT_EQ(unconfirmed.Since("c"), 1);  // what it gave in round 0 another gave as well
  Merge(2, true, {{"a", "b"}, {"b", "c"}, {"a", "d"}}, &unconfirmed);
  EXPECT_FALSE(unconfirmed.Since("a").has_value());
  EXPECT_FALSE(unconfirmed.Since("b").has_value());
  EXPECT_EQ(unconfirmed.Since("c"), 1);  // it may have known that it was an audit
  Merge(3, false, {{"a"}, {"a"}, {"a"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("a"), 3);
}

// Or being slow now and then, and honest then, would be all that it takes to be believed.
TEST_F(UnconfirmedTest, TwoEqualResultsAreNoAuditWhereNoneWasDrawn) {
  Unconfirmed unconfirmed(0);
  Merge(0, false, {{"a"}, {"b"}, {"b"}}, &unconfirmed);
  Merge(1, false, {{"a", "b"}, {"b", "a"}, {"a", "b"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("a"), 0);
}

TEST_F(UnconfirmedTest, UnitsWhoseAuditWasWaivedAreUnconfirmed) {
  Unconfirmed unconfirmed(0);
  Merge(7, true, {{"a"}, {"b", "a"}, {"b"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("a"), 7);
  EXPECT_EQ(unconfirmed.Since("b"), 7);
}

TEST_F(UnconfirmedTest, AfterARestartNobodyIsConfirmedBeforeTheFirstCleanAudit) {
  Unconfirmed unconfirmed(40);
  EXPECT_EQ(unconfirmed.Since("a"), 0);
  Merge(40, false, {{"a"}, {"b"}, {"b"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("a"), 0);
  Merge(41, true, {{"a", "b"}, {"b", "a"}, {"b", "a"}}, &unconfirmed);
  EXPECT_FALSE(unconfirmed.Since("a").has_value());
  Merge(42, false, {{"a"}, {"b"}, {"b"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("a"), 42);
}

TEST_F(UnconfirmedTest, SharersOfAKeyCountTogether) {
  Unconfirmed unconfirmed(0);
  Merge(0, false, {{"pods/1"}, {"b"}, {"b"}}, &unconfirmed);
  Merge(1, true, {{"b", "c"}, {"b", "c"}, {"b", "c"}}, &unconfirmed);
  Merge(2, false, {{"pods/2"}, {"b"}, {"b"}}, &unconfirmed);
  EXPECT_EQ(unconfirmed.Since("pods/*"), 0);
  EXPECT_EQ(unconfirmed.Since("pods/2"), 2);
}

}  // namespace
}  // namespace nash
