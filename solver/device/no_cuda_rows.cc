#include "solver/device/cuda_rows.h"
#include "solver/device/no_cuda.h"

namespace nash {

absl::StatusOr<std::unique_ptr<RowDevice>> OpenCudaRows(int) { return NoCudaStatus(); }

}  // namespace nash
