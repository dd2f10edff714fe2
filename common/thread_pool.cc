// A phase, in the order in which it happens, with what makes each step visible to the next:
//
//   caller    work_, running_ = n - 1, then phase_ + 1     release: who sees phase_ sees work_
//   threads   wait for phase_, run work, running_ - 1      acq_rel: hands on what they wrote
//   caller    runs work as thread 0, waits for running_ 0  acquire: sees what all threads wrote
//
// OnAll() returns only when running_ is 0, so no thread is ever two phases behind: each counts
// phases for itself and cannot miss one. The last thread to end notifies, the others do not.
//
// A wait spins first, because phases of training follow each other within microseconds and waking a
// thread takes longer than that. Then it sleeps (std::atomic::wait), because a machine may have
// fewer processors than we have threads, and a checkpoint or a network may keep the caller away.
//
// Not done here: no queues, no futures, no work that starts other work, no priorities. One caller,
// one phase at a time. tests/common/thread_pool_test.cc is worth running with --config=tsan.
#include "common/thread_pool.h"

#include <glog/logging.h>
#include <immintrin.h>

#include <chrono>

namespace nash {
namespace {

// About 20 microseconds: longer than the serial parts between two phases of training.
constexpr int kSpins = 1000;

int64_t NowNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Waits until `value` is no longer `old`: spins first, then sleeps.
template <typename T>
void WaitWhile(std::atomic<T>& value, T old) {
  for (int i = 0; i < kSpins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    _mm_pause();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(int num_threads) {
  CHECK_GE(num_threads, 1);
  for (int thread = 1; thread < num_threads; ++thread) {
    threads_.emplace_back([this, thread] { Loop(thread); });
  }
}

ThreadPool::~ThreadPool() {
  stopping_.store(true, std::memory_order_relaxed);
  phase_.fetch_add(1, std::memory_order_release);
  phase_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::Loop(int thread) {
  for (uint32_t phase = 0;; ++phase) {
    WaitWhile(phase_, phase);
    if (stopping_.load(std::memory_order_relaxed)) return;
    const int64_t start_nanos = NowNanos();
    (*work_)(thread);
    busy_nanos_sum_.fetch_add(NowNanos() - start_nanos, std::memory_order_relaxed);
    if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) running_.notify_one();
  }
}

void ThreadPool::OnAll(const std::function<void(int thread)>& work) {
  if (threads_.empty()) return work(0);
  const int64_t start_nanos = NowNanos();
  work_ = &work;
  busy_nanos_sum_.store(0, std::memory_order_relaxed);
  running_.store(static_cast<int>(threads_.size()), std::memory_order_relaxed);
  phase_.fetch_add(1, std::memory_order_release);
  phase_.notify_all();
  const int64_t own_start_nanos = NowNanos();
  work(0);
  int64_t busy_nanos = NowNanos() - own_start_nanos;
  // Only the last thread notifies. A caller that went to sleep at a higher number is woken by it
  // all the same, and one that still spins sees every number.
  for (int running; (running = running_.load(std::memory_order_acquire)) != 0;) {
    WaitWhile(running_, running);
  }
  busy_nanos += busy_nanos_sum_.load(std::memory_order_relaxed);
  waited_nanos_ += (NowNanos() - start_nanos) * num_threads() - busy_nanos;
}

void ThreadPool::ForEach(size_t n, const std::function<void(size_t index, int thread)>& work) {
  if (n == 1) {
    const int64_t start_nanos = NowNanos();
    work(0, 0);
    waited_nanos_ += (NowNanos() - start_nanos) * (num_threads() - 1);
    return;
  }
  std::atomic<size_t> next{0};
  OnAll([&](int thread) {
    for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < n;) work(i, thread);
  });
}

double ThreadPool::waited_seconds() const { return waited_nanos_ * 1e-9; }

}  // namespace nash
