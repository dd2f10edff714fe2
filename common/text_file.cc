#include "common/text_file.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/descriptor.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr int kPipePatienceMs = 10'000;
constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

absl::Status NobodyWrites(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, ": cannot be read: a pipe into which nobody writes; name a file, or start the writer"));
}

bool IsPipe(const Descriptor& file) {
  struct stat info;
  return fstat(file.number(), &info) == 0 && S_ISFIFO(info.st_mode);
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path, size_t bytes_max) {
  absl::StatusOr<Descriptor> file = Descriptor::OpenText(path);
  if (absl::IsDataLoss(file.status())) {
    return absl::InvalidArgumentError(file.status().message());
  }
  RETURN_IF_ERROR(file.status());
  std::string text(bytes_max + 1, '\0');  // one more, to see that there is more
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = read(file->number(), &text[done], text.size() - done);
    if (n == 0) break;
    if (n > 0) {
      done += n;
    } else if (errno == EAGAIN) {
      pollfd wait = {file->number(), POLLIN, 0};
      if (poll(&wait, 1, kPipePatienceMs) == 0) return NobodyWrites(path);
    } else if (errno != EINTR) {
      return FileError(path, "cannot be read", errno);
    }
  }
  if (done == 0 && IsPipe(*file)) return NobodyWrites(path);
  if (done > bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": has more than the ", bytes_max,
                     " bytes that a definition may have; check that it is the right file"));
  }
  text.resize(done);
  if (absl::StartsWith(text, kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

}  // namespace nash
