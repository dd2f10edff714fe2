#include "tools/program/threads_flag.h"

#include "absl/strings/str_cat.h"
#include "common/usable_cores.h"

namespace nash {

int NumCores() { return UsableCores(); }

absl::StatusOr<int> ParseThreads(int flag) {
  if (flag >= 0 && flag <= kThreadsFlagMax) return flag > 0 ? flag : NumCores();
  return absl::InvalidArgumentError(
      absl::StrCat("--threads=", flag, ": from 1 to ", kThreadsFlagMax, ", or 0 for all cores"));
}

}  // namespace nash
