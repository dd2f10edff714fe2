#include "solver/device/cuda_lookup.h"

namespace nash {

absl::StatusOr<std::unique_ptr<LookupDevice>> OpenCudaLookup(int, const DealImage&, uint32_t) {
  return absl::UnimplementedError(
      "this program was built without CUDA: install the CUDA toolkit (nvcc in /usr/local/cuda/bin, "
      "on the PATH or under CUDA_HOME) and build again");
}

}  // namespace nash
