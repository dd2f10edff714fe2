// Threads that stay, for work in phases of microseconds to seconds.
//
// The caller works too and counts as thread 0. Threads spin briefly between phases and then sleep,
// so a phase costs about a microsecond when phases follow each other closely and no processor time
// when they do not. Thread-compatible: one caller at a time.
#ifndef NASHVILLE_COMMON_THREAD_POOL_H_
#define NASHVILLE_COMMON_THREAD_POOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace nash {

class ThreadPool {
 public:
  // num_threads: at least 1, the caller included.
  explicit ThreadPool(int num_threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int num_threads() const { return static_cast<int>(threads_.size()) + 1; }

  // Calls work(thread) once on every thread; returns when all have returned.
  void OnAll(const std::function<void(int thread)>& work);

  // Calls work(index, thread) for every index in [0, n), in no particular order, each thread taking
  // the next one when it is free.
  void ForEach(size_t n, const std::function<void(size_t index, int thread)>& work);

  // Seconds that threads have waited within phases, to be woken and for others to end, summed over
  // threads.
  double waited_seconds() const;

 private:
  void Loop(int thread);

  std::vector<std::thread> threads_;
  const std::function<void(int)>* work_ = nullptr;  // of the current phase
  alignas(64) std::atomic<uint32_t> phase_{0};
  alignas(64) std::atomic<int> running_{0};
  std::atomic<bool> stopping_{false};
  alignas(64) std::atomic<int64_t> busy_nanos_sum_{0};
  int64_t waited_nanos_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_THREAD_POOL_H_
