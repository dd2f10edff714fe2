// flock() rather than a file with a process id in it: a lock file survives a crash and then someone
// must decide whether its process still lives, perhaps on another machine. flock() of some network
// file systems is per machine. tests/common/folder_without_locks_test.cc has a system that has
// none.
#include "common/file_lock.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

// Waiting does not help, so that this is no error to try again after. Without a lock two processes
// could write one file.
absl::Status NoLocks(const std::string& path, int error_number, absl::string_view flag) {
  return absl::PermissionDeniedError(absl::StrCat(
      path, ": cannot be locked: ", std::generic_category().message(error_number),
      "; this file system has no locks: mount it with them (Lustre: -o flock, NFS: with its lock "
      "service), or choose another one (",
      flag, ")"));
}

}  // namespace

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path, absl::string_view flag) {
  ASSIGN_OR_RETURN(Descriptor file, Descriptor::Open(path, O_RDWR | O_CREAT, "cannot be locked"));
  switch (const int error = file.TryLock()) {
    case 0:
      return FileLock(std::move(file));
    case EWOULDBLOCK:
      return absl::UnavailableError(absl::StrCat(path, ": another process has it open"));
    case ENOSYS:
    case EOPNOTSUPP:
    case ENOLCK:
      return NoLocks(path, error, flag);
    default:
      return FileError(path, "cannot be locked", error);
  }
}

}  // namespace nash
