#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/cfr/state_hash.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "tools/inspection/commands.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// RUN/run.yaml beside the checkpoint is what train_blueprint wrote, of the same run. It says so
// nowhere; but there is one spelling of a definition, so that bytes that are missing show.
absl::Status CheckRunYaml(const Checkpoint& checkpoint) {
  const std::string path = JoinPath(RunFolderOf(checkpoint), "run.yaml");
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();  // a checkpoint that was copied
  RETURN_IF_ERROR(text.status());
  const absl::StatusOr<RunDefinition> definition = ParseStoredDefinition(*text, path);
  std::string what;
  if (!definition.ok()) {
    what = std::string(definition.status().message());
  } else if (!IsCanonicalText(*definition, *text)) {
    what = absl::StrCat(path, ": is not as train_blueprint wrote it");
  } else if (Fingerprint(*definition) == checkpoint.manifest().position.fingerprint) {
    return absl::OkStatus();
  } else {
    what = absl::StrCat(path, ": is of another run than the checkpoint");
  }
  return absl::DataLossError(absl::StrCat(
      what, "; the checkpoint is whole: inspect_checkpoint definition prints what belongs there"));
}

}  // namespace

absl::Status InspectVerify(const std::string& folder, bool as_json) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(folder));
  RETURN_IF_ERROR(checkpoint.Verify());
  RETURN_IF_ERROR(CheckRunYaml(checkpoint));
  const Manifest& manifest = checkpoint.manifest();
  if (as_json) {
    PrintJson({{"checkpoint", checkpoint.path()},
               {"ok", true},
               {"table_bytes", manifest.table_bytes()},
               {"chunks", manifest.chunks.size()},
               {"state_hash", FormatStateHash(manifest.state_hash)}});
    return absl::OkStatus();
  }
  std::printf("%s: OK; %llu bytes of values, chunks: %zu, state hash %s\n",
              checkpoint.path().c_str(), static_cast<unsigned long long>(manifest.table_bytes()),
              manifest.chunks.size(), FormatStateHash(manifest.state_hash).c_str());
  return absl::OkStatus();
}

}  // namespace nash
