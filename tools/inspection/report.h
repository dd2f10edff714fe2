// A run as one page for people: an HTML file that holds all it shows and asks nothing from
// elsewhere, so that it can be sent, kept and opened years later.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_REPORT_H_
#define NASHVILLE_TOOLS_INSPECTION_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/inspection/decision.h"

namespace nash {

inline constexpr size_t kReportBytesMax = 1'000'000;

// run_folder: whose metrics.jsonl and litmus.json (as `evaluate litmus --json` prints it) are shown
// beside the checkpoint's strategy, where they are there; empty: neither. At most kReportBytesMax
// bytes: curves have fewer points where a run has many. Errors: those of reading the checkpoint.
absl::StatusOr<std::string> ReportPage(const DecisionViewer& viewer, const std::string& run_folder);

// The same of the newest checkpoint in a run's folder that a process has just trained, written to
// report.html there.
absl::Status WriteReport(std::shared_ptr<const LoadedRun> run, const std::string& run_folder);

// Bytes of a checkpoint that a report of the run maps: all chunks that its decisions lie in.
uint64_t ReportBytes(const LoadedRun& run);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_REPORT_H_
