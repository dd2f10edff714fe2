#include "tools/program/next_command.h"

#include <gflags/gflags.h>

#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/program/shell_word.h"

namespace nash {

std::string CommandFor(const std::string& program) {
  return CommandFor(program, gflags::ProgramInvocationName());
}

std::string CommandFor(const std::string& program, const std::string& started_as) {
  const size_t slash = started_as.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : started_as.substr(0, slash + 1);
  if (folder == "bazel-bin/tools/") return absl::StrCat("tools/dev run ", program);
  return ShellWord(absl::StrCat(folder, program));
}

std::string SameCommand(const std::string& folder, uint64_t iterations) {
  const std::string name = gflags::ProgramInvocationShortName();
  std::set<std::string> left_out = {"out", "resume"};
  // The folder holds the definition as these have changed it.
  gflags::CommandLineFlagInfo info;
  for (const char* change : {"seed", "set"}) {
    if (gflags::GetCommandLineFlagInfo(change, &info) && !info.is_default) {
      left_out.insert({"config", "seed", "set"});
    }
  }
  if (iterations > 0) left_out.insert({"iterations", "rounds", "time_budget"});
  std::string command = CommandFor(name);
  std::vector<gflags::CommandLineFlagInfo> flags;
  gflags::GetAllFlags(&flags);
  for (const gflags::CommandLineFlagInfo& flag : flags) {
    const bool is_ours = absl::EndsWith(flag.filename, absl::StrCat("/", name, ".cc"));
    if (!is_ours || flag.is_default || left_out.count(flag.name) > 0) continue;
    absl::StrAppend(&command, " --", flag.name, "=", ShellWord(flag.current_value));
  }
  absl::StrAppend(&command, " --out=", ShellWord(folder), " --resume");
  if (iterations > 0) absl::StrAppend(&command, " --iterations=", iterations);
  return command;
}

}  // namespace nash
