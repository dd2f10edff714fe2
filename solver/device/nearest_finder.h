// The nearest centroids of many rows by a device, for as long as it works.
#ifndef NASHVILLE_SOLVER_DEVICE_NEAREST_FINDER_H_
#define NASHVILLE_SOLVER_DEVICE_NEAREST_FINDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "solver/device/nearest_centroid.h"

namespace nash {

// Rows to be searched for. Not owned.
struct DeviceRows {
  RowMetric metric = RowMetric::kInvalid;
  const uint8_t* data = nullptr;  // [size][4 * WordsOf(metric)]
  uint64_t size = 0;
};

// Answers for the rows from `begin` on, on the thread that asked.
using NearestSink = std::function<void(uint64_t begin, absl::Span<const NearestCentroid> nearest)>;

// A GPU, or its twin in tests. Thread-compatible. After an error it is not called again.
class RowDevice {
 public:
  virtual ~RowDevice() = default;
  // "cuda:0 (NVIDIA H200)".
  virtual std::string name() const = 0;
  // Copies rows there, in place of those before. Errors: ResourceExhausted, Unavailable.
  virtual absl::Status Load(const DeviceRows& rows) = 0;
  // centroids: [k][4 * WordsOf(metric)]. Gives answers for all loaded rows, in order, while it
  // works on later ones. Errors: Unavailable, DeadlineExceeded; what was given before is right.
  virtual absl::Status FindNearest(absl::Span<const uint8_t> centroids,
                                   const NearestSink& sink) = 0;
};

// Gives a device up at its first error or wrong answer, with one warning; some rows of every search
// are searched by the processor too. What it does not answer is left to the caller.
// Thread-compatible.
class NearestFinder {
 public:
  // warn: called once when the device is given up.
  NearestFinder(std::unique_ptr<RowDevice> device, std::function<void(const std::string&)> warn)
      : device_(std::move(device)), warn_(std::move(warn)) {}

  // rows: outlive their searches.
  void Load(const DeviceRows& rows);
  // Answers for the rows [0, n) are given to `sink`; returns n.
  uint64_t Find(absl::Span<const uint8_t> centroids, const NearestSink& sink);

 private:
  // Whether the first of `nearest`, of rows from `begin` on, are right.
  bool AreRight(absl::Span<const uint8_t> centroids, uint64_t begin,
                absl::Span<const NearestCentroid> nearest) const;
  void GiveUp(absl::string_view why);

  std::unique_ptr<RowDevice> device_;  // null once given up
  const std::function<void(const std::string&)> warn_;
  DeviceRows rows_;
};

// The processor's answer for one row, four bytes at a time: slow.
NearestCentroid SlowNearest(RowMetric metric, const uint8_t* row,
                            absl::Span<const uint8_t> centroids);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_NEAREST_FINDER_H_
