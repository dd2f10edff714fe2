// How every benchmark begins, and ends where it cannot measure. Not thread-safe.
#ifndef NASHVILLE_TESTS_BENCH_BEGIN_BENCH_H_
#define NASHVILLE_TESTS_BENCH_BEGIN_BENCH_H_

#include <glog/logging.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/program/command_line.h"

namespace nash {

// Reads the flags. With --help it prints `help` and the flags; a flag or an argument that is not
// known ends the program, as in all programs (tools/program/command_line.h).
inline void BeginBench(int argc, char** argv, const char* help) {
  BeginProgram();
  const std::vector<std::string> arguments = ParseCommandLine(argc, argv, help);
  if (!arguments.empty()) {
    std::exit(Finish(absl::InvalidArgumentError(
        absl::StrCat("unexpected argument \"", arguments[0], "\"; try --help"))));
  }
  google::InitGoogleLogging(argv[0]);
}

// The value; or ends the program with the error and its exit code, in one line.
template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) std::exit(Finish(value.status()));
  return *std::move(value);
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_BEGIN_BENCH_H_
