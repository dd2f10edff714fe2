// Deals of a real game: cards drawn by name, buckets and strengths looked up.
//
// With a device (UseDevice) announced deals are looked up there and taken where they are ready in
// time; all others, and all without a device, by the calling thread. The results are the same.
// Thread-safe, but for UseDevice(), which comes first. Keeps scratch of a few KB for each thread
// that calls it; allocates nothing else.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_DEAL_SOURCE_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_DEAL_SOURCE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "solver/abstraction/abstraction.h"
#include "solver/device/deals_ahead.h"
#include "solver/game/deal.h"
#include "solver/game/game_definition.h"

namespace nash {

// Deals by who looked them up.
struct LookupCounts {
  uint64_t processor_deals = 0;
  uint64_t device_deals = 0;  // taken from a device, or compared with its answers
};

class BucketDealSource : public DealSource {
 public:
  struct DeviceOptions {
    // Every deal is looked up by the processor, whose answer counts; announced ones by the device
    // as well, and compared, however long it takes. A device with another answer is given up.
    bool check = false;
    // Called once when the device is given up, from any thread.
    std::function<void(const std::string&)> warn;
  };

  // Neither is owned; both outlive us, and `abstraction` is of `game`.
  BucketDealSource(const GameDefinition& game, const Abstraction& abstraction)
      : game_(game), abstraction_(abstraction) {}

  // Takes `device` into use. False where its answers for some first deals are wrong or do not come:
  // then it was given up, and all goes on without.
  bool UseDevice(std::unique_ptr<LookupDevice> device, const DeviceOptions& options);

  uint32_t num_buckets(int street) const override { return abstraction_.num_buckets(street); }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override;
  void Announce(const StreamName& name, uint32_t first_deal, int n) const override;

  LookupCounts counts() const {
    return {processor_deals_.load(std::memory_order_relaxed),
            device_deals_.load(std::memory_order_relaxed)};
  }

 private:
  void FillHere(const StreamName& name, uint32_t first_deal, int n, int place,
                DealBatch* out) const;

  const GameDefinition& game_;
  const Abstraction& abstraction_;
  std::unique_ptr<DealsAhead> ahead_;  // null: no device
  bool check_ = false;
  mutable std::atomic<uint64_t> processor_deals_{0};
  mutable std::atomic<uint64_t> device_deals_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_DEAL_SOURCE_H_
