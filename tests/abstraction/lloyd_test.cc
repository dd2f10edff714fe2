#include "solver/abstraction/lloyd.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace nash {
namespace {

// Plain k-means, every distance measured one byte at a time.
struct SlowKMeans {
  const ByteRows& rows;
  bool is_squared;
  std::vector<uint8_t> centroids;
  std::vector<uint16_t> assigned = {};

  uint32_t Distance(const uint8_t* a, const uint8_t* b) const {
    uint32_t sum = 0;
    for (int d = 0; d < rows.stride; ++d) {
      const int difference = a[d] - b[d];
      sum += is_squared ? difference * difference : std::abs(difference);
    }
    return sum;
  }
  uint32_t k() const { return static_cast<uint32_t>(centroids.size() / rows.stride); }
  const uint8_t* centroid(uint32_t c) const { return centroids.data() + c * rows.stride; }

  void Assign() {
    assigned.assign(rows.size, 0);
    for (uint64_t i = 0; i < rows.size; ++i) {
      for (uint32_t c = 1; c < k(); ++c) {
        if (Distance(rows.row(i), centroid(c)) < Distance(rows.row(i), centroid(assigned[i]))) {
          assigned[i] = static_cast<uint16_t>(c);
        }
      }
    }
  }
  // Leaves centroids without rows where they are.
  void Update() {
    for (uint32_t c = 0; c < k(); ++c) {
      for (int d = 0; d < rows.stride; ++d) {
        uint64_t sum = 0;
        uint64_t weight = 0;
        for (uint64_t i = 0; i < rows.size; ++i) {
          if (assigned[i] != c) continue;
          sum += uint64_t{rows.weights[i]} * rows.row(i)[d];
          weight += rows.weights[i];
        }
        // Halves are rounded up.
        if (weight > 0) {
          centroids[c * rows.stride + d] = static_cast<uint8_t>(double(sum) / weight + 0.5);
        }
      }
    }
  }
  uint64_t TotalDistance() const {
    uint64_t total = 0;
    for (uint64_t i = 0; i < rows.size; ++i) {
      total += uint64_t{rows.weights[i]} * Distance(rows.row(i), centroid(assigned[i]));
    }
    return total;
  }
};

struct RandomRows {
  // Few values make many rows equal, and many rows equally far from two centroids.
  RandomRows(uint64_t size, int stride, int values, int seed)
      : data(size * stride), weights(size), rows{data.data(), weights.data(), size, stride} {
    std::mt19937 random(seed);
    for (uint64_t i = 0; i < size; ++i) {
      const int level = static_cast<int>(random() % 256);
      weights[i] = static_cast<uint8_t>(1 + random() % 24);
      for (int d = 0; d < stride; ++d) {
        const int near = std::clamp(level + static_cast<int>(random() % 81) - 40, 0, 255);
        data[i * stride + d] = static_cast<uint8_t>(near * values / 256 * 255 / values);
      }
    }
  }
  std::vector<uint8_t> data;
  std::vector<uint8_t> weights;
  ByteRows rows;
};

struct Case {
  const char* why;
  RowMetric metric;
  uint64_t size;
  uint32_t k;
  int values;
};

const Case kCases[] = {
    {"one cluster has no other to compare with", RowMetric::kSquared8, 100, 1, 256},
    {"two clusters", RowMetric::kAbsolute64, 300, 2, 256},
    {"histograms", RowMetric::kAbsolute64, 2000, 20, 256},
    {"strengths", RowMetric::kSquared8, 3000, 30, 256},
    {"boards", RowMetric::kAbsolute192, 500, 10, 256},
    {"ties everywhere", RowMetric::kSquared8, 2000, 25, 3},
    {"ties between histograms", RowMetric::kAbsolute64, 1000, 12, 2},
    {"more clusters than neighbours are kept", RowMetric::kSquared8, 3000, 600, 256},
    {"more than one step of a thread", RowMetric::kSquared8, 40000, 7, 256},
};

TEST(Lloyd, EveryIterationEqualsPlainKMeans) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.why);
    const RandomRows random(c.size, StrideOf(c.metric), c.values, 7);
    // The first rows to begin with: some are equal where there are few values, so that clusters
    // are empty at first; what happens to those is another test's.
    std::vector<uint8_t> start(random.data.begin(), random.data.begin() + c.k * random.rows.stride);
    WithDistance(c.metric, [&]<typename Distance>() {
      SlowKMeans slow{random.rows, c.metric == RowMetric::kSquared8, start};
      auto lloyd = *Lloyd<Distance>::Make(random.rows, start, 2);
      for (int iteration = 0; iteration < 15; ++iteration) {
        SCOPED_TRACE(iteration);
        slow.Assign();
        lloyd->Assign();
        const std::vector<uint16_t> assigned(lloyd->assigned(),
                                             lloyd->assigned() + random.rows.size);
        ASSERT_EQ(assigned, slow.assigned);
        EXPECT_EQ(lloyd->TotalDistance(), slow.TotalDistance());
        const bool had_empty = lloyd->has_empty();
        lloyd->Update();
        slow.Update();
        if (had_empty) slow.centroids = lloyd->centroids();
        ASSERT_EQ(lloyd->centroids(), slow.centroids);
      }
    });
  }
}

TEST(Lloyd, ACentroidWithoutRowsMovesToTheRowThatIsFarthestOff) {
  // Two rows at 0 and one each at 10 and 200; both centroids begin at 0, so the second is empty.
  std::vector<uint8_t> data(4 * 8);
  data[2 * 8] = 10;
  data[3 * 8] = 200;
  const std::vector<uint8_t> weights(4, 1);
  auto lloyd = *Lloyd<SquaredDistance8>::Make({data.data(), weights.data(), 4, 8},
                                              std::vector<uint8_t>(2 * 8), 1);
  lloyd->Assign();
  EXPECT_TRUE(lloyd->has_empty());
  lloyd->Update();
  EXPECT_EQ(lloyd->centroids()[8], 200);
  lloyd->Assign();
  EXPECT_FALSE(lloyd->has_empty());
  EXPECT_EQ(lloyd->assigned()[3], 1);
}

TEST(RowDistance, EqualsTheSumByteByByte) {
  std::mt19937 random(3);
  for (RowMetric metric : {RowMetric::kAbsolute64, RowMetric::kAbsolute192, RowMetric::kSquared8}) {
    const int stride = StrideOf(metric);
    for (int trial = 0; trial < 300; ++trial) {
      std::vector<uint8_t> a(stride);
      std::vector<uint8_t> b(stride);
      uint64_t expected = 0;
      for (int d = 0; d < stride; ++d) {
        a[d] = static_cast<uint8_t>(trial == 0 ? 255 : random());
        b[d] = static_cast<uint8_t>(trial == 0 ? 0 : random());
        const int difference = std::abs(a[d] - b[d]);
        expected += metric == RowMetric::kSquared8 ? difference * difference : difference;
      }
      WithDistance(metric, [&]<typename Distance>() {
        EXPECT_EQ(Distance::Between(a.data(), b.data()), expected);
        EXPECT_LE(Distance::LengthUp(Distance::Between(a.data(), b.data())), 65535u);
      });
    }
  }
}

TEST(SquaredDistance, LengthsAreRoundedToEitherSideOfTheRoot) {
  for (uint32_t distance = 0; distance <= 8 * 255 * 255; ++distance) {
    const uint64_t exact_squared = uint64_t{4096} * distance;
    const uint64_t down = SquaredDistance8::LengthDown(distance);
    const uint64_t up = SquaredDistance8::LengthUp(distance);
    ASSERT_LE(down * down, exact_squared);
    ASSERT_GT((down + 1) * (down + 1), exact_squared);
    ASSERT_EQ(up, down * down == exact_squared ? down : down + 1);
  }
}

}  // namespace
}  // namespace nash
