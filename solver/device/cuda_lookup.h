// Deal lookups on an NVIDIA GPU.
//
// All tables lie in device memory (DealImage::total_bytes(); 0.26 to 0.28 GB with 2-byte river
// buckets). A batch is one launch, which draws the cards itself, and one copy to pinned memory;
// each slot has a stream of its own. No call waits but the opening. Where there is no nvcc at build
// time, opening says how to get it.
#ifndef NASHVILLE_SOLVER_DEVICE_CUDA_LOOKUP_H_
#define NASHVILLE_SOLVER_DEVICE_CUDA_LOOKUP_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "solver/device/deal_image.h"
#include "solver/device/lookup_device.h"

namespace nash {

inline constexpr uint32_t kCudaDealsMax = uint32_t{1} << 26;

// Copies the tables to device `ordinal`. Needs 1 <= deals_max <= kCudaDealsMax. Errors:
// Unimplemented (built without CUDA), Unavailable (no driver, no such device), ResourceExhausted
// (tables and batches do not fit into its free memory).
absl::StatusOr<std::unique_ptr<LookupDevice>> OpenCudaLookup(int ordinal, const DealImage& image,
                                                             uint32_t deals_max);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_CUDA_LOOKUP_H_
