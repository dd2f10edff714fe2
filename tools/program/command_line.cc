#include "tools/program/command_line.h"

#include <gflags/gflags.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "common/standard_descriptors.h"
#include "tools/program/exit_codes.h"
#include "tools/program/flag_reader.h"
#include "tools/program/version.h"

namespace nash {
namespace {

bool IsTrue(const char* flag) {
  std::string value;
  return gflags::GetCommandLineOption(flag, &value) && value == "true";
}

// Flags of libraries (logging) are left to --helpfull.
void PrintFlags(bool all) {
  std::vector<gflags::CommandLineFlagInfo> flags;
  gflags::GetAllFlags(&flags);
  for (const gflags::CommandLineFlagInfo& flag : flags) {
    const bool is_ours = flag.filename.find("tools/") != std::string::npos ||
                         flag.filename.find("tests/") != std::string::npos;
    if (!all && !is_ours) continue;
    std::printf("  --%s (%s, default \"%s\")\n      %s\n", flag.name.c_str(), flag.type.c_str(),
                flag.default_value.c_str(), flag.description.c_str());
  }
}

}  // namespace

void BeginProgram() {
  if (!OpenStandardDescriptors()) std::exit(kExitFailed);  // there is nowhere to say it
  std::signal(SIGXFSZ, SIG_IGN);
}

std::vector<std::string> ParseCommandLine(int argc, char** argv, const char* help) {
  gflags::SetArgv(argc, const_cast<const char**>(argv));
  const absl::StatusOr<std::vector<std::string>> arguments =
      ReadFlags(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  if (!arguments.ok()) std::exit(Finish(arguments.status()));
  if (IsTrue("help") || IsTrue("helpfull") || IsTrue("helpshort")) {
    std::printf("%s\nFlags (-h is --help, -c is --config; whole numbers may be written as 1e9):\n",
                help);
    PrintFlags(IsTrue("helpfull"));
    std::exit(Finish(absl::OkStatus()));
  }
  if (IsTrue("version")) {
    std::fputs(VersionText(gflags::ProgramInvocationShortName()).c_str(), stdout);
    std::exit(Finish(absl::OkStatus()));
  }
  return *arguments;
}

bool IsGiven(const char* flag) { return !gflags::GetCommandLineFlagInfoOrDie(flag).is_default; }

int Finish(const absl::Status& status) {
  // What did not get out is an error too: a table cut short by a full disk looks whole.
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (status.ok() && !is_written && !IsReaderGone(STDOUT_FILENO)) {
    std::fprintf(stderr, "%s: stdout cannot be written to (is its disk full?)\n",
                 gflags::ProgramInvocationShortName());
    return kExitFailed;
  }
  if (!status.ok()) {
    const std::string message(status.message());
    std::fprintf(stderr, "%s: %s\n", gflags::ProgramInvocationShortName(), message.c_str());
  }
  return ExitCodeOf(status);
}

}  // namespace nash
