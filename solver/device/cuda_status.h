// Errors of CUDA calls as statuses. Only where there is nvcc.
#ifndef NASHVILLE_SOLVER_DEVICE_CUDA_STATUS_H_
#define NASHVILLE_SOLVER_DEVICE_CUDA_STATUS_H_

#include <cuda_runtime_api.h>

#include <chrono>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace nash {

// `call`: what was called, for the message.
inline absl::Status CudaStatus(int error, const char* call) {
  if (error == cudaSuccess) return absl::OkStatus();
  cudaGetLastError();  // keeps it for this thread's next launch, which would take it for its own
  const cudaError_t code = static_cast<cudaError_t>(error);
  const std::string message =
      absl::StrCat(call, ": ", cudaGetErrorString(code), " (CUDA error ", error, ")");
  return code == cudaErrorMemoryAllocation ? absl::ResourceExhaustedError(message)
                                           : absl::UnavailableError(message);
}

// Makes device `ordinal` the current one of this thread; returns its name: "cuda:0 (NVIDIA H200)".
// Error: Unavailable (no driver, no such device).
inline absl::StatusOr<std::string> UseCudaDevice(int ordinal) {
  int count = 0;
  const cudaError_t found = cudaGetDeviceCount(&count);
  if (found == cudaErrorInsufficientDriver) {
    return absl::UnavailableError(
        "this machine has no NVIDIA driver, or one that is older than this program's CUDA");
  }
  if (found != cudaErrorNoDevice) {
    RETURN_IF_ERROR(CudaStatus(found, "cudaGetDeviceCount"));
  }
  if (ordinal >= count) {
    return absl::UnavailableError(
        absl::StrCat("cuda:", ordinal, " is not there: this machine has ", count, " CUDA devices"));
  }
  RETURN_IF_ERROR(CudaStatus(cudaSetDevice(ordinal), "cudaSetDevice"));
  cudaDeviceProp properties;
  RETURN_IF_ERROR(
      CudaStatus(cudaGetDeviceProperties(&properties, ordinal), "cudaGetDeviceProperties"));
  return absl::StrCat("cuda:", ordinal, " (", properties.name, ")");
}

// Whether all that was queued in `stream` is done, or will be within a second: then nothing waits
// for long when memory is freed. A stream that was never made (null) has nothing queued.
inline bool EndsSoon(cudaStream_t stream) {
  if (stream == nullptr) return true;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  cudaError_t error = cudaStreamQuery(stream);
  while (error == cudaErrorNotReady && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    error = cudaStreamQuery(stream);
  }
  return error == cudaSuccess;
}

// Memory of the current device. Freed with us, unless it is still in use (Leak).
template <typename Value>
class DeviceArray {
 public:
  DeviceArray() = default;
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() {
    if (data_ != nullptr) cudaFree(data_);
  }
  absl::Status Allocate(uint64_t n) {
    return CudaStatus(cudaMalloc(reinterpret_cast<void**>(&data_), n * sizeof(Value)),
                      "cudaMalloc");
  }
  // Complete on return, for all streams.
  absl::Status CopyFrom(const Value* values, uint64_t n) {
    RETURN_IF_ERROR(CudaStatus(cudaMemcpy(data_, values, n * sizeof(Value), cudaMemcpyHostToDevice),
                               "cudaMemcpy to the device"));
    // From memory that is not pinned it may return before the device has all bytes, and streams
    // that do not block do not wait for the one it uses.
    return CudaStatus(cudaStreamSynchronize(cudaStreamLegacy), "copy to the device");
  }
  Value* data() const { return data_; }
  // For a device that hangs: freeing would wait for it.
  void Leak() { data_ = nullptr; }

 private:
  Value* data_ = nullptr;
};

// Memory of the host that a device writes to by itself.
template <typename Value>
class PinnedArray {
 public:
  PinnedArray() = default;
  PinnedArray(const PinnedArray&) = delete;
  PinnedArray& operator=(const PinnedArray&) = delete;
  ~PinnedArray() {
    if (data_ != nullptr) cudaFreeHost(data_);
  }
  absl::Status Allocate(uint64_t n) {
    return CudaStatus(
        cudaHostAlloc(reinterpret_cast<void**>(&data_), n * sizeof(Value), cudaHostAllocPortable),
        "cudaHostAlloc");
  }
  Value* data() const { return data_; }
  void Leak() { data_ = nullptr; }

 private:
  Value* data_ = nullptr;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_CUDA_STATUS_H_
