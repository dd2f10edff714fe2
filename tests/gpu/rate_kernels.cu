#include <cuda_runtime.h>

#include "tests/gpu/rate_kernels.h"

namespace nash {
namespace {

constexpr int kThreads = 128;

uint32_t BlocksFor(uint32_t threads) { return (threads + kThreads - 1) / kThreads; }

// Bytes: a sector of 32 for every read, 4 written a thread. Reads of a thread do not wait for each
// other, and places are computed, so that nothing but the memory limits them.
__global__ void __launch_bounds__(kThreads) Gather(const GatherJob job) {
  const uint32_t thread = blockIdx.x * kThreads + threadIdx.x;
  const uint32_t threads = job.n / kGathersPerThread;
  if (thread >= threads) return;
  uint32_t values[kGathersPerThread];
#pragma unroll
  for (uint32_t k = 0; k < kGathersPerThread; ++k) {
    values[k] = job.table[GatherPlace(k * threads + thread, job.entries)];
  }
  uint32_t sum = 0;
#pragma unroll
  for (uint32_t k = 0; k < kGathersPerThread; ++k) sum += values[k];
  job.sums[thread] = sum;
}

// Bytes a hand: kBoard + 2 read and 4 written in rows, one sector of the bucket table.
template <int kBoard>
__global__ void __launch_bounds__(kThreads) Hands(const HandsJob job) {
  const uint32_t i = blockIdx.x * kThreads + threadIdx.x;
  if (i >= job.n) return;
  uint64_t taken = 0;
#pragma unroll
  for (int k = 0; k < kBoard; ++k) taken |= SuitedBit(job.cards[size_t(k + 2) * job.n + i]);
  const SuitBoard board = SuitBoardOf(job.tables.first_board_keys, taken);
  const DeviceStreet& street = job.tables.streets[kBoard - 2];
  const uint32_t index =
      SuitIndexOf(street.index, board, job.cards[i], job.cards[size_t(job.n) + i]);
  job.buckets[i] = BucketOn(street, index);
}

}  // namespace

int LaunchGather(const GatherJob& job, CUstream_st* stream) {
  Gather<<<BlocksFor(job.n / kGathersPerThread), kThreads, 0, stream>>>(job);
  return cudaGetLastError();
}

int LaunchHands(const HandsJob& job, CUstream_st* stream) {
  const uint32_t blocks = BlocksFor(job.n);
  if (job.street == 1) Hands<3><<<blocks, kThreads, 0, stream>>>(job);
  if (job.street == 2) Hands<4><<<blocks, kThreads, 0, stream>>>(job);
  if (job.street == 3) Hands<5><<<blocks, kThreads, 0, stream>>>(job);
  return cudaGetLastError();
}

}  // namespace nash
