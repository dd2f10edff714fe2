// What a training run says of itself: one progress line, and metrics for machines.
//
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_TRAINING_REPORT_H_
#define NASHVILLE_TOOLS_TRAINING_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/table_survey.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/counters.h"
#include "tools/progress_line.h"

namespace nash {

struct TrainingSample {
  double seconds = 0;         // since training began in this process
  double waited_seconds = 0;  // of threads, for others, summed
  Progress progress;
  int workers = -1;                   // of a cluster; -1: none
  Counters counters;                  // of a cluster's coordinator
  double prepare_waited_seconds = 0;  // of the traversal, for batches of deals
  LookupCounts lookups;
};

struct TrainingTarget {
  uint64_t iterations = 0;  // 0: none
  double seconds = 0;       // 0: none
};

class TrainingReport {
 public:
  TrainingReport(int num_threads, const TrainingTarget& target);

  // "42.1%  1.31M iterations/s ...", rates since the last Take().
  std::string Line(const TrainingSample& now, const TableSurvey& survey) const;
  // One JSON object without a line break.
  std::string Json(const TrainingSample& now, const TableSurvey& survey) const;
  // Rates of later lines count from here. The first is the run's start.
  void Take(const TrainingSample& now);

  // As ProgressLine has them.
  void Print(const std::string& line) { line_.Show(line); }
  void EndLine() { line_.End(); }
  bool is_terminal() const { return line_.is_terminal(); }

 private:
  // What happened since a sample, all told of the same time.
  struct Rates {
    double seconds;  // at least kRateSecondsMin, or all since the start
    uint64_t iterations, touches;
    double waiting, lookup_waiting, device_deals;  // shares
    double share, seconds_left;                    // of the whole run; -1: not known
  };
  Rates RatesAt(const TrainingSample& now) const;

  const int num_threads_;
  const TrainingTarget target_;
  std::optional<TrainingSample> start_;
  TrainingSample last_;
  ProgressLine line_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_REPORT_H_
