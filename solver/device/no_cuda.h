// What is said where there is no nvcc at build time.
#ifndef NASHVILLE_SOLVER_DEVICE_NO_CUDA_H_
#define NASHVILLE_SOLVER_DEVICE_NO_CUDA_H_

#include "absl/status/status.h"

namespace nash {

inline absl::Status NoCudaStatus() {
  return absl::UnimplementedError(
      "this program was built without CUDA: install the CUDA toolkit (nvcc in /usr/local/cuda/bin, "
      "on the PATH or under CUDA_HOME) and build again");
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_NO_CUDA_H_
