// What all programs do the same way at their start and end. Not thread-safe: for main() only.
#ifndef NASHVILLE_TOOLS_PROGRAM_COMMAND_LINE_H_
#define NASHVILLE_TOOLS_PROGRAM_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace nash {

// The first thing in main(): descriptors 0 to 2 are open from here on, and a file that passes the
// limit on file sizes (ulimit -f) is an error of its writer and no signal.
void BeginProgram();

// Reads all flags (flag_reader.h) and returns the arguments. With --help it prints `help` and the
// program's own flags and exits 0, with --version the program's version and those of what it reads
// and writes; with a flag that is unknown or has a wrong value it says so in one line and exits
// with kExitUsage.
std::vector<std::string> ParseCommandLine(int argc, char** argv, const char* help);

// Whether a flag of the program stands on the command line, with whatever value.
bool IsGiven(const char* flag);

// The exit code for main(). An error is printed to stderr, after the program's name. Results on
// stdout that nobody wanted to the end (`| head`) are no error.
int Finish(const absl::Status& status);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_COMMAND_LINE_H_
