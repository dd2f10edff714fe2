// The nearest of many centroids to a row of bytes: what one thread of a GPU does, and the same on
// the host. Whole numbers; equal distances go to the lower number, so the answers are those of
// CentroidSearch (solver/abstraction/centroid_search.h).
//
// Thread-safe: pure functions. Operations: a quarter of an instruction or more a byte of row and
// centroid, since four bytes are compared at a time.
#ifndef NASHVILLE_SOLVER_DEVICE_NEAREST_CENTROID_H_
#define NASHVILLE_SOLVER_DEVICE_NEAREST_CENTROID_H_

#include <cstdint>

#include "common/host_device.h"

namespace nash {

enum class RowMetric : uint8_t {
  kInvalid = 0,
  kAbsolute64 = 1,   // rows of 64 bytes, sum of absolute differences
  kAbsolute192 = 2,  // rows of 192 bytes, the same
  kSquared8 = 3,     // rows of 8 bytes, sum of squared differences
};

// Words of 4 bytes in a row.
constexpr int WordsOf(RowMetric metric) {
  return metric == RowMetric::kAbsolute64 ? 16 : metric == RowMetric::kAbsolute192 ? 48 : 2;
}

struct NearestCentroid {
  uint32_t centroid = 0;
  uint32_t distance = UINT32_MAX;
  uint32_t second_distance = UINT32_MAX;  // of another centroid; UINT32_MAX where there is none

  friend bool operator==(const NearestCentroid&, const NearestCentroid&) = default;
};

// `sum` and the distance of four bytes.
template <RowMetric kMetric>
NASH_HOST_DEVICE inline uint32_t AddDistance(uint32_t sum, uint32_t a, uint32_t b) {
#ifdef __CUDA_ARCH__
  if constexpr (kMetric == RowMetric::kSquared8) {
    const unsigned difference = __vabsdiffu4(a, b);
    return __dp4a(difference, difference, sum);
  } else {
    return sum + __vsadu4(a, b);
  }
#else
  for (int byte = 0; byte < 32; byte += 8) {
    const int32_t difference =
        static_cast<int32_t>(a >> byte & 0xff) - static_cast<int32_t>(b >> byte & 0xff);
    const uint32_t size = static_cast<uint32_t>(difference < 0 ? -difference : difference);
    sum += kMetric == RowMetric::kSquared8 ? size * size : size;
  }
  return sum;
#endif
}

// Tries centroids [first, first + n), in order after those that were tried. row:
// [WordsOf(kMetric)]. centroids: [n][WordsOf(kMetric)].
template <RowMetric kMetric>
NASH_HOST_DEVICE inline void TryCentroids(const uint32_t* row, const uint32_t* centroids,
                                          uint32_t first, uint32_t n, NearestCentroid* found) {
  constexpr int kWords = WordsOf(kMetric);
  for (uint32_t c = 0; c < n; ++c) {
    uint32_t distance = 0;
    NASH_UNROLL
    for (int w = 0; w < kWords; ++w) {
      distance = AddDistance<kMetric>(distance, row[w], centroids[c * kWords + w]);
    }
    if (distance < found->distance) {
      found->second_distance = found->distance;
      found->distance = distance;
      found->centroid = first + c;
    } else if (distance < found->second_distance) {
      found->second_distance = distance;
    }
  }
}

// Calls `body` with the metric as its template argument; returns what it returns.
template <typename Body>
auto WithMetric(RowMetric metric, const Body& body) {
  switch (metric) {
    case RowMetric::kAbsolute64:
      return body.template operator()<RowMetric::kAbsolute64>();
    case RowMetric::kAbsolute192:
      return body.template operator()<RowMetric::kAbsolute192>();
    default:
      return body.template operator()<RowMetric::kSquared8>();
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_NEAREST_CENTROID_H_
