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
#include "solver/cfr/schedule.h"
#include "solver/cfr/table_survey.h"
#include "tools/training/metrics_server.h"
#include "tools/training/run_folder.h"
#include "tools/training/strategy_change.h"
#include "tools/training/tensorboard_writer.h"
#include "tools/training/training_report.h"
#include "tools/training/yardstick.h"

namespace nash {

class RunReporter {
 public:
  struct Options {
    int num_threads = 1;        // that train
    double quantum_chips = 0;   // of the run
    double every_seconds = 10;  // between lines of metrics, and of a log
    TrainingTarget target;
    RoundShape shape;
    const MemoryPlan* memory_plan = nullptr;  // not owned; null: none is told of
    YardstickOptions yardstick;
    MetricsServer* metrics_server = nullptr;   // not owned; null: none
    TensorBoardWriter* tensorboard = nullptr;  // the same
  };
  // sample: how far the run is; its `seconds` are filled in here. It is not called before Begin().
  // table: whose rows are looked at. All outlive us.
  RunReporter(const Options& options, std::function<TrainingSample()> sample, const Table& table,
              RunFolder* folder);

  // Training begins now: time and rates count from here.
  void Begin();
  double Seconds() const;

  // The run has gone back to an earlier round: rates count from there.
  void GoneBack();

  // Whether a measurement has come to the bound at which the run is to end.
  bool has_reached_bound() const {
    return measured_.has_value() && options_.yardstick.until_chips.has_value() &&
           measured_->Reaches(*options_.yardstick.until_chips);
  }

  // Prints the line, and writes metrics, if it is time for them; looks after measurements.
  void ReportIfDue();
  // The last report, unless the one before told of the same.
  void Finish();
  // A line for people, beside the progress line.
  void Say(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;

  TrainingSample Sample() const;
  void Report();
  void NoteTrouble(const absl::Status& status, Reminder* reminder);
  void WarnOfCeiling(const TrainingSample& now);
  void Measure();
  void LookAtLearning(TrainingSample* now);
  double Staleness(uint64_t rounds) const;

  const Options options_;
  const std::function<TrainingSample()> sample_;
  const Table& table_;
  RunFolder* const folder_;
  TrainingReport report_;
  Clock::time_point start_ = Clock::now();
  double next_line_ = 0, next_report_ = 0;  // in seconds since the start
  TableSurvey survey_;                      // as last looked at: it takes a while
  std::optional<StrategyChange> strategy_change_;
  std::vector<double> change_told_;  // by street, in the last report
  bool warned_of_ceiling_ = false;
  std::optional<Yardstick> yardstick_;  // while training goes on
  std::optional<Measurement> measured_;
  bool is_measured_newly_ = false;
  Reminder measuring_trouble_;
  std::optional<uint64_t> reported_rounds_;
  uint64_t first_rounds_ = 0;  // when training began
  Reminder metrics_trouble_, tensorboard_trouble_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_RUN_REPORTER_H_
