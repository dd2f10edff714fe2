// The launch of deal lookups (deal_lookup.h) on a GPU. Plain C++; needs nvcc at build time.
#ifndef NASHVILLE_SOLVER_DEVICE_DEAL_KERNELS_H_
#define NASHVILLE_SOLVER_DEVICE_DEAL_KERNELS_H_

#include "solver/device/deal_lookup.h"

struct CUstream_st;  // cudaStream_t is a pointer to it

namespace nash {

// Queues one launch for all of job.deals and returns at once. Pointers of `job` are of the device.
// Needs 1 <= job.deals.n <= 2^30. Returns a cudaError_t.
int LaunchDealLookup(const DealLookup& job, CUstream_st* stream);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_DEAL_KERNELS_H_
