// Deals that a device looks up before they are asked for.
//
// No thread waits for a device: if it is late, the caller computes the deals itself, with the same
// result. A device that fails is not asked again and one warning says so. What it still writes
// lands in memory of its own, never in a batch.
//
// Take() may be called from many threads at once; Begin() by one, while no thread is in Take().
#ifndef NASHVILLE_SOLVER_DEVICE_DEALS_AHEAD_H_
#define NASHVILLE_SOLVER_DEVICE_DEALS_AHEAD_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "solver/device/lookup_device.h"
#include "solver/game/deal.h"

namespace nash {

class DealsAhead {
 public:
  // warn: called once when the device is given up, from any thread.
  DealsAhead(std::unique_ptr<LookupDevice> device, std::function<void(const std::string&)> warn)
      : device_(std::move(device)), warn_(std::move(warn)) {}

  // Has the device begin `deals`, unless it has already, or is still busy with others.
  void Begin(const DealRange& deals);
  // Writes `deals` to places [place, place + deals.n) of `out`; false where they are not there.
  bool Take(const DealRange& deals, int place, DealBatch* out);

  // What a check does: waits until `deals`, if they were begun, are there, and compares them with
  // those at [place, place + deals.n) of `batch`. Whether all is the same; false too where they
  // were not begun. A device that has others is given up.
  bool Check(const DealRange& deals, int place, const DealBatch& batch);

  bool has_failed() const { return has_failed_.load(std::memory_order_relaxed); }

 private:
  enum class State : uint8_t { kEmpty, kRunning, kDone };
  struct Slot {
    DealRange deals;
    std::atomic<State> state{State::kEmpty};
  };

  // The slot of these deals; -1: none.
  int Find(const DealRange& deals) const;
  // Whether the slot's deals are there. Asks the device unless another thread is doing so.
  bool IsDone(int slot);
  bool WaitFor(int slot);
  // Needs mutex_.
  void GiveUp(const absl::Status& status);

  const std::unique_ptr<LookupDevice> device_;
  const std::function<void(const std::string&)> warn_;
  std::array<Slot, kLookupSlots> slots_;
  int next_slot_ = 0;
  std::atomic<bool> has_failed_{false};
  std::mutex mutex_;  // of device_
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_DEALS_AHEAD_H_
