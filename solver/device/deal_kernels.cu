#include <cuda_runtime.h>

#include "solver/device/deal_kernels.h"

namespace nash {
namespace {

constexpr int kThreads = 128;

// One thread a deal, [n] deals in a row of blocks. Reads and writes of a warp to rows of job.words
// and job.cards are contiguous. Limit on large batches: random sectors of 32 bytes from the tables
// of river (and, where they do not fit the second-level cache, turn) in device memory, 2 kPlayers a
// deal at most; beside those, 4 * words_per_deal bytes a deal are written. On small batches the
// limit is latency: drawing, index, entry, store, one after the other.
template <int kPlayers>
__global__ void __launch_bounds__(kThreads) LookupDeals(const DealLookup job) {
  const uint32_t d = blockIdx.x * kThreads + threadIdx.x;
  if (d < job.deals.n) LookupDeal<kPlayers>(job, d);
}

}  // namespace

int LaunchDealLookup(const DealLookup& job, CUstream_st* stream) {
  const uint32_t blocks = (job.deals.n + kThreads - 1) / kThreads;
  WithPlayers(job.tables.num_players,
              [&]<int kPlayers>() { LookupDeals<kPlayers><<<blocks, kThreads, 0, stream>>>(job); });
  return cudaGetLastError();
}

}  // namespace nash
