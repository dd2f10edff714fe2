#include "common/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
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

}  // namespace
}  // namespace nash
