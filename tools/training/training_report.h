// What a training run says of itself: one progress line, and metrics for machines.
//
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_TRAINING_TRAINING_REPORT_H_
#define NASHVILLE_TOOLS_TRAINING_TRAINING_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/table_survey.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/counters.h"
#include "tools/program/progress_line.h"
#include "tools/stored/memory_plan.h"
#include "tools/training/yardstick.h"

namespace nash {

// Of checkpoints and snapshots, since the start.
struct CheckpointSample {
  uint64_t written = 0;
  double last_seconds = 0;   // from the beginning of the last one to its end
  double pause_seconds = 0;  // that training waited for them, summed
};

// What a coordinator does for rounds, since its start (tools/cluster/timed_rounds.h).
struct RoundTimes {
  double check_seconds = 0;  // decoding and checking what came
  double sum_seconds = 0;    // adding units up before all of a round had come
  double merge_seconds = 0;
  double log_seconds = 0;    // appending to the round log, and making it durable
  uint64_t unit_rows = 0;    // rows in the results of units
  uint64_t merged_rows = 0;  // rows that they changed
};

// What a coordinator adds.
struct ClusterSample {
  int workers = 0;                              // that are there
  double member_seconds = 0;                    // of all workers, since the start
  double idle_seconds = 0;                      // of these, without a unit to run
  bool is_paused = false;                       // for want of room on the disk
  uint64_t log_bytes = 0;                       // of the round log
  uint64_t appended_bytes = 0;                  // to it, whether they are kept or not
  uint64_t received_bytes = 0, sent_bytes = 0;  // in frames, since the start
  uint64_t units_in_flight = 0;                 // leased, without a result
  uint64_t results_memory_bytes = 0;            // of units, until their round is merged
  uint64_t results_disk_bytes = 0;
  RoundTimes times;
  double worker_seconds = 0;  // of workers' processes, summed, as they tell
  WorkerTimes worker_times;   // of these
  int worker_threads = 0;
  uint64_t workers_resident_bytes = 0;  // as they told last
  Counters counters;
};

// What a look at some of the table's rows tells of learning, by street.
struct LearningSample {
  std::vector<double> positive_regret_chips;  // mean, an iteration
  std::vector<double> strategy_change;        // mean total variation a round, since the line before
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
  double staleness_rounds = 0;          // since the metrics' last line (schedule.h: lag)
  LearningSample learning;
  CheckpointSample checkpoints;
  std::optional<MemoryPlan> memory_plan;
  uint64_t run_folder_bytes = 0;  // on the disk
  uint64_t disk_free_bytes = 0;   // for this process
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
  // The run is not where it was: rates count from here.
  void StartAgain(const TrainingSample& now) { start_ = last_ = now; }
  // Rates of later lines are those of all since the start. Needs a Take() before.
  void TellOfAll() { last_ = *start_; }

  // As ProgressLine has them; what is no terminal is a log (log_lines.h).
  void Print(const LineFields& line);
  void EndLine() { line_.End(); }
  bool is_terminal() const { return line_.is_terminal(); }

 private:
  // What happened since a sample, all told of the same time.
  struct Rates {
    const TrainingSample* from;
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
