#include "tools/run_reporter.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace nash {
namespace {

// Rows that are looked at to estimate the share of infosets reached.
constexpr uint64_t kSampledRows = 200'000;
// On short runs something is to be seen as well.
constexpr double kFirstReportSeconds = 2;
// Between changes of a line on a terminal.
constexpr double kTerminalLineSeconds = 1;

}  // namespace

double ReachedShare(const Table& table) {
  const TableLayout& layout = table.layout();
  const uint64_t stride = std::max<uint64_t>(1, layout.num_rows() / kSampledRows);
  std::vector<int32_t> values;
  uint64_t rows = 0, reached = 0;
  for (uint64_t node = 0; node < layout.num_nodes(); node += stride) {
    values.resize(layout.ValuesOf(static_cast<NodeIndex>(node)));
    table.CopyOut(static_cast<NodeIndex>(node), absl::MakeSpan(values));
    const uint32_t per_row = layout.ValuesPerRow(static_cast<NodeIndex>(node));
    for (size_t i = 0; i < values.size(); i += per_row) {
      ++rows;
      reached += std::any_of(values.begin() + i, values.begin() + i + per_row,
                             [](int32_t value) { return value != 0; });
    }
  }
  return rows == 0 ? 0 : static_cast<double>(reached) / rows;
}

RunReporter::RunReporter(const Options& options, std::function<TrainingSample()> sample,
                         const Table& table, RunFolder* folder)
    : every_seconds_(options.every_seconds),
      sample_(std::move(sample)),
      table_(table),
      folder_(folder),
      report_(options.num_threads, options.target) {}

void RunReporter::Begin() {
  start_ = Clock::now();
  report_.Take(Sample());
  next_report_ = std::min(kFirstReportSeconds, every_seconds_);
  next_line_ = report_.is_terminal() ? kTerminalLineSeconds : next_report_;
}

double RunReporter::Seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

TrainingSample RunReporter::Sample() const {
  TrainingSample sample = sample_();
  sample.seconds = Seconds();
  sample.run_seconds = folder_->run_seconds_before() + sample.seconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  sample.unix_seconds = std::chrono::duration<double>(now).count();
  return sample;
}

void RunReporter::ReportIfDue() {
  const double now = Seconds();
  if (now < next_line_ && now < next_report_) return;
  next_line_ = now + (report_.is_terminal() ? kTerminalLineSeconds : every_seconds_);
  if (now >= next_report_) {
    Report();
    next_report_ = now + every_seconds_;
  } else {
    report_.Print(report_.Line(Sample(), reached_share_));
  }
}

void RunReporter::Finish() {
  const TrainingSample now = Sample();
  // A cluster has more to tell of than rounds.
  if (now.cluster.has_value() || now.progress.rounds != reported_rounds_) Report();
  report_.EndLine();
}

void RunReporter::Report() {
  reached_share_ = ReachedShare(table_);
  const TrainingSample now = Sample();
  reported_rounds_ = now.progress.rounds;
  report_.Print(report_.Line(now, reached_share_));
  const absl::Status status = folder_->AppendMetrics(report_.Json(now, reached_share_));
  if (status.ok()) {
    metrics_trouble_.Ends();
  } else if (metrics_trouble_.Lasts(Clock::now().time_since_epoch())) {
    Say(absl::StrCat("warning: ", status.message()));
  }
  report_.Take(now);
}

void RunReporter::Say(const std::string& line) {
  report_.EndLine();
  const bool is_warning = absl::StartsWith(line, "warning: ");
  if (is_warning) {
    LOG(WARNING) << line;
  } else {
    LOG(INFO) << line;
  }
}

}  // namespace nash
