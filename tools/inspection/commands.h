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
  std::string format;                  // csv or jsonl
  std::string street;                  // empty: all
  std::optional<std::string> betting;  // none: all
  // By hole cards at one decision instead of by bucket: where any of these is given.
  std::optional<std::string> board;
  std::string hand;                  // these hole cards only; empty: all
  std::optional<std::string> range;  // these (hand_range.h), weighted so
  bool same_bucket = false;          // and all that are played like them
  bool as_json = false;
  std::string bucket_cache;  // empty: the user's cache folder
};

struct RangeRequest {
  std::string folder;
  std::string betting;
  std::string board;
  std::optional<int> seat;  // a position; none: who acts
  std::string format;       // csv or range
  bool as_json = false;
  std::string bucket_cache;  // empty: the user's cache folder
};

struct RegretsRequest {
  std::string folder;
  bool as_json = false;
  std::string bucket_cache;
};

struct TreeRequest {
  std::string folder;
  std::string betting;   // where it begins
  int depth = -1;        // decisions below that; negative: all
  double min_reach = 0;  // what is played less often is left out
  uint64_t deals = 0;    // that reach is counted over, of games that are not enumerated
  uint64_t seed = 1;     // of these
  bool as_json = false;
  std::string bucket_cache;
};

struct DiffRequest {
  std::string folder;
  std::string other_folder;
  uint64_t top = 20;     // infosets that are named
  double min_reach = 0;  // as TreeRequest
  uint64_t deals = 0;
  uint64_t seed = 1;
  bool as_json = false;
  std::string bucket_cache;
};

struct LogRequest {
  std::string folder;
  bool as_json = false;
};

struct RepairRequest {
  std::string folder;
  std::string out;  // must not be there yet
  bool as_json = false;
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
  bool as_json = false;
};

struct GridRequest {
  std::string folder;
  std::string betting;
  std::string color;  // auto, always or never
  bool percent = false;
  std::string bucket_cache;
  bool as_json = false;
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
absl::Status InspectVerify(const std::string& folder, bool as_json);
// The run definition, in a form that --config takes.
absl::Status InspectDefinition(const std::string& folder, bool as_json);
// Every action of every infoset that is asked for, node by node as the checkpoint has them.
absl::Status InspectPolicy(const PolicyRequest& request);
// The same of one decision, hand by hand.
absl::Status InspectHands(const PolicyRequest& request);
// What a player holds at a line and a board, hand by hand.
absl::Status InspectRange(const RangeRequest& request);
// Histograms of regrets by street.
absl::Status InspectRegrets(const RegretsRequest& request);
// Decisions from the first one down, with how often they are come to and what is done there.
absl::Status InspectTree(const TreeRequest& request);
// Where two checkpoints of one game differ.
absl::Status InspectDiff(const DiffRequest& request);
// What a cluster's run has done, by its round log and its metrics.
absl::Status InspectLog(const LogRequest& request);
// Copies the newest state that verifies to a new folder.
absl::Status InspectRepair(const RepairRequest& request);
// A page for browsers at an address of this machine, until a signal asks to stop. Errors: those of
// opening a run; Unavailable where it cannot listen.
absl::Status InspectServe(const ServeRequest& request);
// Writes the run as one page for people (report.h) and prints where.
absl::Status InspectReport(const ReportRequest& request);
// The average strategy of one node as the 13 x 13 grid of hole cards; as one of percentages for
// each action, if that is asked for.
absl::Status InspectGrid(const GridRequest& request);
// Writes the average strategy as arrays of NumPy.
absl::Status InspectExportNpz(const ExportRequest& request);
// Writes the average strategy to a file of its own and prints its size and what rounding costs.
absl::Status InspectExport(const ExportRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_COMMANDS_H_
