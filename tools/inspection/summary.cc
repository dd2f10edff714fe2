#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "common/status_macros.h"
#include "solver/cfr/state_hash.h"
#include "tools/inspection/commands.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

void PrintAsJson(const Checkpoint& checkpoint) {
  const Manifest& manifest = checkpoint.manifest();
  nlohmann::ordered_json json;
  json["checkpoint"] = checkpoint.path();
  json["format_version"] = kCheckpointFormatVersion;
  json["run_fingerprint"] = manifest.position.fingerprint;
  json["state_hash"] = FormatStateHash(manifest.state_hash);
  json["round"] = manifest.position.round;
  json["iterations"] = manifest.position.iterations;
  json["touches"] = manifest.position.touches;
  json["nodes"] = manifest.num_nodes;
  json["infosets"] = manifest.num_rows;
  json["infosets_reached"] = manifest.rows_reached;
  json["table_bytes"] = manifest.table_bytes();
  json["chunks"] = manifest.chunks.size();
  PrintJson(json);
}

// 1234567 as "1,234,567".
std::string Grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

void PrintTable(const Checkpoint& checkpoint) {
  const Manifest& manifest = checkpoint.manifest();
  const auto line = [](const char* name, const std::string& value) {
    std::printf("%-17s %s\n", name, value.c_str());
  };
  line("checkpoint", checkpoint.path());
  line("run fingerprint", manifest.position.fingerprint);
  line("state hash", FormatStateHash(manifest.state_hash));
  line("round", Grouped(manifest.position.round));
  line("iterations", Grouped(manifest.position.iterations));
  line("touches", Grouped(manifest.position.touches));
  line("nodes", Grouped(manifest.num_nodes));
  line("infosets", Grouped(manifest.num_rows));
  char share[32];
  std::snprintf(share, sizeof(share), " (%.1f%%)",
                100.0 * manifest.rows_reached / manifest.num_rows);
  line("infosets reached", Grouped(manifest.rows_reached) + share);
  line("table bytes", Grouped(manifest.table_bytes()));
  line("chunks", Grouped(manifest.chunks.size()));
}

}  // namespace

absl::Status InspectSummary(const std::string& folder, bool as_json) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(folder));
  if (as_json) {
    PrintAsJson(checkpoint);
  } else {
    PrintTable(checkpoint);
  }
  return absl::OkStatus();
}

}  // namespace nash
