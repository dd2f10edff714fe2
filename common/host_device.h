// Functions that are compiled for the processor and for a GPU from one source.
//
// A header that uses these is plain C++: with nvcc its functions exist on both sides, with any
// other compiler on one, where tests reach all but the launch.
#ifndef NASHVILLE_COMMON_HOST_DEVICE_H_
#define NASHVILLE_COMMON_HOST_DEVICE_H_

#include <bit>
#include <cstdint>

#ifdef __CUDACC__
#define NASH_HOST_DEVICE __host__ __device__
#else
#define NASH_HOST_DEVICE
#endif

// Before a loop whose arrays are to stay in registers.
#ifdef __CUDA_ARCH__
#define NASH_UNROLL _Pragma("unroll")
#else
#define NASH_UNROLL
#endif

namespace nash {

// std::popcount, which nvcc does not compile for devices.
NASH_HOST_DEVICE inline int PopCount(uint64_t bits) {
#ifdef __CUDA_ARCH__
  return __popcll(bits);
#else
  return std::popcount(bits);
#endif
}

}  // namespace nash

#endif  // NASHVILLE_COMMON_HOST_DEVICE_H_
