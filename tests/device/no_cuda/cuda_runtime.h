// What kernels say beyond C++, for a compiler that knows none: see tests/device/kernel_twin.h.
#ifndef NASHVILLE_TESTS_DEVICE_NO_CUDA_CUDA_RUNTIME_H_
#define NASHVILLE_TESTS_DEVICE_NO_CUDA_CUDA_RUNTIME_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tests/device/kernel_blocks.h"

#define __global__
#define __launch_bounds__(threads)
// Blocks run one after the other.
#define __shared__ static

#define blockIdx kernel_twin::block_index
#define threadIdx kernel_twin::thread_index

using std::min;

inline void __syncthreads() { kernel_twin::Synchronize(); }
inline int cudaGetLastError() { return 0; }

// As CUDA's documentation of its integer and SIMD intrinsics has them.
inline int __popcll(uint64_t bits) { return __builtin_popcountll(bits); }
inline uint32_t __vabsdiffu4(uint32_t a, uint32_t b) {
  uint32_t out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const int x = a >> shift & 0xff, y = b >> shift & 0xff;
    out |= static_cast<uint32_t>(std::abs(x - y)) << shift;
  }
  return out;
}
inline uint32_t __dp4a(uint32_t a, uint32_t b, uint32_t sum) {
  for (int shift = 0; shift < 32; shift += 8) sum += (a >> shift & 0xff) * (b >> shift & 0xff);
  return sum;
}
inline uint32_t __vsadu4(uint32_t a, uint32_t b) {
  return __dp4a(__vabsdiffu4(a, b), 0x01010101, 0);
}

#endif  // NASHVILLE_TESTS_DEVICE_NO_CUDA_CUDA_RUNTIME_H_
