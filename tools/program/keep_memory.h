// Parts of deltas are strings of up to a megabyte that come and go by the hundred thousand.
#ifndef NASHVILLE_TOOLS_PROGRAM_KEEP_MEMORY_H_
#define NASHVILLE_TOOLS_PROGRAM_KEEP_MEMORY_H_

#include <malloc.h>

namespace nash {

// Makes malloc keep what is freed for the next part, where it would give it back to the system and
// take fresh pages each time: 41% of a coordinator's time went there
// (docs/measurements/cluster.md). For main(), before threads are started.
inline void KeepFreedMemory() {
  constexpr int kLargestKept = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargestKept);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_KEEP_MEMORY_H_
