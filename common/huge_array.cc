// Memory straight from mmap, zeroed by the kernel, on 2 MB pages where it gives them: a table is
// read at random, and with 4 KB pages most reads would also miss the TLB.
//
// Memory is only asked for after a look at what there is (AvailableMemoryBytes), because Linux
// grants any size and kills the process later, at the first touch of a page too many. Three limits
// can be the one that counts: the machine's, the control group's (a container sees the machine's
// memory but may not use it), and the process's. The look is a snapshot: others may take the memory
// a moment later.
//
// Reserve() takes address space without that check, for arrays that will probably stay mostly
// untouched. TakePages() touches pages on many threads at once, since one thread is slow at zeroing
// them.
#include "common/huge_array.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nash {
namespace {

constexpr uint64_t kHugePageBytes = uint64_t{2} << 20;

uint64_t MachineAvailableBytes() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  uint64_t kilobytes = 0;
  while (file >> key >> kilobytes) {
    std::getline(file, unit);
    if (key == "MemAvailable:") return kilobytes * 1024;
  }
  return std::numeric_limits<uint64_t>::max();
}

// Control groups version 2, then version 1; no limit where neither says one.
uint64_t GroupAvailableBytes() {
  const char* const kPairs[][2] = {{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
                                   {"/sys/fs/cgroup/memory/memory.limit_in_bytes",
                                    "/sys/fs/cgroup/memory/memory.usage_in_bytes"}};
  for (const auto& pair : kPairs) {
    std::ifstream limit_file(pair[0]), used_file(pair[1]);
    uint64_t limit = 0, used = 0;
    if (limit_file >> limit && used_file >> used) return limit > used ? limit - used : 0;
  }
  return std::numeric_limits<uint64_t>::max();
}

// What `ulimit -v` leaves: batch systems bound their jobs so.
uint64_t ProcessAvailableBytes() {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<uint64_t>::max();
  }
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const uint64_t used = pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

}  // namespace

uint64_t AvailableMemoryBytes() {
  return std::min({MachineAvailableBytes(), GroupAvailableBytes(), ProcessAvailableBytes()});
}

absl::StatusOr<HugeArray> HugeArray::Make(uint64_t bytes) {
  const uint64_t available = AvailableMemoryBytes();
  if (bytes > available) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("%.2f GB of memory are needed and %.2f GB are available: use fewer bet "
                        "sizes or buckets, or a machine with more memory",
                        bytes / 1e9, available / 1e9));
  }
  return Reserve(bytes);
}

absl::StatusOr<HugeArray> HugeArray::Reserve(uint64_t bytes) {
  // One page more than asked for, so that the start can be aligned to a huge page.
  const uint64_t rounded = (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  void* raw = mmap(nullptr, rounded + kHugePageBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the system refused ", bytes, " bytes of memory: free some, or use a machine with more"));
  }
  char* begin = static_cast<char*>(raw);
  const uint64_t head =
      (kHugePageBytes - reinterpret_cast<uintptr_t>(begin) % kHugePageBytes) % kHugePageBytes;
  if (head > 0) munmap(begin, head);
  if (head < kHugePageBytes) munmap(begin + head + rounded, kHugePageBytes - head);
  HugeArray array;
  array.data_ = begin + head;
  array.bytes_ = rounded;
  madvise(array.data_, rounded, MADV_HUGEPAGE);  // advice only: small pages work as well
  return array;
}

void HugeArray::TakePages(size_t part, size_t num_parts) const {
  constexpr uint64_t kSmallPageBytes = 4096;
  const uint64_t pages = bytes_ / kSmallPageBytes;
  for (uint64_t page = pages * part / num_parts; page < pages * (part + 1) / num_parts; ++page) {
    // Volatile: written although it is zero already.
    *reinterpret_cast<volatile char*>(data_ + page * kSmallPageBytes) = 0;
  }
}

HugeArray::~HugeArray() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

}  // namespace nash
