// One process at a time in a folder.
#ifndef NASHVILLE_COMMON_FOLDER_LOCK_H_
#define NASHVILLE_COMMON_FOLDER_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/file_lock.h"

namespace nash {

// Held from Acquire() to destruction, or to the end of the process however it ends: the system
// drops it, so that a crash leaves nothing to clean up. The file "lock" in the folder says
// who holds it and stays there, empty, afterwards.
//
// Thread-compatible.
class FolderLock {
 public:
  // The folder must exist. Errors: Unavailable when it is in use, naming the process and its
  // machine; PermissionDenied when it cannot be written, or its file system has no locks.
  static absl::StatusOr<FolderLock> Acquire(const std::string& folder);

  FolderLock(FolderLock&&) = default;
  FolderLock& operator=(FolderLock&&) = default;
  ~FolderLock();

 private:
  explicit FolderLock(FileLock lock) : lock_(std::move(lock)) {}
  FileLock lock_;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_FOLDER_LOCK_H_
