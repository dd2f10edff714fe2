// The calls of POSIX that every file goes through, with the things that are easily forgotten: a
// call that a signal interrupts is made again, one that finds no descriptor free is made again for
// a second, and no child process inherits a file (O_CLOEXEC).
// close() may report an error of an earlier write, so that writers must look at Close(); the
// destructor cannot tell anyone.
#include "common/descriptor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

absl::Status NotAFile(const std::string& path, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(path, ": ", what,
                                          ": a pipe, a socket or a device stands where a file is ",
                                          "expected; remove it, or restore the file"));
}

// write(2) takes a little under 2 GiB at a time.
constexpr size_t kWriteBytesMax = size_t{1} << 30;

}  // namespace

bool WaitForDescriptor(int error, int* waits) {
  constexpr int kWaitsMax = 200;
  if (error != EMFILE && error != ENFILE) return false;
  if (++*waits > kWaitsMax) return false;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return true;
}

absl::StatusOr<Descriptor> Descriptor::OpenAny(const std::string& path, int flags,
                                               absl::string_view what) {
  int number;
  int waits = 0;
  do {
    // O_NONBLOCK: a pipe without another end would not be opened before one comes. For files it
    // means nothing.
    number = open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
  } while (number < 0 && (errno == EINTR || WaitForDescriptor(errno, &waits)));
  if (number < 0 && errno == ENXIO) return NotAFile(path, what);
  if (number < 0) return FileError(path, what, errno);
  return Descriptor(number);
}

absl::StatusOr<Descriptor> Descriptor::Open(const std::string& path, int flags,
                                            absl::string_view what) {
  ASSIGN_OR_RETURN(Descriptor file, OpenAny(path, flags, what));
  struct stat info;
  if (fstat(file.number(), &info) != 0) return FileError(path, what, errno);
  if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return NotAFile(path, what);
  return file;
}

absl::StatusOr<Descriptor> Descriptor::OpenText(const std::string& path) {
  constexpr char kCannotRead[] = "cannot be read";
  ASSIGN_OR_RETURN(Descriptor file, OpenAny(path, O_RDONLY, kCannotRead));
  struct stat info;
  if (fstat(file.number(), &info) != 0) return FileError(path, kCannotRead, errno);
  if (S_ISDIR(info.st_mode)) return FileError(path, kCannotRead, EISDIR);
  if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) return NotAFile(path, kCannotRead);
  return file;
}

int Descriptor::TryLock() const {
  while (flock(number_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

absl::Status Descriptor::Close(const std::string& path) {
  // Linux frees the number even when close() is interrupted: never close twice.
  const int number = std::exchange(number_, -1);
  if (close(number) != 0 && errno != EINTR) return FileError(path, "cannot be written", errno);
  return absl::OkStatus();
}

absl::Status WriteAll(const Descriptor& file, const std::string& path, absl::string_view contents) {
  while (!contents.empty()) {
    const ssize_t n =
        write(file.number(), contents.data(), std::min(contents.size(), kWriteBytesMax));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(path, "cannot be written", errno);
    contents.remove_prefix(n);
  }
  return absl::OkStatus();
}

}  // namespace nash
