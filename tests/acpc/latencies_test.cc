#include "tools/acpc/latencies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace nash {
namespace {

TEST(Latencies, QuantilesAreThoseOfTheSortedTimesToWithinABin) {
  std::mt19937 random(4);
  std::lognormal_distribution<double> draw(-9, 2);
  Latencies latencies;
  std::vector<double> sorted;
  for (int i = 0; i < 10000; ++i) {
    sorted.push_back(draw(random));
    latencies.Add(sorted.back());
  }
  std::sort(sorted.begin(), sorted.end());
  for (const double share : {0.001, 0.5, 0.99, 1.0}) {
    const double exact = sorted[static_cast<size_t>(share * 10000) - 1];
    EXPECT_GE(latencies.Quantile(share), exact * 0.999);
    EXPECT_LE(latencies.Quantile(share), exact * 1.012);
  }
  EXPECT_EQ(latencies.most_seconds(), sorted.back());
}

TEST(Latencies, ExtremesHaveABin) {
  Latencies latencies;
  latencies.Add(0);
  latencies.Add(1e6);
  EXPECT_EQ(latencies.Quantile(1), 1e6);
  EXPECT_LE(latencies.Quantile(0.5), 1.1e-7);
}

}  // namespace
}  // namespace nash
