// The launch of searches for nearest centroids (nearest_centroid.h) on a GPU. Plain C++; needs nvcc
// at build time.
#ifndef NASHVILLE_SOLVER_DEVICE_ROW_KERNELS_H_
#define NASHVILLE_SOLVER_DEVICE_ROW_KERNELS_H_

#include <cstdint>

#include "solver/device/nearest_centroid.h"

struct CUstream_st;  // cudaStream_t is a pointer to it

namespace nash {

// Pointers are of the device.
struct NearestJob {
  RowMetric metric = RowMetric::kInvalid;
  const uint32_t* rows = nullptr;  // [n][WordsOf(metric)]
  uint32_t n = 0;
  const uint32_t* centroids = nullptr;  // [k][WordsOf(metric)]
  uint32_t k = 0;
  NearestCentroid* nearest = nullptr;  // [n], written
};

// Queues one launch and returns at once. Needs 1 <= n <= 2^30 and k >= 1. Returns a cudaError_t.
int LaunchNearest(const NearestJob& job, CUstream_st* stream);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_ROW_KERNELS_H_
