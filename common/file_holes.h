// Files with holes: parts that were never written, which are read as zeros and lie on no disk.
//
// Thread-safe: a pure function of the file.
#ifndef NASHVILLE_COMMON_FILE_HOLES_H_
#define NASHVILLE_COMMON_FILE_HOLES_H_

#include <cstdint>
#include <string>

namespace nash {

// The first byte at `offset` or behind it that is not in a hole; the file's end where all of the
// rest is one. `offset` itself where the system does not know.
uint64_t NextDataOffset(const std::string& path, uint64_t offset);

}  // namespace nash

#endif  // NASHVILLE_COMMON_FILE_HOLES_H_
