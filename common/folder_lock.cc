// flock() rather than a file with a process id in it: a lock file survives a crash and then someone
// must decide whether its process still lives, perhaps on another machine. The text in the file is
// for messages only. flock() of some network file systems is per machine; a run's folder is meant
// to be used by one.
#include "common/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint64_t kHolderBytesMax = 1024;

absl::Status InUse(const std::string& folder, const std::string& lock_path) {
  const absl::StatusOr<std::string> text = ReadFile(lock_path, kHolderBytesMax);
  std::string holder = text.ok() ? std::string(absl::StripAsciiWhitespace(*text)) : "";
  if (holder.empty()) holder = "another process";
  return absl::UnavailableError(absl::StrCat(folder, ": the folder is in use by ", holder,
                                             "; stop it first or choose another folder (--out)"));
}

std::string ThisProcess() {
  char host[256] = {};
  if (gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
  return absl::StrCat("process ", getpid(), host[0] == '\0' ? "" : " on ", host, "\n");
}

}  // namespace

absl::StatusOr<FolderLock> FolderLock::Acquire(const std::string& folder) {
  const std::string path = JoinPath(folder, "lock");
  ASSIGN_OR_RETURN(Descriptor file, Descriptor::Open(path, O_RDWR | O_CREAT, "cannot be locked"));
  while (flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return InUse(folder, path);
    return FileError(path, "cannot be locked", errno);
  }
  // The name helps the user of a process that is refused. Without it (a full disk) the lock holds
  // all the same.
  const std::string holder = ThisProcess();
  if (ftruncate(file.number(), 0) == 0) (void)WriteAll(file, path, holder);
  return FolderLock(std::move(file));
}

FolderLock::~FolderLock() {
  // The file is not removed: another process may have it open, and would lock a file without name.
  if (file_.number() < 0) return;
  [[maybe_unused]] const int best_effort = ftruncate(file_.number(), 0);
}

}  // namespace nash
