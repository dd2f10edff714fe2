// Searches for nearest centroids on an NVIDIA GPU.
//
// Rows lie in device memory from Load() on. Answers come back in pieces of kCudaRowsPerPiece rows
// through pinned memory, the next computed while one is used. A device that does not answer for
// kCudaRowsPatience is taken for lost. Where there is no nvcc at build time, opening says how to
// get it.
#ifndef NASHVILLE_SOLVER_DEVICE_CUDA_ROWS_H_
#define NASHVILLE_SOLVER_DEVICE_CUDA_ROWS_H_

#include <chrono>
#include <memory>

#include "absl/status/statusor.h"
#include "solver/device/nearest_finder.h"

namespace nash {

inline constexpr uint32_t kCudaRowsPerPiece = uint32_t{1} << 20;
inline constexpr std::chrono::seconds kCudaRowsPatience{60};

// Errors: Unimplemented (built without CUDA), Unavailable (no driver, no such device).
absl::StatusOr<std::unique_ptr<RowDevice>> OpenCudaRows(int ordinal);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_CUDA_ROWS_H_
