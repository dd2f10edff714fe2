// Writes and reads large files past the page cache.
//
// Through the cache every byte is copied once more and the kernel flushes it when it likes.
// Measured (docs/measurements/checkpoints.md): about ten times slower, and a hundred times the
// processor time, through the cache. Going past it also takes no memory from other programs on the
// machine, and a check reads what the disk has, not what the cache remembers.
#ifndef NASHVILLE_COMMON_LARGE_FILE_H_
#define NASHVILLE_COMMON_LARGE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nash {

// What O_DIRECT asks of addresses and sizes on the disks of today. HugeArray memory is aligned.
inline constexpr size_t kDirectAlignBytes = 4096;

// As WriteNewFile() of files.h, with O_DIRECT where the file system can and `contents` starts on
// kDirectAlignBytes; through the cache otherwise. The file is the same. Thread-safe.
absl::Status WriteLargeNewFile(const std::string& path, absl::string_view contents);

// Reads a file of exactly `bytes` bytes, with O_DIRECT where the file system can and `buffer`
// starts on kDirectAlignBytes. Needs room in `buffer` for `bytes` rounded up to kDirectAlignBytes.
// Error: DataLoss when the file is not exactly as long. Thread-safe.
absl::Status ReadLargeFile(const std::string& path, uint64_t bytes, char* buffer);

}  // namespace nash

#endif  // NASHVILLE_COMMON_LARGE_FILE_H_
