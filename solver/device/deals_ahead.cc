// A slot's life: kEmpty -> kRunning (Begin) -> kDone (IsDone) -> kEmpty when its turn comes again.
//
// Take() never waits. It asks the device, under try_lock, whether a slot is done; who does not get
// the lock takes it for not done, and computes the deals itself: the same bytes, only later than
// hoped. So a device that is slow or hangs costs no time.
//
// Check() is the one place that waits, with a limit, and compares word for word. It exists because
// a GPU may answer wrongly without an error. A wrong answer is told with deal, round and unit, and
// is the end of the device for this process (GiveUp), as is every error: no retries, one warning.
#include "solver/device/deals_ahead.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nash {
namespace {

// A check that waits longer takes the device for lost.
constexpr std::chrono::seconds kCheckWaitMax{10};

// The row of a DealBatch that is row `r` of a device's words.
template <typename Batch>
auto* RowOf(Batch& batch, int r) {
  using Word = std::conditional_t<std::is_const_v<Batch>, const uint32_t, uint32_t>;
  const int buckets = batch.num_streets() * batch.num_players();
  return r < buckets ? batch.buckets(r / batch.num_players(), r % batch.num_players())
                     : reinterpret_cast<Word*>(batch.strengths(r - buckets));
}
int RowsOf(const DealBatch& batch) { return (batch.num_streets() + 1) * batch.num_players(); }

std::string Describe(const DealBatch& batch, int r) {
  const int street = r / batch.num_players();
  return street < batch.num_streets()
             ? absl::StrCat("the bucket of player ", r % batch.num_players(), " on street ", street)
             : absl::StrCat("the strength of player ", r % batch.num_players());
}

}  // namespace

int DealsAhead::Find(const DealRange& deals) const {
  for (int s = 0; s < kLookupSlots; ++s) {
    const DealRange& held = slots_[s].deals;
    if (slots_[s].state.load(std::memory_order_relaxed) != State::kEmpty &&
        held.name == deals.name && held.first_deal <= deals.first_deal &&
        uint64_t{deals.first_deal} + deals.n <= uint64_t{held.first_deal} + held.n) {
      return s;
    }
  }
  return -1;
}

void DealsAhead::Begin(const DealRange& deals) {
  if (has_failed() || deals.n > device_->deals_max() || Find(deals) >= 0) return;
  const int s = next_slot_;
  Slot& slot = slots_[s];
  if (slot.state.load(std::memory_order_relaxed) == State::kRunning && !IsDone(s)) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  slot.state.store(State::kEmpty, std::memory_order_relaxed);
  const absl::Status status = device_->Begin(s, deals);
  if (!status.ok()) return GiveUp(status);
  slot.deals = deals;
  slot.state.store(State::kRunning, std::memory_order_release);
  next_slot_ = (s + 1) % kLookupSlots;
}

bool DealsAhead::IsDone(int s) {
  Slot& slot = slots_[s];
  if (slot.state.load(std::memory_order_acquire) == State::kDone) return true;
  const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock() || has_failed()) return false;
  const absl::StatusOr<bool> done = device_->IsDone(s);
  if (!done.ok()) {
    GiveUp(done.status());
    return false;
  }
  if (*done) slot.state.store(State::kDone, std::memory_order_release);
  return *done;
}

bool DealsAhead::Take(const DealRange& deals, int place, DealBatch* out) {
  const int s = Find(deals);
  if (s < 0 || !IsDone(s)) return false;
  const DealRange& held = slots_[s].deals;
  const uint32_t* from = device_->words(s) + (deals.first_deal - held.first_deal);
  for (int r = 0; r < RowsOf(*out); ++r, from += held.n) {
    std::copy_n(from, deals.n, RowOf(*out, r) + place);
  }
  return true;
}

bool DealsAhead::WaitFor(int s) {
  const auto until = std::chrono::steady_clock::now() + kCheckWaitMax;
  while (!IsDone(s)) {
    if (has_failed()) return false;
    if (std::chrono::steady_clock::now() > until) {
      const std::lock_guard<std::mutex> lock(mutex_);
      GiveUp(absl::DeadlineExceededError("no answer for 10 s"));
      return false;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
  return true;
}

bool DealsAhead::Check(const DealRange& deals, int place, const DealBatch& batch) {
  const int s = Find(deals);
  if (s < 0 || has_failed() || !WaitFor(s)) return false;
  const DealRange& held = slots_[s].deals;
  const uint32_t* words = device_->words(s) + (deals.first_deal - held.first_deal);
  for (int r = 0; r < RowsOf(batch); ++r, words += held.n) {
    const uint32_t* const expected = RowOf(batch, r) + place;
    const uint32_t* const wrong = std::mismatch(words, words + deals.n, expected).first;
    if (wrong == words + deals.n) continue;
    const size_t d = wrong - words;
    const std::lock_guard<std::mutex> lock(mutex_);
    GiveUp(absl::DataLossError(absl::StrFormat(
        "WRONG ANSWER for deal %d of round %d, unit %d: %s is %d, the processor says %d",
        deals.first_deal + d, deals.name.round, deals.name.unit, Describe(batch, r), *wrong,
        expected[d])));
    return false;
  }
  return true;
}

void DealsAhead::GiveUp(const absl::Status& status) {
  if (has_failed_.exchange(true)) return;
  warn_(absl::StrCat(device_->name(), " is given up, the processor looks deals up alone (the same ",
                     "results): ", std::string(status.message())));
}

}  // namespace nash
