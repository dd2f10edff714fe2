// Lines from a descriptor, as somebody types them or a pipe brings them; a signal that asks to stop
// ends the waiting.
//
// Not thread-safe.
#ifndef NASHVILLE_TOOLS_PLAYING_TYPED_LINES_H_
#define NASHVILLE_TOOLS_PLAYING_TYPED_LINES_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace nash {

class TypedLines {
 public:
  static constexpr size_t kLineBytesMax = 4096;

  explicit TypedLines(int descriptor) : descriptor_(descriptor) {}

  // The next line without its end; none at the end of the input or when a signal asked to stop.
  // Error: InvalidArgument for a line that is too long, Aborted where reading fails.
  absl::StatusOr<std::optional<std::string>> Next();

 private:
  const int descriptor_;
  std::string buffer_;
  bool is_at_end_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_TYPED_LINES_H_
