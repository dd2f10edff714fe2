// Clusterings with a device are those without, however it fails.
#include "solver/device/nearest_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "solver/abstraction/lloyd.h"
#include "tests/device/row_twin.h"

namespace nash {
namespace {

constexpr uint64_t kRows = 3000;
constexpr uint32_t kClusters = 13;
constexpr int kIterations = 5;
constexpr RowMetric kMetrics[] = {RowMetric::kAbsolute64, RowMetric::kAbsolute192,
                                  RowMetric::kSquared8};

// Rows of few values, so that many are as far from two centroids.
struct Rows {
  explicit Rows(RowMetric metric) : stride(StrideOf(metric)), data(kRows * stride), weights(kRows) {
    std::mt19937 random(1);
    for (uint8_t& weight : weights) weight = static_cast<uint8_t>(1 + random() % 24);
    for (uint8_t& value : data) value = static_cast<uint8_t>(random() % 4 * 85);
  }
  ByteRows bytes() const { return {data.data(), weights.data(), kRows, stride}; }
  std::vector<uint8_t> centroids() const {
    return {data.begin(), data.begin() + size_t{kClusters} * stride};
  }
  int stride;
  std::vector<uint8_t> data;
  std::vector<uint8_t> weights;
};

struct Clustering {
  std::vector<uint8_t> centroids;  // of all iterations
  std::vector<uint16_t> assigned;  // of all iterations
  std::vector<std::string> warnings;
  uint64_t total_distance = 0;
};

Clustering RunLloyd(RowMetric metric, const Rows& rows, const RowTwinFaults* faults) {
  Clustering out;
  std::unique_ptr<NearestFinder> finder;
  if (faults != nullptr) {
    finder = std::make_unique<NearestFinder>(
        std::make_unique<RowTwin>(1000, *faults),
        [&out](const std::string& line) { out.warnings.push_back(line); });
    finder->Load({metric, rows.data.data(), kRows});
  }
  WithDistance(metric, [&]<typename Distance>() {
    auto lloyd = Lloyd<Distance>::Make(rows.bytes(), rows.centroids(), 2, finder.get());
    ASSERT_TRUE(lloyd.ok()) << lloyd.status();
    for (int i = 0; i < kIterations; ++i) {
      (*lloyd)->Assign();
      out.assigned.insert(out.assigned.end(), (*lloyd)->assigned(), (*lloyd)->assigned() + kRows);
      (*lloyd)->Update();
      out.centroids.insert(out.centroids.end(), (*lloyd)->centroids().begin(),
                           (*lloyd)->centroids().end());
    }
    (*lloyd)->Assign();
    out.total_distance = (*lloyd)->TotalDistance();
  });
  return out;
}

TEST(NearestFinder, FindsWhatTheProcessorFinds) {
  for (RowMetric metric : kMetrics) {
    const Rows rows(metric);
    WithDistance(metric, [&]<typename Distance>() {
      const CentroidSearch<Distance> search(rows.centroids(), 1);
      for (uint64_t i = 0; i < kRows; ++i) {
        const uint8_t* const row = rows.bytes().row(i);
        ASSERT_EQ(SlowNearest(metric, row, rows.centroids()), search.FindAmongAll(row))
            << "metric " << static_cast<int>(metric) << ", row " << i;
      }
    });
  }
}

TEST(NearestFinder, ChangesNoClustering) {
  for (RowMetric metric : kMetrics) {
    const Rows rows(metric);
    const Clustering expected = RunLloyd(metric, rows, nullptr);
    struct Case {
      const char* reason;
      RowTwinFaults faults;
      const char* warning;
    };
    for (const Case& c : std::vector<Case>{
             {"it works", {}, nullptr},
             {"rows do not fit", {.no_room = true}, "no room"},
             {"lost in the first search", {.lost_in_search = 0}, "lost"},
             {"lost in a later search, and the processor goes on from its bounds",
              {.lost_in_search = 2},
              "lost"},
             {"wrong in the first search", {.wrong_search = 0}, "WRONG ANSWER"},
             {"wrong in a later search", {.wrong_search = 3}, "WRONG ANSWER"},
         }) {
      const Clustering found = RunLloyd(metric, rows, &c.faults);
      EXPECT_EQ(found.assigned, expected.assigned) << c.reason;
      EXPECT_EQ(found.centroids, expected.centroids) << c.reason;
      EXPECT_EQ(found.total_distance, expected.total_distance) << c.reason;
      ASSERT_EQ(found.warnings.size(), c.warning == nullptr ? 0u : 1u) << c.reason;
      if (c.warning != nullptr) {
        EXPECT_NE(found.warnings[0].find(c.warning), std::string::npos) << found.warnings[0];
      }
    }
  }
}

}  // namespace
}  // namespace nash
