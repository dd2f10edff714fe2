#include "solver/coordinator/disputes.h"

#include <gtest/gtest.h>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

using Names = std::set<std::string>;

// Unit 1 of round 7, of two parts with these checksums.
class DisputesTest : public ::testing::Test {
 protected:
  DisputesTest() : results_(3, 4) {}

  static ClaimedResult ClaimOf(uint64_t first, uint64_t second) {
    const uint64_t parts[] = {first, second};
    return {2, 100, UnitChecksum(parts)};
  }
  void Give(const std::string& who, uint64_t first, uint64_t second) {
    results_.Place({1, 0}, first, {0, 0, 9}, 1, who);
    results_.Place({1, 1}, second, {0, 10, 19}, 2, who);
    results_.Claim(1, ClaimOf(first, second), who);
    ASSERT_TRUE(results_.IsWhole(1));
  }

  const UnitName name_{7, 1, 0x55};
  Disputes disputes_;
  RoundResults results_;
};

TEST_F(DisputesTest, WhoAgreesWithTheThirdIsRight) {
  disputes_.Open(name_, {{"a", {ClaimOf(10, 20), {}}}, {"b", {ClaimOf(10, 21), {}}}});
  Give("c", 10, 20);
  const auto verdict = disputes_.Decide(name_, results_);
  ASSERT_TRUE(verdict.has_value());
  EXPECT_EQ(verdict->right, Names{"a"});
  EXPECT_EQ(verdict->wrong, Names{"b"});
  EXPECT_TRUE(disputes_.empty());
  EXPECT_FALSE(disputes_.Decide(name_, results_).has_value());
}

TEST_F(DisputesTest, PartsCountWhereNoResultWasNamed) {
  disputes_.Open(name_, {{"a", {{}, {{1, 21}}}}, {"b", {{}, {{1, 20}}}}});
  disputes_.Open(name_, {{"b", {{}, {{0, 10}}}}, {"d", {{}, {{0, 10}, {1, 20}, {2, 30}}}}});
  Give("c", 10, 20);
  const auto verdict = disputes_.Decide(name_, results_);
  ASSERT_TRUE(verdict.has_value());
  EXPECT_EQ(verdict->right, Names{"b"});
  EXPECT_EQ(verdict->wrong, (Names{"a", "d"}));  // there is no third part
}

TEST_F(DisputesTest, WhereNobodyIsRightItStaysOpen) {
  disputes_.Open(name_, {{"a", {ClaimOf(10, 20), {}}}, {"b", {ClaimOf(10, 21), {}}}});
  Give("c", 10, 22);
  const auto verdict = disputes_.Decide(name_, results_);
  ASSERT_TRUE(verdict.has_value());
  EXPECT_TRUE(verdict->right.empty());
  EXPECT_FALSE(disputes_.empty());
}

TEST_F(DisputesTest, AnotherUnitOrAnotherStartDecidesNothing) {
  disputes_.Open(name_, {{"a", {ClaimOf(10, 20), {}}}, {"b", {ClaimOf(10, 21), {}}}});
  Give("c", 10, 20);
  EXPECT_FALSE(disputes_.Decide({7, 0, 0x55}, results_).has_value());
  EXPECT_FALSE(disputes_.Decide({8, 1, 0x55}, results_).has_value());
  const auto verdict = disputes_.Decide({7, 1, 0x56}, results_);
  ASSERT_TRUE(verdict.has_value());
  EXPECT_EQ(verdict->right, (Names{"a", "b"}));
}

}  // namespace
}  // namespace nash
