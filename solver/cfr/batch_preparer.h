// Prepares the next batch in small steps, by whichever thread has nothing better to do.
#ifndef NASHVILLE_SOLVER_CFR_BATCH_PREPARER_H_
#define NASHVILLE_SOLVER_CFR_BATCH_PREPARER_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "common/thread_pool.h"
#include "solver/cfr/prepared_batch.h"

namespace nash {

// Thread-safe: Step() may be called from any number of threads.
class BatchPreparer {
 public:
  // source outlives the preparer.
  BatchPreparer(const DealSource& source, double explore_share)
      : source_(source), explore_share_(explore_share) {}

  // Begins deals [first_deal, first_deal + n) of `name`; places 0 to n of `batch`. No thread may be
  // in Step().
  void Start(const StreamName& name, uint32_t first_deal, int n, PreparedBatch* batch) {
    name_ = name;
    first_deal_ = first_deal;
    n_ = n;
    batch_ = batch;
    source_.Announce(name, first_deal, n);
    next_.store(0, std::memory_order_release);
  }

  // Does one step; false when none is left to take.
  bool Step() {
    const int place = next_.fetch_add(kDealsPerStep, std::memory_order_relaxed);
    if (place >= n_) return false;
    const int n = std::min(kDealsPerStep, n_ - place);
    batch_->Prepare(source_, name_, first_deal_, place, n, explore_share_);
    return true;
  }

  // Does what is left: on all threads, unless it is too little to wake them.
  void Finish(ThreadPool* pool) {
    const auto start = std::chrono::steady_clock::now();
    DoTheRest(pool);
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - start;
    waited_seconds_ += waited.count();
  }

  // Seconds in Finish(): what traversals waited for batches, their lookups and draws.
  double waited_seconds() const { return waited_seconds_; }

 private:
  static constexpr int kDealsPerStep = 64;
  static constexpr int kDealsForOneThread = 256;

  void DoTheRest(ThreadPool* pool) {
    if (n_ <= kDealsForOneThread) {
      while (Step()) {
      }
      return;
    }
    if (next_.load(std::memory_order_relaxed) >= n_) return;
    pool->OnAll([this](int) {
      while (Step()) {
      }
    });
  }

  const DealSource& source_;
  const double explore_share_;
  StreamName name_;
  uint32_t first_deal_ = 0;
  int n_ = 0;
  PreparedBatch* batch_ = nullptr;
  double waited_seconds_ = 0;
  std::atomic<int> next_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_BATCH_PREPARER_H_
