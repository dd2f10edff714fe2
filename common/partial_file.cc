// Whether a partial file is a leftover or somebody's work is decided by a lock (flock), which its
// writer holds until the file has its name and which the system drops with the process:
//
//   writer    open NAME.HOST-PID-0.partial  lock  write  fsync  close  rename  unlock
//   the next  list NAME.HOST-*.partial      lock? yes: remove     no: its writer is alive
//
// A process number alone would not do: it is given anew after a while, and means nothing in another
// container. Nor would age: whoever is killed while a bucket file is written begins again at once.
// But locks of some network file systems hold on one machine only (folder_lock.cc), and several
// machines do build into one folder of buckets, so that the host is part of the name: nobody
// touches what comes from elsewhere. Where there are no locks at all nothing is removed.
//
// Between open and lock a file of ours looks like a leftover. So once it is locked we look whether
// it still has a name, and take the next number where it has not. The lock is on a descriptor of
// its own because closing the other one, before the rename, is what shows errors of some file
// systems. What cannot be looked at or removed stays: it harms nobody but by its bytes.
// tests/common/files_test.cc has a process that is killed, and one that is not.
#include "common/partial_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr int kNumbersMax = 1000;  // of partial files that one process may have of a name
constexpr size_t kHostBytesMax = 32;
constexpr char kEnding[] = ".partial";
constexpr char kCannotWrite[] = "cannot be written";

// Of this machine, as part of a file's name.
std::string HostName() {
  char host[256] = {};
  if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0') return "host";
  std::string name = std::string(host).substr(0, kHostBytesMax);
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

// What begins the names of partial files of `path` that are this host's.
std::string PrefixOf(const std::string& path) { return absl::StrCat(path, ".", HostName(), "-"); }

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// "PID-N.partial".
bool IsRest(absl::string_view rest) {
  if (!absl::ConsumeSuffix(&rest, kEnding)) return false;
  const size_t dash = rest.find('-');
  return dash != rest.npos && IsNumber(rest.substr(0, dash)) && IsNumber(rest.substr(dash + 1));
}

bool HasName(const Descriptor& file) {
  struct stat info;
  return fstat(file.number(), &info) != 0 || info.st_nlink > 0;
}

// Whether `path` leads to that file. Once its lock is ours it can lead to no other: its writer is
// gone, and another who would remove it needs the lock.
bool IsAt(const Descriptor& file, const std::string& path) {
  struct stat of_file, of_path;
  return fstat(file.number(), &of_file) == 0 && lstat(path.c_str(), &of_path) == 0 &&
         of_file.st_dev == of_path.st_dev && of_file.st_ino == of_path.st_ino;
}

void RemoveLeftovers(const std::string& prefix) {
  const std::string folder = FolderOf(prefix);
  const absl::StatusOr<std::vector<std::string>> names = ListFolder(folder);
  if (!names.ok()) return;
  const absl::string_view start = absl::string_view(prefix).substr(prefix.rfind('/') + 1);
  for (const std::string& name : *names) {
    absl::string_view rest = name;
    if (!absl::ConsumePrefix(&rest, start) || !IsRest(rest)) continue;
    const std::string path = JoinPath(folder, name);
    // For writing: NFS gives an exclusive lock to nobody else.
    const absl::StatusOr<Descriptor> file =
        Descriptor::Open(path, O_RDWR | O_NOFOLLOW, kCannotWrite);
    if (file.ok() && file->TryLock() == 0 && IsAt(*file, path)) unlink(path.c_str());
  }
}

}  // namespace

absl::StatusOr<PartialFile> PartialFile::Create(const std::string& path) {
  const std::string prefix = PrefixOf(path);
  RemoveLeftovers(prefix);
  absl::Status status;
  for (int i = 0; i < kNumbersMax; ++i) {
    const std::string partial = absl::StrCat(prefix, getpid(), "-", i, kEnding);
    absl::StatusOr<Descriptor> file =
        Descriptor::Open(partial, O_WRONLY | O_CREAT | O_EXCL, kCannotWrite);
    status = file.status();
    if (absl::IsAlreadyExists(status)) continue;
    RETURN_IF_ERROR(status);
    absl::StatusOr<Descriptor> lock = Descriptor::Open(partial, O_RDWR, kCannotWrite);
    // Somebody took it for a leftover, and is about to remove it or has.
    const bool is_taken = lock.ok() && lock->TryLock() == EWOULDBLOCK;
    if (absl::IsNotFound(lock.status()) || is_taken || !HasName(*file)) continue;
    if (lock.ok()) return PartialFile(path, partial, *std::move(file), *std::move(lock));
    unlink(partial.c_str());
    return lock.status();
  }
  return status.ok() ? FileError(path, kCannotWrite, EEXIST) : status;
}

PartialFile::~PartialFile() {
  if (lock_.number() >= 0) unlink(partial_path_.c_str());
}

absl::Status PartialFile::WriteAt(uint64_t offset, absl::string_view contents) {
  while (!contents.empty()) {
    const ssize_t n = pwrite(file_.number(), contents.data(), contents.size(), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(partial_path_, kCannotWrite, errno);
    contents.remove_prefix(n);
    offset += n;
  }
  return absl::OkStatus();
}

absl::Status PartialFile::CommitAs(const std::string& path) {
  if (fsync(file_.number()) != 0) return FileError(partial_path_, kCannotWrite, errno);
  RETURN_IF_ERROR(file_.Close(partial_path_));
  if (rename(partial_path_.c_str(), path.c_str()) != 0) {
    return FileError(path, kCannotWrite, errno);
  }
  lock_ = Descriptor();
  return SyncFolder(FolderOf(path));
}

}  // namespace nash
