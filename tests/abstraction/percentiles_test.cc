#include "solver/abstraction/percentiles.h"

#include <gtest/gtest.h>

#include <random>

namespace nash {
namespace {

using Buckets = std::vector<uint32_t>;

TEST(CutPercentiles, EqualWeightsMakeEqualBuckets) {
  EXPECT_EQ(CutPercentiles(std::vector<WeightedValue>{{1, 5}, {2, 5}, {3, 5}, {9, 5}}, 2),
            (Buckets{0, 0, 1, 1}));
}

TEST(CutPercentiles, AsManyBucketsAsValuesGivesEachItsOwn) {
  EXPECT_EQ(CutPercentiles(std::vector<WeightedValue>{{1, 1}, {2, 900}, {3, 1}}, 3),
            (Buckets{0, 1, 2}));
}

TEST(CutPercentiles, AHeavyValueStaysWholeAndTheRestIsSharedAgain) {
  // Shares: 104 / 4 = 26, passed by the first value alone; 4 / 3 = 1.33, to which 1 is nearer than
  // 2; 3 / 2 = 1.5, where 2 is as near as 1 and wins; the last takes what is left.
  EXPECT_EQ(CutPercentiles(std::vector<WeightedValue>{{1, 100}, {2, 1}, {3, 1}, {4, 1}, {5, 1}}, 4),
            (Buckets{0, 1, 2, 2, 3}));
}

TEST(CutPercentiles, OneBucketTakesAll) {
  EXPECT_EQ(CutPercentiles(std::vector<WeightedValue>{{0, 3}, {7, 1}}, 1), (Buckets{0, 0}));
}

TEST(CutPercentiles, BucketsAreInOrderAllUsedAndBalancedToHalfAValue) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<WeightedValue> values(50 + random() % 2000);
    uint64_t total = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = {i * 3, 1 + random() % 20};
      total += values[i].weight;
    }
    const uint32_t num_buckets = 1 + random() % 20;
    const Buckets buckets = CutPercentiles(values, num_buckets);
    std::vector<uint64_t> weights(num_buckets);
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_LT(buckets[i], num_buckets);
      if (i > 0) {
        ASSERT_GE(buckets[i], buckets[i - 1]);
        ASSERT_LE(buckets[i], buckets[i - 1] + 1);
      }
      weights[buckets[i]] += values[i].weight;
    }
    // A bucket misses its share by at most half a value (10), and what was missed before it is
    // spread over the rest, so that no bucket is off by more than a whole value.
    for (uint64_t weight : weights) {
      ASSERT_NEAR(double(weight), double(total) / num_buckets, 20) << "trial " << trial;
    }
  }
}

}  // namespace
}  // namespace nash
