// The lock is that of a file in the folder (file_lock.cc). The text in it is for messages only: who
// holds it. A run's folder is meant to be used by one machine, as locks of some network file
// systems hold on one only.
#include "common/folder_lock.h"

#include <unistd.h>

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
  absl::StatusOr<FileLock> lock = FileLock::Acquire(path, "--out");
  if (absl::IsUnavailable(lock.status())) return InUse(folder, path);
  RETURN_IF_ERROR(lock.status());
  // The name helps the user of a process that is refused. Without it (a full disk) the lock holds
  // all the same.
  const std::string holder = ThisProcess();
  if (ftruncate(lock->file().number(), 0) == 0) (void)WriteAll(lock->file(), path, holder);
  return FolderLock(*std::move(lock));
}

FolderLock::~FolderLock() {
  // The file is not removed: another process may have it open, and would lock a file without name.
  if (lock_.file().number() < 0) return;
  [[maybe_unused]] const int best_effort = ftruncate(lock_.file().number(), 0);
}

}  // namespace nash
