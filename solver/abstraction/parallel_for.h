// Runs a loop on several threads. Which thread does which part is not determined: the body must
// write to places that depend on the loop index alone.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_PARALLEL_FOR_H_
#define NASHVILLE_SOLVER_ABSTRACTION_PARALLEL_FOR_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace nash {

// Calls body(begin, end) for ranges of at most `grain` that cover [0, n), on `threads` threads of
// which the caller is one, and report(done) on the caller's thread now and then.
template <typename Body, typename Report>
void ParallelFor(uint64_t n, uint64_t grain, int threads, const Body& body, const Report& report) {
  std::atomic<uint64_t> next{0};
  std::atomic<uint64_t> done{0};
  const auto work = [&](bool is_caller) {
    for (uint64_t begin = next.fetch_add(grain); begin < n; begin = next.fetch_add(grain)) {
      const uint64_t end = std::min(begin + grain, n);
      body(begin, end);
      const uint64_t total = done.fetch_add(end - begin) + (end - begin);
      if (is_caller) report(total);
    }
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(work, false);
  work(true);
  for (std::thread& other : others) other.join();
  report(n);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_PARALLEL_FOR_H_
