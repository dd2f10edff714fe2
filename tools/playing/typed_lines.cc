#include "tools/playing/typed_lines.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr int kPollMs = 200;  // a signal just before the wait is seen this late at most

}  // namespace

absl::StatusOr<std::optional<std::string>> TypedLines::Next() {
  while (stop_signal_received.load() == 0) {
    const size_t end = buffer_.find('\n');
    if (end != std::string::npos || (is_at_end_ && !buffer_.empty())) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end == std::string::npos ? end : end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    if (is_at_end_) return std::nullopt;
    if (buffer_.size() > kLineBytesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("a line of more than ", kLineBytesMax, " bytes was typed"));
    }
    pollfd fd = {descriptor_, POLLIN, 0};
    const int ready = poll(&fd, 1, kPollMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    char bytes[4096];
    const ssize_t n = ready < 0 ? ready : read(descriptor_, bytes, sizeof(bytes));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return absl::AbortedError(absl::StrCat("input cannot be read: ", std::strerror(errno)));
    }
    is_at_end_ = n == 0;
    buffer_.append(bytes, n);
  }
  return std::nullopt;
}

}  // namespace nash
