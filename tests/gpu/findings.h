// What the GPU checks report. Values only.
#ifndef NASHVILLE_TESTS_GPU_FINDINGS_H_
#define NASHVILLE_TESTS_GPU_FINDINGS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace nash {

// One comparison with the processor.
struct Finding {
  std::string name;
  uint64_t compared = 0;  // deals, hands or rows
  std::string problem;    // empty: all the same
};

struct GpuOptions {
  int ordinal = 0;
  int threads = 1;
  bool quick = false;  // a sample: for compute-sanitizer
};

// All canonical hands of every street, and random deals of 2 to 6 players.
std::vector<Finding> CheckLookups(const GpuOptions& options);

// Ceilings, lookups by street, whole deals, end to end by batch size, beside the processor.
nlohmann::ordered_json MeasureLookups(const GpuOptions& options);

// Nearest centroids of rows of every metric.
std::vector<Finding> CheckRows(const GpuOptions& options);

// A step of k-means over as many rows as the turn has hands, every distance measured.
nlohmann::ordered_json MeasureRows(const GpuOptions& options);

}  // namespace nash

#endif  // NASHVILLE_TESTS_GPU_FINDINGS_H_
