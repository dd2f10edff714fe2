#include <cstdio>
#include <string>

#include "common/status_macros.h"
#include "solver/cfr/state_hash.h"
#include "tools/inspect_checkpoint.h"
#include "tools/stored_run.h"

namespace nash {

absl::Status InspectVerify(const std::string& folder) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(folder));
  RETURN_IF_ERROR(checkpoint.Verify());
  const Manifest& manifest = checkpoint.manifest();
  std::printf("%s: OK; %llu bytes of values, chunks: %zu, state hash %s\n",
              checkpoint.path().c_str(), static_cast<unsigned long long>(manifest.table_bytes()),
              manifest.chunks.size(), FormatStateHash(manifest.state_hash).c_str());
  return absl::OkStatus();
}

}  // namespace nash
