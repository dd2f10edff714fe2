// When a run in training says how far it is: a progress line for people, a line of metrics for
// machines.
//
// Training in one process and a coordinator report through this class, so whatever else wants to
// know of a run's progress has one place to hook into: Report(). The run's clock is here too.
// Thread-compatible: for the thread that trains.
#ifndef NASHVILLE_TOOLS_TRAINING_RUN_REPORTER_H_
#define NASHVILLE_TOOLS_TRAINING_RUN_REPORTER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/reminder.h"
#include "solver/cfr/table_survey.h"
#include "tools/training/run_folder.h"
#include "tools/training/training_report.h"

namespace nash {

class RunReporter {
 public:
  struct Options {
    int num_threads = 1;        // that train
    double quantum_chips = 0;   // of the run
    double every_seconds = 10;  // between lines of metrics, and of a log
    TrainingTarget target;
  };
  // sample: how far the run is; its `seconds` are filled in here. It is not called before Begin().
  // table: whose rows are looked at. All outlive us.
  RunReporter(const Options& options, std::function<TrainingSample()> sample, const Table& table,
              RunFolder* folder);

  // Training begins now: time and rates count from here.
  void Begin();
  double Seconds() const;

  // Prints the line, and writes metrics, if it is time for them.
  void ReportIfDue();
  // The last report, unless the one before told of the same.
  void Finish();
  // A line for people, beside the progress line.
  void Say(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;

  TrainingSample Sample() const;
  void Report();
  void WarnOfCeiling(const TrainingSample& now);

  const Options options_;
  const std::function<TrainingSample()> sample_;
  const Table& table_;
  RunFolder* const folder_;
  TrainingReport report_;
  Clock::time_point start_ = Clock::now();
  double next_line_ = 0, next_report_ = 0;  // in seconds since the start
  TableSurvey survey_;                      // as last looked at: it takes a while
  bool warned_of_ceiling_ = false;
  std::optional<uint64_t> reported_rounds_;
  Reminder metrics_trouble_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_RUN_REPORTER_H_
