// A device that is no device: the kernels' arithmetic on the host, late, failing or wrong as told.
#ifndef NASHVILLE_TESTS_DEVICE_HOST_TWIN_H_
#define NASHVILLE_TESTS_DEVICE_HOST_TWIN_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "solver/device/deal_image.h"
#include "solver/device/lookup_device.h"

namespace nash {

// What goes wrong. Calls count from 0; -1: never.
struct TwinFaults {
  int polls_until_done = 0;  // IsDone() says no so often
  int failing_begin = -1;
  int failing_poll = -1;
  int wrong_batch = -1;  // whose first number is another
  bool never_done = false;
};

class HostTwin : public LookupDevice {
 public:
  HostTwin(DealImage image, uint32_t deals_max, const TwinFaults& faults)
      : image_(std::move(image)), deals_max_(deals_max), faults_(faults) {}

  std::string name() const override { return "twin"; }
  uint32_t deals_max() const override { return deals_max_; }
  absl::Status Begin(int slot, const DealRange& deals) override {
    if (begins_ == faults_.failing_begin) return absl::ResourceExhaustedError("no memory");
    Slot& s = slots_[slot];
    s.polls_left = faults_.polls_until_done;
    s.words.assign(size_t(image_.words_per_deal()) * deals.n, 0xdeadbeef);
    s.is_wrong = begins_++ == faults_.wrong_batch;
    s.deals = deals;
    return absl::OkStatus();
  }
  absl::StatusOr<bool> IsDone(int slot) override {
    if (polls_++ == faults_.failing_poll) return absl::UnavailableError("the device is lost");
    Slot& s = slots_[slot];
    if (faults_.never_done || s.polls_left-- > 0) return false;
    const DealLookup job = {.tables = image_.Here(), .deals = s.deals, .words = s.words.data()};
    WithPlayers(image_.num_players(), [&]<int kPlayers>() {
      for (uint32_t d = 0; d < job.deals.n; ++d) LookupDeal<kPlayers>(job, d);
    });
    if (s.is_wrong) s.words[0] = s.words[0] == 0 ? 1 : 0;
    return true;
  }
  const uint32_t* words(int slot) const override { return slots_[slot].words.data(); }

 private:
  struct Slot {
    DealRange deals;
    int polls_left = 0;
    bool is_wrong = false;
    std::vector<uint32_t> words;
  };
  const DealImage image_;
  const uint32_t deals_max_;
  const TwinFaults faults_;
  int begins_ = 0;
  int polls_ = 0;
  std::array<Slot, kLookupSlots> slots_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_DEVICE_HOST_TWIN_H_
