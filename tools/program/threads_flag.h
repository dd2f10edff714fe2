// The flag --threads, and how many cores there are. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PROGRAM_THREADS_FLAG_H_
#define NASHVILLE_TOOLS_PROGRAM_THREADS_FLAG_H_

#include "absl/status/statusor.h"

namespace nash {

// More than the largest machines have cores; a slip of the keyboard is refused.
inline constexpr int kThreadsFlagMax = 1024;

// Cores that this process may use (common/usable_cores.h).
int NumCores();

// How many threads --threads=`flag` means: 0 stands for all cores.
// Error: InvalidArgument, naming the flag.
absl::StatusOr<int> ParseThreads(int flag);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_THREADS_FLAG_H_
