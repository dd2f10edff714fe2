// A device for rows that is no device: the kernel's arithmetic on the host, failing or wrong as
// told.
#ifndef NASHVILLE_TESTS_DEVICE_ROW_TWIN_H_
#define NASHVILLE_TESTS_DEVICE_ROW_TWIN_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/device/nearest_finder.h"

namespace nash {

// What goes wrong. Calls count from 0; -1: never.
struct RowTwinFaults {
  bool no_room = false;
  int lost_in_search = -1;  // after its first piece
  int wrong_search = -1;    // the first row of its second piece
};

class RowTwin : public RowDevice {
 public:
  // pieces: rows that are answered together.
  RowTwin(uint64_t pieces, const RowTwinFaults& faults) : piece_(pieces), faults_(faults) {}

  std::string name() const override { return "twin"; }
  absl::Status Load(const DeviceRows& rows) override {
    if (faults_.no_room) return absl::ResourceExhaustedError("no room");
    rows_ = rows;
    return absl::OkStatus();
  }
  absl::Status FindNearest(absl::Span<const uint8_t> centroids, const NearestSink& sink) override {
    const int search = searches_++;
    const uint64_t stride = 4 * WordsOf(rows_.metric);
    std::vector<NearestCentroid> nearest;
    for (uint64_t begin = 0; begin < rows_.size; begin += piece_) {
      if (begin > 0 && search == faults_.lost_in_search) return absl::UnavailableError("lost");
      const uint64_t end = std::min(begin + piece_, rows_.size);
      nearest.clear();
      for (uint64_t i = begin; i < end; ++i) {
        nearest.push_back(SlowNearest(rows_.metric, rows_.data + i * stride, centroids));
      }
      if (begin == piece_ && search == faults_.wrong_search) nearest[0].centroid ^= 1;
      sink(begin, nearest);
    }
    return absl::OkStatus();
  }

 private:
  const uint64_t piece_;
  const RowTwinFaults faults_;
  DeviceRows rows_;
  int searches_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_DEVICE_ROW_TWIN_H_
