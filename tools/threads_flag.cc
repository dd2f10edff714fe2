#include "tools/threads_flag.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"

namespace nash {

int NumCores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

absl::StatusOr<int> ParseThreads(int flag) {
  if (flag >= 0 && flag <= kThreadsFlagMax) return flag > 0 ? flag : NumCores();
  return absl::InvalidArgumentError(
      absl::StrCat("--threads=", flag, ": from 1 to ", kThreadsFlagMax, ", or 0 for all cores"));
}

}  // namespace nash
