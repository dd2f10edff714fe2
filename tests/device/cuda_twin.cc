#include "tests/device/cuda_twin.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "solver/device/deal_kernels.h"
#include "solver/device/nearest_finder.h"
#include "solver/device/row_kernels.h"

struct CUstream_st {
  int device = 0;
  int polls_left = 0;
  std::vector<std::function<void()>> queue;
};

namespace nash {
namespace {

constexpr int kDevices = 2;

thread_local int current_device = 0;
thread_local cudaError_t last_error = cudaSuccess;

cudaError_t Fail(cudaError_t error) { return last_error = error; }

// How a call begins: whether it fails at once.
cudaError_t Enter(const char* call, cudaError_t error) {
  CudaTwin& twin = TheCudaTwin();
  twin.contexts.insert(current_device);
  if (twin.is_lost) return Fail(cudaErrorIllegalAddress);
  const auto failing = twin.failing.find(call);
  if (failing == twin.failing.end() || failing->second-- > 0) return cudaSuccess;
  twin.failing.erase(failing);
  return Fail(error);
}

std::vector<CUstream_st*>& Streams() {
  static auto* const streams = new std::vector<CUstream_st*>;
  return *streams;
}

void Queue(CUstream_st* stream, std::function<void()> work) {
  stream->queue.push_back(std::move(work));
  stream->polls_left = TheCudaTwin().polls_until_done;
}

cudaError_t Allocate(const char* call, void** data, size_t bytes) {
  const cudaError_t error = Enter(call, cudaErrorMemoryAllocation);
  if (error != cudaSuccess) return error;
  *data = std::malloc(bytes);
  TheCudaTwin().live[*data] = bytes;
  return cudaSuccess;
}

cudaError_t Free(const char* call, void* data) {
  const cudaError_t error = Enter(call, cudaErrorInvalidValue);
  if (error != cudaSuccess) return error;
  for (const CUstream_st* stream : Streams()) TheCudaTwin().waits += !stream->queue.empty();
  TheCudaTwin().live.erase(data);
  std::free(data);
  return cudaSuccess;
}

// As the real ones: what went wrong on this thread before counts as the launch's.
int Launch(CUstream_st* stream, std::function<void()> work) {
  if (Enter("launch", cudaErrorLaunchOutOfResources) == cudaSuccess) {
    if (stream->device == current_device) {
      Queue(stream, std::move(work));
    } else {
      Fail(cudaErrorInvalidResourceHandle);
    }
  }
  return cudaGetLastError();
}

}  // namespace

CudaTwin& TheCudaTwin() {
  static auto* const twin = new CudaTwin;
  return *twin;
}

void ResetCudaTwin() {
  for (CUstream_st* stream : Streams()) {
    TheCudaTwin().live.erase(stream);
    delete stream;
  }
  Streams().clear();
  for (const auto& [data, bytes] : TheCudaTwin().live) std::free(data);
  TheCudaTwin() = {};
  last_error = cudaSuccess;
}

int LaunchDealLookup(const DealLookup& job, CUstream_st* stream) {
  return Launch(stream, [job] {
    WithPlayers(job.tables.num_players, [&]<int kPlayers>() {
      for (uint32_t d = 0; d < job.deals.n; ++d) LookupDeal<kPlayers>(job, d);
    });
  });
}

int LaunchNearest(const NearestJob& job, CUstream_st* stream) {
  return Launch(stream, [job] {
    const size_t stride = 4 * WordsOf(job.metric);
    const auto* const rows = reinterpret_cast<const uint8_t*>(job.rows);
    const auto* const centroids = reinterpret_cast<const uint8_t*>(job.centroids);
    for (uint32_t i = 0; i < job.n; ++i) {
      job.nearest[i] = SlowNearest(job.metric, rows + i * stride, {centroids, job.k * stride});
    }
  });
}

}  // namespace nash

using nash::TheCudaTwin;

cudaError_t cudaGetLastError() { return std::exchange(nash::last_error, cudaSuccess); }
const char* cudaGetErrorString(cudaError_t) { return "as told"; }
cudaError_t cudaGetDeviceCount(int* count) {
  *count = nash::kDevices;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  nash::current_device = device;
  return nash::Enter("cudaSetDevice", cudaErrorDevicesUnavailable);
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {};
  std::strcpy(properties->name, "twin");
  return nash::Enter("cudaGetDeviceProperties", cudaErrorInvalidDevice);
}
cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes) {
  *free_bytes = *total_bytes = TheCudaTwin().free_bytes;
  return nash::Enter("cudaMemGetInfo", cudaErrorInvalidValue);
}
cudaError_t cudaMalloc(void** data, size_t bytes) {
  return nash::Allocate("cudaMalloc", data, bytes);
}
cudaError_t cudaHostAlloc(void** data, size_t bytes, unsigned) {
  return nash::Allocate("cudaHostAlloc", data, bytes);
}
cudaError_t cudaFree(void* data) { return nash::Free("cudaFree", data); }
cudaError_t cudaFreeHost(void* data) { return nash::Free("cudaFreeHost", data); }
cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind) {
  const cudaError_t error = nash::Enter("cudaMemcpy", cudaErrorInvalidValue);
  if (error == cudaSuccess) std::memcpy(to, from, bytes);
  return error;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind,
                            cudaStream_t stream) {
  const cudaError_t error = nash::Enter("cudaMemcpyAsync", cudaErrorInvalidValue);
  if (error == cudaSuccess) nash::Queue(stream, [=] { std::memcpy(to, from, bytes); });
  return error;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  const cudaError_t error = nash::Enter("cudaStreamCreateWithFlags", cudaErrorMemoryAllocation);
  if (error != cudaSuccess) return error;
  *stream = new CUstream_st{.device = nash::current_device};
  nash::Streams().push_back(*stream);
  TheCudaTwin().live[*stream] = 0;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const cudaError_t error = nash::Enter("cudaStreamDestroy", cudaErrorInvalidValue);
  if (error != cudaSuccess) return error;
  auto& streams = nash::Streams();
  streams.erase(std::find(streams.begin(), streams.end(), stream));
  TheCudaTwin().live.erase(stream);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  return nash::Enter("cudaStreamSynchronize", cudaErrorUnknown);
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  const cudaError_t error = nash::Enter("cudaStreamQuery", cudaErrorUnknown);
  if (error != cudaSuccess || stream->queue.empty()) return error;
  if (TheCudaTwin().hangs || stream->polls_left-- > 0) return cudaErrorNotReady;  // no error
  for (const auto& work : std::exchange(stream->queue, {})) work();
  return cudaSuccess;
}
