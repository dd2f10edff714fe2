// A deal is drawn from its name and looked up, a block at a time; scratch is a thread's own,
// because every thread of a pool calls Fill() for places of one batch.
//
// A device is believed only after it has got kFirstDeals right, compared word for word with the
// processor. From then on its answers are taken unseen, unless `check` is on; then the processor's
// answer is what counts and the device's is compared with it, so that a run with checks has the
// same bytes even on a device that errs. abstraction_test.cc fills in pieces, and tests/device has
// a twin that answers wrongly.
#include "solver/abstraction/bucket_deal_source.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace nash {
namespace {

// Deals that a device must get right before it is used.
constexpr uint32_t kFirstDeals = 4096;

}  // namespace

bool BucketDealSource::UseDevice(std::unique_ptr<LookupDevice> device,
                                 const DeviceOptions& options) {
  const uint32_t n = std::min(kFirstDeals, device->deals_max());
  auto ahead = std::make_unique<DealsAhead>(std::move(device), options.warn);
  DealBatch batch(game_.num_players, game_.num_streets, static_cast<int>(n));
  const DealRange deals = {{.seed = n}, 0, n};
  FillHere(deals.name, 0, static_cast<int>(n), 0, &batch);
  ahead->Begin(deals);
  if (!ahead->Check(deals, 0, batch)) return false;
  ahead_ = std::move(ahead);
  check_ = options.check;
  return true;
}

void BucketDealSource::Announce(const StreamName& name, uint32_t first_deal, int n) const {
  if (ahead_ != nullptr) ahead_->Begin({name, first_deal, static_cast<uint32_t>(n)});
}

void BucketDealSource::Fill(const StreamName& name, uint32_t first_deal, int n, int place,
                            DealBatch* out) const {
  if (ahead_ == nullptr) return FillHere(name, first_deal, n, place, out);
  const DealRange deals = {name, first_deal, static_cast<uint32_t>(n)};
  bool by_device = !check_ && ahead_->Take(deals, place, out);
  if (!by_device) FillHere(name, first_deal, n, place, out);
  if (check_) by_device = ahead_->Check(deals, place, *out);
  (by_device ? device_deals_ : processor_deals_).fetch_add(n, std::memory_order_relaxed);
}

void BucketDealSource::FillHere(const StreamName& name, uint32_t first_deal, int n, int place,
                                DealBatch* out) const {
  // Made again only when a thread changes to a game of another number of cards.
  thread_local std::optional<CardBatch> cards;
  if (!cards.has_value() || cards->num_slots() != game_.CardsPerDeal()) {
    cards.emplace(game_.CardsPerDeal(), kLookupBlock);
  }
  for (int done = 0; done < n; done += kLookupBlock) {
    const int block = std::min(n - done, kLookupBlock);
    DrawCards(game_, name, first_deal + done, block, &*cards);
    abstraction_.Lookup(*cards, 0, block, out, place + done);
  }
}

}  // namespace nash
