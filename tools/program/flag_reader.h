// Reads a command line into gflags' flags. gflags itself would leave with messages of its own; here
// a mistake is a status, and says what was found, what was expected and what is near.
//
// Thread-compatible: of gflags' flags, for main() only.
#ifndef NASHVILLE_TOOLS_PROGRAM_FLAG_READER_H_
#define NASHVILLE_TOOLS_PROGRAM_FLAG_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace nash {

// Flags are --flag=VALUE, --flag VALUE, --flag and --noflag for those that are true or false, with
// one dash or two, and - for _ in names. -h is --help, -c is --config. Whole numbers may be written
// as 1e9 or 10M (whole_number.h). --flagfile=PATH stands for the flags in the lines of a file;
// empty lines and those that begin with # are passed over. Behind -- there are arguments only. A
// flag that is given twice has its last value, but --set has all, joined by line breaks.
//
// Sets the flags and returns the arguments, in their order. Errors: InvalidArgument, with the flag
// in its message; those of a flag file.
absl::StatusOr<std::vector<std::string>> ReadFlags(absl::Span<const std::string> words);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_FLAG_READER_H_
