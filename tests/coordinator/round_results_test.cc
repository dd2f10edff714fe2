#include "solver/coordinator/round_results.h"

#include <gtest/gtest.h>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

using Kind = Arrival::Kind;
using Names = std::set<std::string>;

constexpr uint64_t kChecksums[] = {11, 22};

// Two units of at most 3 parts. A unit's result is two parts: rows 0 to 4 and 5 to 9.
class RoundResultsTest : public ::testing::Test {
 protected:
  Arrival Place(uint32_t part, const std::string& who) {
    return results_.Place({0, part}, kChecksums[part], {part, 5ull * part, 5ull * part + 4},
                          7 + part, who);
  }
  static ClaimedResult Claim() { return {2, 7, UnitChecksum(kChecksums)}; }

  RoundResults results_{2, 3};
};

TEST_F(RoundResultsTest, PartsAndClaimMakeAUnitWholeInAnyOrder) {
  for (int claim_at = 0; claim_at < 3; ++claim_at) {
    RoundResults results(2, 3);
    for (int step = 0, part = 1; step < 3; ++step) {
      EXPECT_FALSE(results.IsWhole(0));
      const Arrival arrival =
          step == claim_at ? results.Claim(0, Claim(), "a")
                           : results.Place({0, static_cast<uint32_t>(part)}, kChecksums[part],
                                           {0, 5ull * part, 5ull * part + 4}, 0, "a");
      EXPECT_EQ(arrival.kind, Kind::kNew) << arrival.text;
      part -= step != claim_at;
    }
    EXPECT_TRUE(results.IsWhole(0));
    EXPECT_FALSE(results.IsWhole(1));
  }
}

TEST_F(RoundResultsTest, AnEmptyResultIsWholeAtOnce) {
  EXPECT_EQ(results_.Claim(1, {0, 0, UnitChecksum({})}, "a").kind, Kind::kNew);
  EXPECT_TRUE(results_.IsWhole(1));
}

TEST_F(RoundResultsTest, EqualPartsAndClaimsAreRepetitionsWhoeverSendsThem) {
  Place(0, "a");
  EXPECT_EQ(results_.Look({0, 0}, 11, "b").kind, Kind::kRepeated);
  EXPECT_EQ(results_.Look({0, 1}, 22, "b").kind, Kind::kNew);
  EXPECT_EQ(results_.Look({1, 0}, 11, "b").kind, Kind::kNew);  // of another unit
  EXPECT_EQ(results_.Claim(0, Claim(), "a").kind, Kind::kNew);
  EXPECT_EQ(results_.Claim(0, Claim(), "a").kind, Kind::kRepeated);
  EXPECT_EQ(results_.Claim(0, Claim(), "b").kind, Kind::kNew);
  EXPECT_EQ(results_.claims(0).size(), 2);
}

TEST_F(RoundResultsTest, AnotherChecksumAccusesBoth) {
  Place(0, "a");
  const Arrival arrival = results_.Look({0, 0}, 12, "b");
  EXPECT_EQ(arrival.kind, Kind::kImpossible);
  EXPECT_EQ(arrival.culprits, (Names{"a", "b"}));
  EXPECT_EQ(results_.Look({0, 0}, 12, "a").culprits, Names{"a"});
}

TEST_F(RoundResultsTest, ClaimsThatDifferAccuseAllWhoMadeThem) {
  ClaimedResult other = Claim();
  results_.Claim(0, Claim(), "a");
  for (int field = 0; field < 3; ++field) {
    other = Claim();
    (field == 0 ? other.checksum : field == 1 ? other.touches : other.checksum) += 1;
    if (field == 2) other.parts = 1;
    const Arrival arrival = results_.Claim(0, other, "b");
    EXPECT_EQ(arrival.kind, Kind::kImpossible);
    EXPECT_EQ(arrival.culprits, (Names{"a", "b"}));
  }
  EXPECT_EQ(results_.Claim(0, other, "a").culprits, Names{"a"});
}

TEST_F(RoundResultsTest, PartsThatAreNotWhatWasClaimedAccuseClaimantAndSenders) {
  ClaimedResult other = Claim();
  ++other.checksum;
  results_.Claim(0, other, "b");
  Place(0, "a");
  const Arrival arrival = Place(1, "a");
  EXPECT_EQ(arrival.kind, Kind::kImpossible);
  EXPECT_EQ(arrival.culprits, (Names{"a", "b"}));
  EXPECT_FALSE(results_.IsWhole(0));
}

TEST_F(RoundResultsTest, APartBehindTheLastThatWasClaimedIsImpossible) {
  results_.Claim(0, {1, 7, UnitChecksum({11})}, "b");
  EXPECT_EQ(Place(1, "a").culprits, (Names{"a", "b"}));
}

TEST_F(RoundResultsTest, NumbersOutOfRangeAreImpossible) {
  EXPECT_EQ(results_.Look({2, 0}, 1, "a").kind, Kind::kImpossible);  // units 0 and 1
  EXPECT_EQ(results_.Look({0, 3}, 1, "a").kind, Kind::kImpossible);  // parts 0 to 2
  EXPECT_EQ(results_.Claim(2, Claim(), "a").kind, Kind::kImpossible);
  EXPECT_EQ(results_.Claim(0, {4, 0, 0}, "a").kind, Kind::kImpossible);
  EXPECT_EQ(results_.Claim(0, {3, 0, 0}, "a").kind, Kind::kNew);
}

TEST_F(RoundResultsTest, PartsOfAUnitMustNotOverlap) {
  ASSERT_EQ(results_.Place({0, 1}, 1, {0, 10, 19}, 0, "a").kind, Kind::kNew);
  EXPECT_EQ(results_.Place({0, 0}, 2, {0, 5, 10}, 0, "a").kind, Kind::kImpossible);
  EXPECT_EQ(results_.Place({0, 2}, 2, {0, 19, 25}, 0, "a").kind, Kind::kImpossible);
  EXPECT_EQ(results_.Place({1, 0}, 2, {0, 5, 10}, 0, "a").kind, Kind::kNew);  // of another unit
  EXPECT_EQ(results_.Place({0, 0}, 2, {0, 5, 9}, 0, "a").kind, Kind::kNew);
  EXPECT_EQ(results_.Place({0, 2}, 2, {0, 20, 25}, 0, "a").kind, Kind::kNew);
}

TEST_F(RoundResultsTest, KnowsWhoGaveAnything) {
  Place(0, "a");
  results_.Claim(1, {0, 0, UnitChecksum({})}, "b");
  EXPECT_TRUE(results_.HasAnythingOf("a"));
  EXPECT_TRUE(results_.HasAnythingOf("b"));
  EXPECT_FALSE(results_.HasAnythingOf("c"));
}

TEST_F(RoundResultsTest, TouchesAreCountedOnceAUnit) {
  for (const char* who : {"a", "b"}) {
    results_.Claim(0, {0, 30, UnitChecksum({})}, who);
    results_.Claim(1, {0, 12, UnitChecksum({})}, who);
  }
  EXPECT_EQ(results_.Touches(), 42);
}

TEST_F(RoundResultsTest, PartsAreListedByTheirSections) {
  Place(1, "a");
  Place(0, "b");
  ASSERT_EQ(results_.Place({1, 2}, 5, {1, 6, 6}, 9, "a").kind, Kind::kNew);
  using Tickets = std::vector<PartSpool::Ticket>;
  EXPECT_EQ(results_.BySection(3, {}), (std::vector<Tickets>{{7}, {8, 9}, {}}));
  // Of the first unit from its second part on.
  EXPECT_EQ(results_.BySection(3, {1}), (std::vector<Tickets>{{}, {8, 9}, {}}));
}

}  // namespace
}  // namespace nash
