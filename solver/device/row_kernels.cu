#include <cuda_runtime.h>

#include "solver/device/row_kernels.h"

namespace nash {
namespace {

constexpr int kThreads = 128;
// Centroids of a tile, in shared memory: at most 12 KB.
constexpr uint32_t kTile = 64;

// One thread a row, which stays in its registers; all threads of a block pass the same tile of
// centroids, so that a shared word is read once for a warp. Bytes: each row once, 12 written a row,
// and k rows of centroids a block from the second-level cache. Limit: arithmetic, WordsOf(metric)
// four-byte differences for each of n * k distances.
template <RowMetric kMetric>
__global__ void __launch_bounds__(kThreads) Nearest(const NearestJob job) {
  constexpr int kWords = WordsOf(kMetric);
  __shared__ uint32_t tile[kTile * kWords];
  const uint32_t i = blockIdx.x * kThreads + threadIdx.x;
  uint32_t row[kWords] = {};
  if (i < job.n) {
#pragma unroll
    for (int w = 0; w < kWords; ++w) row[w] = job.rows[size_t(i) * kWords + w];
  }
  NearestCentroid found;
  for (uint32_t first = 0; first < job.k; first += kTile) {
    const uint32_t n = min(kTile, job.k - first);
    __syncthreads();  // nobody reads the tile before
    for (uint32_t w = threadIdx.x; w < n * kWords; w += kThreads) {
      tile[w] = job.centroids[size_t(first) * kWords + w];
    }
    __syncthreads();
    TryCentroids<kMetric>(row, tile, first, n, &found);
  }
  if (i < job.n) job.nearest[i] = found;
}

}  // namespace

int LaunchNearest(const NearestJob& job, CUstream_st* stream) {
  const uint32_t blocks = (job.n + kThreads - 1) / kThreads;
  WithMetric(job.metric,
             [&]<RowMetric kMetric>() { Nearest<kMetric><<<blocks, kThreads, 0, stream>>>(job); });
  return cudaGetLastError();
}

}  // namespace nash
