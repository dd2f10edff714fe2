#include "common/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace nash {
namespace {

TEST(ThreadPool, EveryIndexIsWorkedOnOnceInEveryPhase) {
  for (const int threads : {1, 2, 7}) {
    ThreadPool pool(threads);
    std::vector<std::atomic<int>> seen(100);
    for (int phase = 0; phase < 200; ++phase) {
      pool.ForEach(seen.size(), [&](size_t i, int thread) {
        ASSERT_LT(thread, threads);
        ++seen[i];
      });
    }
    for (const std::atomic<int>& count : seen) EXPECT_EQ(count.load(), 200);
  }
}

TEST(ThreadPool, AllThreadsTakePart) {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> calls(3);
  pool.OnAll([&](int thread) { ++calls[thread]; });
  for (const std::atomic<int>& count : calls) EXPECT_EQ(count.load(), 1);
}

TEST(ThreadPool, PhasesSeeWhatThePhaseBeforeWrote) {
  ThreadPool pool(4);
  std::vector<int> values(64);
  for (int phase = 1; phase <= 500; ++phase) {
    pool.ForEach(values.size(), [&](size_t i, int) {
      ASSERT_EQ(values[i], phase - 1);
      values[i] = phase;
    });
  }
}

// Two of three threads have nothing to do. A busy machine may keep one of them from saying so.
TEST(ThreadPool, TellsWhatThreadsWaited) {
  constexpr double kLong = 0.05;
  const auto pause = [&] { std::this_thread::sleep_for(std::chrono::duration<double>(kLong)); };
  for (const size_t items : {1, 2}) {  // one thread has work, with and without waking the others
    ThreadPool pool(3);
    const auto start = std::chrono::steady_clock::now();
    pool.ForEach(items, [&](size_t i, int) {
      if (i == 0) pause();
    });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_GE(pool.waited_seconds(), kLong) << items;
    EXPECT_LE(pool.waited_seconds(), 3 * took.count() - kLong) << items;
  }
}

TEST(ThreadPool, ThreadsThatAllWorkDoNotWait) {
  constexpr int kThreads = 3;
  ThreadPool pool(kThreads);
  const auto start = std::chrono::steady_clock::now();
  std::atomic<int64_t> busy{0};
  pool.OnAll([&](int) {
    const auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    busy += std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  // The pool's phase lies within ours, and our work within the pool's.
  EXPECT_LE(pool.waited_seconds(), kThreads * took.count() - 1e-9 * busy + 1e-9);
}

}  // namespace
}  // namespace nash
