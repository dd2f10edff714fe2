// The subcommands of inspect_checkpoint: each takes a folder and prints to stdout. One file each,
// <subcommand>.cc. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_COMMANDS_H_
#define NASHVILLE_TOOLS_INSPECTION_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace nash {

struct PolicyRequest {
  std::string folder;
  std::string format;                  // csv
  std::string street;                  // empty: all
  std::optional<std::string> betting;  // none: all
  // By hole cards at one decision instead of by bucket: where board or hand is given, or as_json.
  std::optional<std::string> board;
  std::string hand;  // these hole cards only; empty: all
  bool as_json = false;
  std::string bucket_cache;  // empty: the user's cache folder
};

struct ServeRequest {
  std::vector<std::string> folders;  // one, or two to compare
  std::string host;
  int port = 0;              // 0: any that is free
  std::string bucket_cache;  // empty: the user's cache folder
};

struct ReportRequest {
  std::string folder;
  std::string file;  // empty: report.html in the run's folder
  std::string bucket_cache;
};

struct GridRequest {
  std::string folder;
  std::string betting;
  std::string color;  // auto, always or never
  bool percent = false;
  std::string bucket_cache;
};

struct ExportRequest {
  std::string folder;
  std::string file;
  int bits = 16;
  std::string deals;    // on which the loss is measured; empty: 2000, or all of a small game
  uint64_t seed = 1;    // of these deals
  std::string buckets;  // beside or none
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// What the checkpoint holds, as a table or as one JSON object.
absl::Status InspectSummary(const std::string& folder, bool as_json);
// Reads every byte and compares it with what the manifest tells.
absl::Status InspectVerify(const std::string& folder);
// The run definition, in a form that --config takes.
absl::Status InspectDefinition(const std::string& folder);
// Every action of every infoset that is asked for, as CSV, node by node as the checkpoint has them.
absl::Status InspectPolicy(const PolicyRequest& request);
// A page for browsers at an address of this machine, until a signal asks to stop. Errors: those of
// opening a run; Unavailable where it cannot listen.
absl::Status InspectServe(const ServeRequest& request);
// Writes the run as one page for people (report.h) and prints where.
absl::Status InspectReport(const ReportRequest& request);
// The average strategy of one node as the 13 x 13 grid of hole cards; as one of percentages for
// each action, if that is asked for.
absl::Status InspectGrid(const GridRequest& request);
// Writes the average strategy to a file of its own and prints its size and what rounding costs.
absl::Status InspectExport(const ExportRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_COMMANDS_H_
