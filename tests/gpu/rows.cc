// Nearest centroids on the GPU against the processor's, exactly, and how fast both are.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <random>

#include "absl/strings/str_cat.h"
#include "glog/logging.h"
#include "solver/abstraction/centroid_search.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/device/cuda_rows.h"
#include "solver/device/cuda_status.h"
#include "tests/gpu/findings.h"

namespace nash {
namespace {

constexpr uint64_t kTurnRows = 13'960'050;
constexpr uint64_t kProcessorRows = uint64_t{1} << 20;

using Clock = std::chrono::steady_clock;

void Must(const absl::Status& status) { CHECK(status.ok()) << status; }

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Rows that rise, as cumulative histograms do.
std::vector<uint8_t> RisingRows(uint64_t n, int stride, int threads) {
  std::vector<uint8_t> rows(n * stride);
  ParallelFor(
      n, 65536, threads,
      [&](uint64_t begin, uint64_t end) {
        std::mt19937 random(static_cast<uint32_t>(begin));
        for (uint64_t i = begin; i < end; ++i) {
          for (int d = 0; d < stride; ++d) rows[i * stride + d] = static_cast<uint8_t>(random());
          std::sort(rows.begin() + i * stride, rows.begin() + (i + 1) * stride);
        }
      },
      [](uint64_t) {});
  return rows;
}

std::unique_ptr<RowDevice> OpenDevice(int ordinal) {
  auto device = OpenCudaRows(ordinal);
  Must(device.status());
  return *std::move(device);
}

Finding CheckMetric(RowMetric metric, const char* name, const GpuOptions& options) {
  const uint64_t n = options.quick ? 10'000 : 3'000'000;  // more than two pieces
  const uint32_t k = 300;                                 // not a multiple of a tile
  Finding finding = {absl::StrCat("nearest centroids, ", name)};
  const int stride = StrideOf(metric);
  const std::vector<uint8_t> rows = RisingRows(n, stride, options.threads);
  const std::vector<uint8_t> centroids(rows.begin(), rows.begin() + size_t{k} * stride);
  const std::unique_ptr<RowDevice> device = OpenDevice(options.ordinal);
  Must(device->Load({metric, rows.data(), n}));
  WithDistance(metric, [&]<typename Distance>() {
    const CentroidSearch<Distance> search(centroids, options.threads);
    std::mutex mutex;
    Must(device->FindNearest(
        centroids, [&](uint64_t first, absl::Span<const NearestCentroid> nearest) {
          ParallelFor(
              nearest.size(), 4096, options.threads,
              [&](uint64_t begin, uint64_t end) {
                for (uint64_t i = begin; i < end; ++i) {
                  const uint8_t* const row = rows.data() + (first + i) * stride;
                  if (nearest[i] == search.FindAmongAll(row)) continue;
                  const std::lock_guard<std::mutex> lock(mutex);
                  finding.problem = absl::StrCat("row ", first + i, " is at centroid ",
                                                 nearest[i].centroid, " on the GPU");
                }
              },
              [](uint64_t) {});
          finding.compared += nearest.size();
        }));
  });
  if (finding.compared != n) finding.problem = absl::StrCat("answers for ", finding.compared);
  return finding;
}

// Seconds to read all rows once, by the rate of a copy within the device.
double MemoryFloor(const std::vector<uint8_t>& rows) {
  DeviceArray<uint8_t> from, to;
  Must(from.Allocate(rows.size()));
  Must(to.Allocate(rows.size()));
  std::vector<double> seconds;
  for (int run = 0; run < 6; ++run) {
    const Clock::time_point start = Clock::now();
    Must(CudaStatus(cudaMemcpy(to.data(), from.data(), rows.size(), cudaMemcpyDeviceToDevice),
                    "cudaMemcpy"));
    Must(CudaStatus(cudaDeviceSynchronize(), "cudaDeviceSynchronize"));
    seconds.push_back(SecondsSince(start));
  }
  return *std::min_element(seconds.begin(), seconds.end()) / 2;  // a copy reads and writes
}

}  // namespace

std::vector<Finding> CheckRows(const GpuOptions& options) {
  return {CheckMetric(RowMetric::kAbsolute64, "64 bytes", options),
          CheckMetric(RowMetric::kAbsolute192, "192 bytes", options),
          CheckMetric(RowMetric::kSquared8, "8 bytes, squared", options)};
}

nlohmann::ordered_json MeasureRows(const GpuOptions& options) {
  using Distance = AbsoluteDistance<2>;
  const std::vector<uint8_t> rows = RisingRows(kTurnRows, Distance::kStride, options.threads);
  const std::unique_ptr<RowDevice> device = OpenDevice(options.ordinal);
  Must(device->Load({RowMetric::kAbsolute64, rows.data(), kTurnRows}));
  const double floor = MemoryFloor(rows);
  nlohmann::ordered_json report;
  for (uint32_t k : {200u, 1000u, 5000u}) {
    const std::vector<uint8_t> centroids(rows.begin(),
                                         rows.begin() + size_t{k} * Distance::kStride);
    std::vector<double> seconds;
    for (int run = 0; run < 4; ++run) {
      const Clock::time_point start = Clock::now();
      Must(device->FindNearest(centroids, [](uint64_t, absl::Span<const NearestCentroid>) {}));
      if (run > 0) seconds.push_back(SecondsSince(start));
    }
    std::sort(seconds.begin(), seconds.end());
    const CentroidSearch<Distance> search(centroids, options.threads);
    const Clock::time_point start = Clock::now();
    std::atomic<uint64_t> sum{0};
    ParallelFor(
        kProcessorRows, 4096, options.threads,
        [&](uint64_t begin, uint64_t end) {
          uint64_t own = 0;
          for (uint64_t i = begin; i < end; ++i) {
            own += search.FindAmongAll(rows.data() + i * Distance::kStride).centroid;
          }
          sum.fetch_add(own);
        },
        [](uint64_t) {});
    const double processor = SecondsSince(start) * kTurnRows / kProcessorRows;
    CHECK_GT(sum.load(), 0u);
    report.push_back({{"clusters", k},
                      {"gpu_seconds", seconds[1]},
                      {"processor_seconds", processor},
                      {"times_faster", processor / seconds[1]},
                      {"memory_floor_s", floor},
                      {"distances_per_s", double(kTurnRows) * k / seconds[1]}});
  }
  return report;
}

}  // namespace nash
