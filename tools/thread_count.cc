#include "tools/thread_count.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/usable_cores.h"

namespace nash {
namespace {

constexpr int kThreadsMax = 1024;

}  // namespace

absl::StatusOr<int> ThreadCount(int asked) {
  if (asked < 0 || asked > kThreadsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--threads=", asked, ": from 1 to ", kThreadsMax, ", or 0 for all cores"));
  }
  const int cores = UsableCores();
  if (asked > cores) {
    std::fprintf(stderr,
                 "warning: --threads=%d on the %d cores that this process may use is slower than "
                 "--threads=%d\n",
                 asked, cores, cores);
  }
  return asked > 0 ? asked : cores;
}

}  // namespace nash
