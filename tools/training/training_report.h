// What a training run says of itself: one progress line, and metrics for machines.
//
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_TRAINING_TRAINING_REPORT_H_
#define NASHVILLE_TOOLS_TRAINING_TRAINING_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/table_survey.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/counters.h"
#include "tools/program/progress_line.h"
#include "tools/training/yardstick.h"

namespace nash {

// What a coordinator adds.
struct ClusterSample {
  int workers = 0;            // that are there
  double member_seconds = 0;  // of all workers, since the start
  double idle_seconds = 0;    // of these, without a unit to run
  bool is_paused = false;     // for want of room on the disk
  uint64_t log_bytes = 0;     // of the round log
  Counters counters;
};

struct TrainingSample {
  double seconds = 0;         // since training began in this process
  double run_seconds = 0;     // and in those before it
  double unix_seconds = 0;    // of the wall clock
  double waited_seconds = 0;  // of threads, for others, summed
  Progress progress;
  std::optional<ClusterSample> cluster;
  double prepare_waited_seconds = 0;  // of the traversal, for batches of deals
  LookupCounts lookups;
  std::optional<Measurement> measured;  // the last one
  bool is_measured_newly = false;       // since the metrics' last line
};

struct TrainingTarget {
  uint64_t iterations = 0;  // 0: none
  double seconds = 0;       // 0: none
};

class TrainingReport {
 public:
  TrainingReport(int num_threads, const TrainingTarget& target);

  // "42.1%  1.31M iterations/s ...", rates since the last Take().
  LineFields Line(const TrainingSample& now, const TableSurvey& survey) const;
  // One JSON object without a line break.
  std::string Json(const TrainingSample& now, const TableSurvey& survey) const;
  // Rates of later lines count from here. The first is the run's start.
  void Take(const TrainingSample& now);

  // As ProgressLine has them; what is no terminal is a log (log_lines.h).
  void Print(const LineFields& line);
  void EndLine() { line_.End(); }
  bool is_terminal() const { return line_.is_terminal(); }

 private:
  // What happened since a sample, all told of the same time.
  struct Rates {
    double seconds;  // at least kRateSecondsMin, or all since the start
    uint64_t iterations, touches;
    double waiting, idle, lookup_waiting, device_deals;  // shares
    double share, seconds_left;                          // of the whole run; -1: not known
  };
  Rates RatesAt(const TrainingSample& now) const;

  const int num_threads_;
  const TrainingTarget target_;
  std::optional<TrainingSample> start_;
  TrainingSample last_;
  ProgressLine line_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_TRAINING_REPORT_H_
