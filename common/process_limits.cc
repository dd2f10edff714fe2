#include "common/process_limits.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>

namespace nash {
namespace {

// More is not counted: nothing here needs as many.
constexpr size_t kDescriptorsMax = 1 << 16;

}  // namespace

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

size_t FreeDescriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kDescriptorsMax;
  // Asking each takes no file, unlike /proc/self/fd.
  const size_t end = std::min<rlim_t>(limit.rlim_cur, kDescriptorsMax);
  size_t free = 0;
  for (size_t number = 0; number < end; ++number) {
    free += fcntl(static_cast<int>(number), F_GETFD) == -1;
  }
  return free;
}

bool HasAddressSpace(size_t bytes) {
  void* const start =
      mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) return false;
  munmap(start, bytes);
  return true;
}

}  // namespace nash
