// Kernels that only measure: what memory allows, and one street's lookups by themselves. Plain C++;
// needs nvcc at build time. Each queues one launch and returns a cudaError_t.
#ifndef NASHVILLE_TESTS_GPU_RATE_KERNELS_H_
#define NASHVILLE_TESTS_GPU_RATE_KERNELS_H_

#include <cstdint>

#include "solver/device/deal_lookup.h"

struct CUstream_st;

namespace nash {

// The ceiling of lookups: n reads of 2 bytes at places drawn by hashing, from a table of `entries`
// of them; nothing else but a sum for each thread. sums: [GatherThreads(n)], written.
struct GatherJob {
  const uint16_t* table = nullptr;  // [entries]
  uint32_t entries = 0;
  uint32_t n = 0;  // a multiple of kGathersPerThread
  uint32_t* sums = nullptr;
};
inline constexpr uint32_t kGathersPerThread = 8;
int LaunchGather(const GatherJob& job, CUstream_st* stream);

// Where the i-th read goes.
NASH_HOST_DEVICE inline uint32_t GatherPlace(uint32_t i, uint32_t entries) {
  uint32_t x = i * 0x9E3779B1u;
  x = (x ^ x >> 15) * 0x85EBCA77u;
  x = (x ^ x >> 13) * 0xC2B2AE3Du;
  return UniformBelow(x ^ x >> 16, entries);
}

// n hands of `street`: from cards in device memory to buckets in device memory.
struct HandsJob {
  DealTables tables;
  int street = 1;
  const Card* cards = nullptr;  // [street + 4][n], hole cards first
  uint32_t n = 0;
  uint32_t* buckets = nullptr;  // [n], written
};
int LaunchHands(const HandsJob& job, CUstream_st* stream);

}  // namespace nash

#endif  // NASHVILLE_TESTS_GPU_RATE_KERNELS_H_
