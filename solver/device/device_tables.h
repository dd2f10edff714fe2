// The tables of deal lookups in the memory of the current CUDA device. Only where there is nvcc.
#ifndef NASHVILLE_SOLVER_DEVICE_DEVICE_TABLES_H_
#define NASHVILLE_SOLVER_DEVICE_DEVICE_TABLES_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "common/status_macros.h"
#include "solver/device/cuda_status.h"
#include "solver/device/deal_image.h"

namespace nash {

// Thread-compatible.
class DeviceTables {
 public:
  // Errors: ResourceExhausted, Unavailable.
  absl::Status CopyFrom(const DealImage& image) {
    RETURN_IF_ERROR(image_.Allocate(image.bytes().size()));
    RETURN_IF_ERROR(image_.CopyFrom(image.bytes().data(), image.bytes().size()));
    std::array<const void*, kDeviceStreetsMax> places{};
    for (size_t s = 0; s < image.streets().size(); ++s) {
      const StreetBuckets& street = image.streets()[s];
      if (street.data == nullptr) continue;
      RETURN_IF_ERROR(buckets_[s].Allocate(street.bytes()));
      RETURN_IF_ERROR(buckets_[s].CopyFrom(street.data, street.bytes()));
      places[s] = buckets_[s].data();
    }
    tables_ = image.At(image_.data(), places);
    return absl::OkStatus();
  }
  // Pointers are of the device.
  const DealTables& tables() const { return tables_; }
  // As DeviceArray's.
  void Leak() {
    image_.Leak();
    for (DeviceArray<uint8_t>& street : buckets_) street.Leak();
  }

 private:
  DeviceArray<uint8_t> image_;
  std::array<DeviceArray<uint8_t>, kDeviceStreetsMax> buckets_;
  DealTables tables_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_DEVICE_TABLES_H_
