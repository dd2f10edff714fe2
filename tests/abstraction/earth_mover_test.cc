// The distance of clustered histograms against an independent computation of the cheapest way to
// carry one histogram's earth to the other's places.
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "solver/abstraction/equity_histograms.h"
#include "solver/abstraction/row_distance.h"

namespace nash {
namespace {

// The cheapest transport from `supply` to `demand`, moving one unit over one bin for 1, by
// successive shortest paths (Bellman-Ford) through the residual network of a bipartite flow.
int64_t CheapestTransport(std::vector<int> supply, std::vector<int> demand) {
  const int n = static_cast<int>(supply.size());
  std::vector<std::vector<int>> flow(n, std::vector<int>(n));
  int64_t total = 0;
  while (std::accumulate(supply.begin(), supply.end(), 0) > 0) {
    // Nodes 0..n-1 are sources, n..2n-1 sinks.
    const int64_t kFar = std::numeric_limits<int64_t>::max() / 2;
    std::vector<int64_t> cost(2 * n, kFar);
    std::vector<int> from(2 * n, -1);
    for (int i = 0; i < n; ++i) {
      if (supply[i] > 0) cost[i] = 0;
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
          const int64_t step = std::abs(i - j);
          if (cost[i] < kFar && cost[i] + step < cost[n + j]) {
            cost[n + j] = cost[i] + step;
            from[n + j] = i;
            changed = true;
          }
          if (flow[i][j] > 0 && cost[n + j] < kFar && cost[n + j] - step < cost[i]) {
            cost[i] = cost[n + j] - step;
            from[i] = n + j;
            changed = true;
          }
        }
      }
    }
    int best = -1;
    for (int j = 0; j < n; ++j) {
      if (demand[j] > 0 && (best < 0 || cost[n + j] < cost[n + best])) best = j;
    }
    total += cost[n + best];
    --demand[best];
    int node = n + best;
    while (from[node] >= 0) {
      const int before = from[node];
      node >= n ? ++flow[before][node - n] : --flow[node][before - n];
      node = before;
    }
    --supply[node];
  }
  return total;
}

TEST(EarthMover, DistributionFunctionsDifferByTheCheapestTransport) {
  std::mt19937 random(11);
  for (int trial = 0; trial < 40; ++trial) {
    // 255 units, so that no byte is rounded. Sometimes in few bins, sometimes in many.
    std::vector<uint64_t> counts[2];
    uint8_t rows[2][kEquityBins];
    for (int side = 0; side < 2; ++side) {
      counts[side].assign(kEquityBins, 0);
      const int bins = 1 + random() % kEquityBins;
      const int first = random() % (kEquityBins - bins + 1);
      for (int unit = 0; unit < 255; ++unit) ++counts[side][first + random() % bins];
      CumulateHistogram(counts[side], rows[side]);
    }
    const int64_t expected = CheapestTransport({counts[0].begin(), counts[0].end()},
                                               {counts[1].begin(), counts[1].end()});
    EXPECT_EQ(AbsoluteDistance<2>::Between(rows[0], rows[1]), expected);
  }
}

TEST(EarthMover, AllAtOneEndIsSixtyThreeBinsFromAllAtTheOther) {
  std::vector<uint64_t> low(kEquityBins);
  std::vector<uint64_t> high(kEquityBins);
  low.front() = high.back() = 1081;
  uint8_t low_row[kEquityBins];
  uint8_t high_row[kEquityBins];
  CumulateHistogram(low, low_row);
  CumulateHistogram(high, high_row);
  EXPECT_EQ(AbsoluteDistance<2>::Between(low_row, high_row), 63u * 255);
}

TEST(CumulateHistogram, RoundsSharesTo255ths) {
  std::vector<uint64_t> counts(kEquityBins);
  counts[0] = 1;
  counts[10] = 1;
  counts[63] = 1;
  uint8_t row[kEquityBins];
  CumulateHistogram(counts, row);
  EXPECT_EQ(row[0], 85);
  EXPECT_EQ(row[9], 85);
  EXPECT_EQ(row[10], 170);
  EXPECT_EQ(row[63], 255);
}

}  // namespace
}  // namespace nash
