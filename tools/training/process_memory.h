// What this process takes of the machine's memory now, as the system says. Thread-safe.
#ifndef NASHVILLE_TOOLS_TRAINING_PROCESS_MEMORY_H_
#define NASHVILLE_TOOLS_TRAINING_PROCESS_MEMORY_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace nash {

struct ProcessMemory {
  uint64_t resident_bytes = 0;
  uint64_t file_bytes = 0;  // of these: mapped files, which the system may drop (bucket files)
  uint64_t peak_bytes = 0;  // the most that was resident so far
};
// Zeros where the system does not say.
ProcessMemory ReadProcessMemory();

// Of the files that this process maps whose names end in `ending`, what is in memory. Reads the
// list of all that it maps: milliseconds for tens of GB. 0 where the system does not say.
uint64_t MappedFileBytesInMemory(absl::string_view ending);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_PROCESS_MEMORY_H_
