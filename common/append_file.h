// A file that only grows: logs and metrics.
#ifndef NASHVILLE_COMMON_APPEND_FILE_H_
#define NASHVILLE_COMMON_APPEND_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/descriptor.h"

namespace nash {

// Records are whole or absent: one that does not fit on the disk leaves no half behind. After a
// crash the tail past the last Sync() may be missing or cut; readers check each record.
//
// Thread-compatible. One writer at a time (see folder_lock.h).
class AppendFile {
 public:
  // Opens a file at its end, creates it where there is none (its name is durable then).
  static absl::StatusOr<AppendFile> Open(const std::string& path);

  // Error: as in files.h; the file is as long as before then.
  absl::Status Append(absl::string_view record);
  // Makes all that was appended durable (fdatasync).
  absl::Status Sync();
  // Drops all past `bytes`, which is at most bytes(): a torn tail, found by the reader.
  absl::Status Truncate(uint64_t bytes);

  uint64_t bytes() const { return bytes_; }
  // Whether its path still leads to it: false where it was moved away or removed, as log rotation
  // does.
  bool IsAtItsPath() const;

 private:
  AppendFile(std::string path, Descriptor file, uint64_t bytes)
      : path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}
  std::string path_;
  Descriptor file_;
  uint64_t bytes_;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_APPEND_FILE_H_
