#include "common/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  ASSIGN_OR_RETURN(Descriptor file, Descriptor::Open(path, O_RDWR | O_CREAT, "cannot be locked"));
  while (flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) {
      return absl::UnavailableError(absl::StrCat(path, ": another process has it open"));
    }
    if (errno == ENOSYS || errno == EOPNOTSUPP || errno == ENOLCK) {
      return absl::PermissionDeniedError(
          absl::StrCat(path, ": cannot be locked: its file system has no locks; choose another"));
    }
    return FileError(path, "cannot be locked", errno);
  }
  return FileLock(std::move(file));
}

}  // namespace nash
