// Commands that a program tells people to type next: they work when they are pasted.
//
// Of gflags' flags and the program's own name as they are now. Thread-compatible.
#ifndef NASHVILLE_TOOLS_PROGRAM_NEXT_COMMAND_H_
#define NASHVILLE_TOOLS_PROGRAM_NEXT_COMMAND_H_

#include <cstdint>
#include <string>

namespace nash {

// How to start another of our programs: as this one was started, whose path or name that was. Out
// of bazel-bin that is by `tools/dev run`, which builds it first.
std::string CommandFor(const std::string& program);
std::string CommandFor(const std::string& program, const std::string& started_as);

// The command that goes on with the run in `folder`: this program with the flags that it was given,
// and --resume. iterations: the new target, instead of the old limits; 0: those that were given.
std::string SameCommand(const std::string& folder, uint64_t iterations);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_NEXT_COMMAND_H_
