#include "common/usable_cores.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <thread>
#include <vector>

namespace nash {
namespace {

int PermittedCores() {
  // The system says EINVAL where it has more processors than the set has places.
  for (int places = CPU_SETSIZE; places <= (1 << 20); places *= 2) {
    std::vector<cpu_set_t> set(CPU_ALLOC_SIZE(places) / sizeof(cpu_set_t) + 1);
    const size_t bytes = set.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, set.data()) == 0) return CPU_COUNT_S(bytes, set.data());
    if (errno != EINVAL) break;
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

int UsableCores(const GroupAllowance& allowance) {
  const int permitted = std::max(1, PermittedCores());
  if (allowance.cores >= permitted) return permitted;
  return std::max(1, static_cast<int>(std::ceil(allowance.cores)));
}

}  // namespace nash
