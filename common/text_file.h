// Texts that people write: definitions of runs and games.
#ifndef NASHVILLE_COMMON_TEXT_FILE_H_
#define NASHVILLE_COMMON_TEXT_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace nash {

// The text, without the byte order mark that some editors put before it. Takes pipes as well, as
// bash has them for `--config=<(program)`, and waits some seconds for whoever writes to one.
// Errors: those of common/files.h, but InvalidArgument where it is larger than bytes_max or no
// file: who named it is to name another.
absl::StatusOr<std::string> ReadTextFile(const std::string& path, size_t bytes_max);

}  // namespace nash

#endif  // NASHVILLE_COMMON_TEXT_FILE_H_
