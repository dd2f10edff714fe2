// What every benchmark measures with: clocks, medians, measurements in turns.
#ifndef NASHVILLE_TESTS_BENCH_MEASURE_H_
#define NASHVILLE_TESTS_BENCH_MEASURE_H_

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "glog/logging.h"

namespace nash {

// The middle value; the upper of the middle two where their number is even. Needs at least one.
inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

inline double ClockSeconds(clockid_t clock) {
  timespec now;
  CHECK_EQ(clock_gettime(clock, &now), 0);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
inline double WallSeconds() { return ClockSeconds(CLOCK_MONOTONIC); }
// Processor time of this thread, or of all of the process: what else the machine does counts less.
inline double ThreadSeconds() { return ClockSeconds(CLOCK_THREAD_CPUTIME_ID); }
inline double ProcessSeconds() { return ClockSeconds(CLOCK_PROCESS_CPUTIME_ID); }

// The time, by `clock`, that run() takes.
template <typename Run>
double SecondsOf(const Run& run, double (*clock)() = WallSeconds) {
  const double start = clock();
  run();
  return clock() - start;
}

// One of several things that are measured in turns.
struct Measure {
  std::string name;
  double count = 0;               // of what one run does
  std::function<uint64_t()> run;  // returns a sum that depends on all that it does
  std::vector<double> seconds = {};
  uint64_t sum = 0;

  double MedianSeconds() const { return Median(seconds); }
  double MillionsPerSecond() const { return count / MedianSeconds() / 1e6; }
};

// Runs all of them once, which warms tables and caches, then `runs` times in turns.
inline void RunInterleaved(int runs, double (*clock)(), std::vector<Measure>* measures) {
  for (Measure& m : *measures) m.sum = m.run();
  for (int run = 0; run < runs; ++run) {
    for (Measure& m : *measures) {
      m.seconds.push_back(SecondsOf([&] { m.sum += m.run(); }, clock));
    }
  }
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_MEASURE_H_
