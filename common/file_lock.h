// One process at a time at a file.
#ifndef NASHVILLE_COMMON_FILE_LOCK_H_
#define NASHVILLE_COMMON_FILE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/descriptor.h"

namespace nash {

// Held from Acquire() to destruction, or to the end of the process however it ends: the system
// drops it (flock), so that a crash leaves nothing to clean up. Who does not ask for it is not kept
// from the file, which may be read and written all the same. For folders see folder_lock.h.
//
// Thread-compatible.
class FileLock {
 public:
  // Creates the file where there is none. flag: what a file elsewhere is chosen with, for messages:
  // "--out". Errors: Unavailable when another process holds it; PermissionDenied when it cannot be
  // written, or its file system has no locks.
  static absl::StatusOr<FileLock> Acquire(const std::string& path, absl::string_view flag);

  const Descriptor& file() const { return file_; }

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_FILE_LOCK_H_
