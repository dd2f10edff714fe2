// inspect_checkpoint: looks into checkpoints without changing them.
#include "tools/inspect_checkpoint.h"

#include <gflags/gflags.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "tools/command_line.h"

DEFINE_bool(json, false, "summary: print one JSON object, for scripts");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(inspect_checkpoint looks into the checkpoints of a run. It changes nothing, and a run that is
going on is not disturbed.

  inspect_checkpoint summary DIR [--json]   whose run it is, how far it has come, how large it is
  inspect_checkpoint verify DIR             reads every byte and checks it, down to the state hash
  inspect_checkpoint definition DIR         prints the run definition, in a form --config takes

DIR is a run's folder (--out of train_blueprint), whose newest checkpoint that is not damaged is
taken, or the folder of one checkpoint, such as runs/kuhn/checkpoints/round-0000000042.

Exit codes: 0 all is well; 2 wrong command line; 3 no checkpoint there; 4 damaged; 5 written by
another format version; 7 may not be read.

To see that two runs have come to the same table, compare their state hashes:

  inspect_checkpoint summary runs/a --json | grep state_hash
)";

absl::Status Run(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("expected a subcommand and a folder, got ",
                                                   arguments.size(), " arguments; try --help"));
  }
  const std::string& command = arguments[0];
  const std::string& folder = arguments[1];
  if (command == "summary") return InspectSummary(folder, FLAGS_json);
  if (command == "verify") return InspectVerify(folder);
  if (command == "definition") return InspectDefinition(folder);
  return absl::InvalidArgumentError(absl::StrCat(
      "no subcommand '", command, "'; there are summary, verify and definition; try --help"));
}

}  // namespace

absl::StatusOr<Checkpoint> OpenForInspection(const std::string& folder) {
  ASSIGN_OR_RETURN(FoundCheckpoint found, FindCheckpoint(folder));
  for (const std::string& note : found.notes) {
    std::fprintf(stderr, "%s: passed over a damaged checkpoint: %s\n",
                 gflags::ProgramInvocationShortName(), note.c_str());
  }
  return std::move(found.checkpoint);
}

}  // namespace nash

int main(int argc, char** argv) {
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
