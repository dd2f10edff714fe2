// A slot has a stream, device memory and pinned host memory for one batch, all taken at the
// opening, so that Begin() allocates nothing: it queues a kernel and a copy, and returns. IsDone()
// asks the stream.
//
// Whether everything fits is asked before anything is copied, and the message says what takes how
// much: running out half way would leave a device with tables and no batches. As in cuda_rows.cc
// memory is leaked where work may still be under way.
#include "solver/device/cuda_lookup.h"

#include <cuda_runtime_api.h>

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/device/cuda_status.h"
#include "solver/device/deal_kernels.h"
#include "solver/device/device_tables.h"

namespace nash {
namespace {

class CudaLookup : public LookupDevice {
 public:
  CudaLookup(int ordinal, uint32_t deals_max, int words_per_deal)
      : ordinal_(ordinal), deals_max_(deals_max), words_per_deal_(words_per_deal) {}
  ~CudaLookup() override;

  absl::Status Open(const DealImage& image);

  std::string name() const override { return name_; }
  uint32_t deals_max() const override { return deals_max_; }
  absl::Status Begin(int slot, const DealRange& deals) override;
  absl::StatusOr<bool> IsDone(int slot) override;
  const uint32_t* words(int slot) const override { return slots_[slot].host_words.data(); }

 private:
  struct Slot {
    cudaStream_t stream = nullptr;
    DeviceArray<uint32_t> words;
    PinnedArray<uint32_t> host_words;
  };

  absl::Status CheckFits(const DealImage& image) const;

  const int ordinal_;
  const uint32_t deals_max_;
  const int words_per_deal_;
  std::string name_;
  DeviceTables tables_;
  std::array<Slot, kLookupSlots> slots_;
};

CudaLookup::~CudaLookup() {
  bool is_idle = cudaSetDevice(ordinal_) == cudaSuccess;
  // Batches that were announced and not asked for may be on their way.
  for (const Slot& slot : slots_) is_idle = is_idle && EndsSoon(slot.stream);
  if (is_idle) {
    for (Slot& slot : slots_) {
      if (slot.stream != nullptr) cudaStreamDestroy(slot.stream);
    }
    return;
  }
  // Freeing would wait for a device that may never answer.
  tables_.Leak();
  for (Slot& slot : slots_) {
    slot.words.Leak();
    slot.host_words.Leak();
  }
}

absl::Status CudaLookup::CheckFits(const DealImage& image) const {
  const uint64_t batches = uint64_t{kLookupSlots} * deals_max_ * words_per_deal_ * sizeof(uint32_t);
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  RETURN_IF_ERROR(CudaStatus(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo"));
  if (image.total_bytes() + batches <= free_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrFormat(
      "%s has %.2f GB free, %.2f GB are needed: %.2f GB of bucket tables and %.2f GB for %d deals "
      "at a time",
      name_, free_bytes / 1e9, (image.total_bytes() + batches) / 1e9, image.total_bytes() / 1e9,
      batches / 1e9, deals_max_));
}

absl::Status CudaLookup::Open(const DealImage& image) {
  ASSIGN_OR_RETURN(name_, UseCudaDevice(ordinal_));
  RETURN_IF_ERROR(CheckFits(image));
  RETURN_IF_ERROR(tables_.CopyFrom(image));
  const uint64_t words = uint64_t{deals_max_} * words_per_deal_;
  for (Slot& slot : slots_) {
    RETURN_IF_ERROR(slot.words.Allocate(words));
    RETURN_IF_ERROR(slot.host_words.Allocate(words));
    RETURN_IF_ERROR(CudaStatus(cudaStreamCreateWithFlags(&slot.stream, cudaStreamNonBlocking),
                               "cudaStreamCreateWithFlags"));
  }
  return absl::OkStatus();
}

absl::Status CudaLookup::Begin(int s, const DealRange& deals) {
  Slot& slot = slots_[s];
  // The current device is a thread's own.
  RETURN_IF_ERROR(CudaStatus(cudaSetDevice(ordinal_), "cudaSetDevice"));
  const DealLookup job = {.tables = tables_.tables(), .deals = deals, .words = slot.words.data()};
  RETURN_IF_ERROR(CudaStatus(LaunchDealLookup(job, slot.stream), "launch of deal lookups"));
  const uint64_t bytes = uint64_t{deals.n} * words_per_deal_ * sizeof(uint32_t);
  return CudaStatus(cudaMemcpyAsync(slot.host_words.data(), slot.words.data(), bytes,
                                    cudaMemcpyDeviceToHost, slot.stream),
                    "cudaMemcpyAsync from the device");
}

absl::StatusOr<bool> CudaLookup::IsDone(int slot) {
  // A thread that has no current device would get the first one, and memory there, for asking.
  RETURN_IF_ERROR(CudaStatus(cudaSetDevice(ordinal_), "cudaSetDevice"));
  const cudaError_t error = cudaStreamQuery(slots_[slot].stream);
  if (error == cudaErrorNotReady) return false;
  RETURN_IF_ERROR(CudaStatus(error, "deal lookups"));
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LookupDevice>> OpenCudaLookup(int ordinal, const DealImage& image,
                                                             uint32_t deals_max) {
  if (deals_max == 0 || deals_max > kCudaDealsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(deals_max, " deals a batch: from 1 to ", kCudaDealsMax));
  }
  for (const StreetBuckets& street : image.streets()) {
    if (street.num_entries > uint64_t{1} << 32) {
      return absl::InvalidArgumentError("a bucket table of more than 2^32 entries");
    }
  }
  auto device = std::make_unique<CudaLookup>(ordinal, deals_max, image.words_per_deal());
  RETURN_IF_ERROR(device->Open(image));
  return device;
}

}  // namespace nash
