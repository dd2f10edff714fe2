#include "solver/abstraction/strength_buckets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

HandStrengths Build(const GameDefinition& game, int first_street) {
  absl::StatusOr<HandStrengths> strengths =
      HandStrengths::Build(game, first_street, StrengthMoment::kMean, {.threads = 2});
  EXPECT_TRUE(strengths.ok()) << strengths.status();
  return *std::move(strengths);
}

std::map<uint64_t, uint64_t> DealsByValue(const HandStrengths& strengths, int street) {
  std::map<uint64_t, uint64_t> deals;
  const BoardSet& boards = strengths.boards(street);
  LivePairs pairs;
  for (uint32_t i = 0; i < boards.size(); ++i) {
    pairs.Find(strengths.deck(), boards.board(i));
    for (int k = 0; k < pairs.size(); ++k) {
      deals[strengths.Value(street, i, PairIndex(pairs.low[k], pairs.high[k]))] +=
          boards.Multiplicity(i);
    }
  }
  return deals;
}

TEST(StrengthBuckets, HoldNearlyEqualSharesOfAllDealsInOrderOfStrength) {
  const HandStrengths strengths = Build(TurnGame(), 0);
  struct Case {
    int street;
    uint32_t num_buckets;
    uint64_t deals;
    double off_max;  // of a share: what ties of equal strength leave possible
  };
  for (const Case& c : {Case{0, 10, 1326, 1.0},           // C(52, 2), in 169 classes of up to 12
                        Case{1, 50, 25989600, 0.02},      // * C(50, 3)
                        Case{2, 20, 305377800, 0.10}}) {  // C(52, 2) * C(50, 4)
    SCOPED_TRACE(c.street);
    const absl::StatusOr<StrengthBuckets> buckets =
        StrengthBuckets::Cut(strengths, c.street, {}, c.num_buckets);
    ASSERT_TRUE(buckets.ok()) << buckets.status();
    std::vector<uint64_t> held(c.num_buckets);
    uint64_t heaviest = 0;
    uint64_t total = 0;
    uint32_t last = 0;
    for (const auto& [value, deals] : DealsByValue(strengths, c.street)) {
      const uint32_t bucket = buckets->Of(value);
      ASSERT_GE(bucket, last);
      last = bucket;
      held[bucket] += deals;
      heaviest = std::max(heaviest, deals);
      total += deals;
    }
    EXPECT_EQ(total, c.deals);
    const double share = double(total) / c.num_buckets;
    for (uint64_t deals : held) {
      EXPECT_LE(std::abs(deals - share), heaviest);
      EXPECT_LE(std::abs(deals - share), c.off_max * share);
    }
  }
}

TEST(StrengthBuckets, AsManyAsThereAreStrengthsAndNoMore) {
  const HandStrengths strengths = Build(FlopGame(), 1);
  const uint32_t different = static_cast<uint32_t>(DealsByValue(strengths, 1).size());
  EXPECT_TRUE(StrengthBuckets::Cut(strengths, 1, {}, different).ok());
  const absl::Status status = StrengthBuckets::Cut(strengths, 1, {}, different + 1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
}

}  // namespace
}  // namespace nash
