// The calls of POSIX that every file goes through, with the two things that are easily forgotten: a
// call that a signal interrupts is made again, and no child process inherits a file (O_CLOEXEC).
// close() may report an error of an earlier write, so that writers must look at Close(); the
// destructor cannot tell anyone.
#include "common/descriptor.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "common/files.h"

namespace nash {
namespace {

// write(2) takes a little under 2 GiB at a time.
constexpr size_t kWriteBytesMax = size_t{1} << 30;

}  // namespace

absl::StatusOr<Descriptor> Descriptor::Open(const std::string& path, int flags,
                                            absl::string_view what) {
  int number;
  do {
    number = open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (number < 0 && errno == EINTR);
  if (number < 0) return FileError(path, what, errno);
  return Descriptor(number);
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
