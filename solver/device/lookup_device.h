// Something beside the processor that looks up whole batches of deals: a GPU, or its twin in tests.
#ifndef NASHVILLE_SOLVER_DEVICE_LOOKUP_DEVICE_H_
#define NASHVILLE_SOLVER_DEVICE_LOOKUP_DEVICE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/device/deal_lookup.h"

namespace nash {

// Batches in flight: one is taken while the next is computed.
inline constexpr int kLookupSlots = 2;

// Thread-compatible. No call waits for the device. After an error a device is not called again.
class LookupDevice {
 public:
  virtual ~LookupDevice() = default;

  // "cuda:0 (NVIDIA H200)".
  virtual std::string name() const = 0;
  // Deals that one slot holds at most.
  virtual uint32_t deals_max() const = 0;
  // Begins `deals` in `slot`. Needs a slot that is done, and deals.n <= deals_max().
  virtual absl::Status Begin(int slot, const DealRange& deals) = 0;
  // Whether all that was begun in `slot` is done.
  virtual absl::StatusOr<bool> IsDone(int slot) = 0;
  // As DealLookup::words, of the deals begun last; to be read once they are done.
  virtual const uint32_t* words(int slot) const = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_LOOKUP_DEVICE_H_
