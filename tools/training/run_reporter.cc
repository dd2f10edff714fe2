// Two rhythms. On a terminal the line is written anew each second from figures that are at hand;
// every --report_every seconds there is a report, which looks at the table as well:
//
//   ReportIfDue()   after every round, by the thread that trains
//     Measure()     a turn of the yardstick (yardstick.h)
//     Line()        where a second has passed: no survey, so that it costs nothing
//     Report()      where a report is due: survey, metrics.jsonl, Prometheus, TensorBoard
//
// Rates are over the time since the last report, not since the last line. A survey looks at some
// rows of each street, between rounds, when no thread changes the table.
//
// Nothing here may end a run. A sink that fails is told of, again after a while as long as it lasts
// (Reminder), and tried again at the next report. Clocks are read here and in no layer below: the
// steady one for rates, the wall clock for the one figure that says when.
// tests/tools/run_reporter_test.cc compares figures, registry and page.
#include "tools/training/run_reporter.h"

#include <glog/logging.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "solver/cfr/lines.h"
#include "tools/program/threads_flag.h"

namespace nash {
namespace {

// Rows of each street that are looked at.
constexpr uint64_t kSurveyedRows = 50'000;
// On short runs something is to be seen as well.
constexpr double kFirstReportSeconds = 2;
// Between changes of a line on a terminal.
constexpr double kTerminalLineSeconds = 1;

}  // namespace

RunReporter::RunReporter(const Options& options, std::function<TrainingSample()> sample,
                         const Table& table, RunFolder* folder)
    : options_(options),
      sample_(std::move(sample)),
      table_(table),
      folder_(folder),
      report_(options.num_threads, options.target) {}

void RunReporter::Begin() {
  start_ = Clock::now();
  report_.Take(Sample());
  first_rounds_ = sample_().progress.rounds;
  if (options_.metrics_server != nullptr) {
    options_.metrics_server->NoteRounds(sample_().progress.rounds);
  }
  if (options_.yardstick.every_seconds > 0) {
    yardstick_.emplace(options_.yardstick, folder_->path(), NumCores());
  }
  next_report_ = std::min(kFirstReportSeconds, options_.every_seconds);
  next_line_ = report_.is_terminal() ? kTerminalLineSeconds : next_report_;
}

void RunReporter::GoneBack() {
  first_rounds_ = sample_().progress.rounds;
  reported_rounds_.reset();
  strategy_change_.reset();
  report_.StartAgain(Sample());
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
  sample.measured = measured_;
  sample.is_measured_newly = is_measured_newly_;
  return sample;
}

// Of rounds since the line before: how many rounds behind them the tables were that their units
// started from.
double RunReporter::Staleness(uint64_t rounds) const {
  const uint64_t first = reported_rounds_.value_or(first_rounds_);
  if (rounds <= first || options_.shape.meet_every == 1) return 0;
  uint64_t behind = 0;
  for (uint64_t round = first; round < rounds; ++round) {
    behind += round - BaseOf(options_.shape, round);
  }
  return static_cast<double>(behind) / static_cast<double>(rounds - first);
}

void RunReporter::LookAtLearning(TrainingSample* now) {
  const bool has_doubles = table_.layout().has_doubles();
  for (const StreetSurvey& street : survey_.streets) {
    const double iterations = std::max<double>(1, static_cast<double>(now->progress.iterations));
    now->learning.positive_regret_chips.push_back(
        street.mean_positive_regret() * (has_doubles ? 1 : options_.quantum_chips) / iterations);
  }
  // Finish() tells anew of rounds that were told of: nothing has changed since.
  if (strategy_change_.has_value() && !reported_rounds_.has_value()) {
    now->learning.strategy_change = change_told_;
    return;
  }
  if (!strategy_change_.has_value()) strategy_change_.emplace(table_);
  // The first look has nothing to compare with, and gives zeros.
  const uint64_t before = reported_rounds_.value_or(now->progress.rounds);
  const uint64_t rounds = std::max(now->progress.rounds, before) - before;
  for (const double change : strategy_change_->Look()) {
    now->learning.strategy_change.push_back(change / std::max<double>(1, double(rounds)));
  }
  change_told_ = now->learning.strategy_change;
}

void RunReporter::ReportIfDue() {
  Measure();
  if (options_.metrics_server != nullptr) {
    options_.metrics_server->NoteRounds(sample_().progress.rounds);
  }
  const double now = Seconds();
  if (now < next_line_ && now < next_report_) return;
  next_line_ = now + (report_.is_terminal() ? kTerminalLineSeconds : options_.every_seconds);
  if (now >= next_report_) {
    Report();
    next_report_ = now + options_.every_seconds;
  } else {
    report_.Print(report_.Line(Sample(), survey_));
  }
}

void RunReporter::Finish() {
  yardstick_.reset();
  const TrainingSample now = Sample();
  const bool is_told = now.progress.rounds == reported_rounds_;
  // No round ended since, while workers said goodbye: that the rate was 0 would be no news.
  if (is_told) {
    report_.TellOfAll();
    reported_rounds_.reset();
  }
  // A cluster has more to tell of than rounds.
  if (now.cluster.has_value() || is_measured_newly_ || !is_told) Report();
  report_.EndLine();
}

// What goes wrong with a measurement is told of (and again, rarely), and harms nothing else.
void RunReporter::Measure() {
  if (!yardstick_.has_value()) return;
  const absl::StatusOr<std::optional<Measurement>> measured = yardstick_->Step(Seconds());
  if (!measured.ok()) {
    if (measuring_trouble_.Lasts(Clock::now().time_since_epoch())) {
      Say(absl::StrCat("warning: ", measured.status().message()));
    }
    return;
  }
  if (!measured->has_value()) return;
  measuring_trouble_.Ends();
  measured_ = **measured;
  is_measured_newly_ = true;
  Say(absl::StrFormat(
      "round %d: evaluate %s says %.6g%s chips a hand, in %.1f s", measured_->round,
      measured_->kind, measured_->chips,
      measured_->half_width > 0 ? absl::StrFormat(" +- %.2g", measured_->half_width) : "",
      measured_->seconds));
  if (has_reached_bound()) {
    yardstick_.reset();  // nothing may take it back while the run comes to its end
    Say(absl::StrFormat("--until_exploitability=%g is reached", *options_.yardstick.until_chips));
  }
}

void RunReporter::Report() {
  survey_ = SurveyTable(table_, kSurveyedRows);
  TrainingSample now = Sample();
  now.staleness_rounds = Staleness(now.progress.rounds);
  LookAtLearning(&now);
  if (options_.memory_plan != nullptr) now.memory_plan = *options_.memory_plan;
  now.run_folder_bytes = folder_->Bytes();
  now.disk_free_bytes = FreeDiskBytes(folder_->path()).value_or(0);
  reported_rounds_ = now.progress.rounds;
  report_.Print(report_.Line(now, survey_));
  const std::string metrics = report_.Json(now, survey_);
  if (options_.metrics_server != nullptr) options_.metrics_server->Publish(metrics);
  if (options_.tensorboard != nullptr) {
    NoteTrouble(options_.tensorboard->Append(metrics), &tensorboard_trouble_);
  }
  const absl::Status status = folder_->AppendMetrics(metrics);
  // A line that was not written takes its measurement along: the next one tells it again.
  if (status.ok()) is_measured_newly_ = false;
  NoteTrouble(status, &metrics_trouble_);
  WarnOfCeiling(now);
  report_.Take(now);
}

// Figures that cannot be written are no reason to stop.
void RunReporter::NoteTrouble(const absl::Status& status, Reminder* reminder) {
  if (status.ok()) {
    reminder->Ends();
  } else if (reminder->Lasts(Clock::now().time_since_epoch())) {
    Say(absl::StrCat("warning: ", status.message()));
  }
}

// Once, when it is more than a trace: whoever runs for days must not learn of it from results.
void RunReporter::WarnOfCeiling(const TrainingSample& now) {
  const double share = survey_.worst_ceiling_share();
  if (warned_of_ceiling_ || share <= kTraceOfRegrets) return;
  warned_of_ceiling_ = true;
  // Regrets grow at most with the square root of iterations, and those that are there now would
  // have grown beyond the ceiling.
  const double longer = static_cast<double>(options_.target.iterations) /
                        std::max<uint64_t>(1, now.progress.iterations);
  Say(absl::StrFormat(
      "warning: %.1f%% of the regrets of a street have come to the ceiling of 2^30 quanta and can "
      "grow no further, so strategies go wrong without any other sign. Start again with a coarser "
      "algorithm.quantum: %s chips may do, it is %g (docs/run_definition.md)",
      100 * share, QuantumText(4 * options_.quantum_chips * std::sqrt(std::max(1.0, longer)), 1),
      options_.quantum_chips));
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
