// The --threads flag, in all programs that have it.
#ifndef NASHVILLE_TOOLS_THREAD_COUNT_H_
#define NASHVILLE_TOOLS_THREAD_COUNT_H_

#include "absl/status/statusor.h"

namespace nash {

// Threads that --threads=`asked` stands for: 0 is as many as this process has cores to run on
// (common/usable_cores.h). Warns of more than that. Error: InvalidArgument.
absl::StatusOr<int> ThreadCount(int asked);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_THREAD_COUNT_H_
