// How much memory this process may still take.
#ifndef NASHVILLE_COMMON_AVAILABLE_MEMORY_H_
#define NASHVILLE_COMMON_AVAILABLE_MEMORY_H_

#include <cstdint>

namespace nash {

// The least of what the machine has free, what the control groups leave (control_group.h) and what
// the limit on address space (`ulimit -v`) leaves. Thread-safe.
uint64_t AvailableMemoryBytes();

}  // namespace nash

#endif  // NASHVILLE_COMMON_AVAILABLE_MEMORY_H_
