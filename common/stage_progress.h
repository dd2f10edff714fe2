// What a long computation tells of itself, stage by stage.
#ifndef NASHVILLE_COMMON_STAGE_PROGRESS_H_
#define NASHVILLE_COMMON_STAGE_PROGRESS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace nash {

struct StageProgress {
  std::string stage;  // "river strengths"
  uint64_t done = 0;
  uint64_t total = 0;
  const char* unit = "boards";
};

// Is called on the thread that asked for the computation, often: throttling is up to it.
using ProgressCallback = std::function<void(const StageProgress&)>;

// Counts what threads do of one stage. Thread-safe, but that Finish() comes after all Add().
class StageCounter {
 public:
  // stage: with done 0.
  StageCounter(StageProgress stage, const ProgressCallback& callback)
      : stage_(std::move(stage)), callback_(callback) {}

  // The callback is called where the thread is 0, which is the one that asked (ThreadPool).
  void Add(uint64_t amount, int thread) {
    const uint64_t done = done_.fetch_add(amount, std::memory_order_relaxed) + amount;
    if (thread == 0) Tell(done);
  }
  void Finish() { Tell(done_.load(std::memory_order_relaxed)); }

 private:
  void Tell(uint64_t done) {
    stage_.done = done;
    callback_(stage_);
  }

  StageProgress stage_;
  const ProgressCallback& callback_;
  std::atomic<uint64_t> done_{0};
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_STAGE_PROGRESS_H_
