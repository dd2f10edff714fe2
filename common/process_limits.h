// What the system lets this process have. Thread-safe.
#ifndef NASHVILLE_COMMON_PROCESS_LIMITS_H_
#define NASHVILLE_COMMON_PROCESS_LIMITS_H_

#include <cstddef>

namespace nash {

// As many open files as it may have without asking anybody: the soft limit becomes the hard one.
void RaiseDescriptorLimit();
// How many more files can be opened.
size_t FreeDescriptors();
// Whether so many bytes of address space can be had (ulimit -v).
bool HasAddressSpace(size_t bytes);

}  // namespace nash

#endif  // NASHVILLE_COMMON_PROCESS_LIMITS_H_
