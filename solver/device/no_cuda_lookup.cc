#include "solver/device/cuda_lookup.h"
#include "solver/device/no_cuda.h"

namespace nash {

absl::StatusOr<std::unique_ptr<LookupDevice>> OpenCudaLookup(int, const DealImage&, uint32_t) {
  return NoCudaStatus();
}

}  // namespace nash
