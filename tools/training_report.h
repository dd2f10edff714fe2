// What a training run says of itself: one progress line, and metrics for machines.
//
// On a terminal the line is rewritten in place; elsewhere a line is printed now and then.
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_TRAINING_REPORT_H_
#define NASHVILLE_TOOLS_TRAINING_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/counters.h"

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
};

struct TrainingTarget {
  uint64_t iterations = 0;  // 0: none
  double seconds = 0;       // 0: none
};

class TrainingReport {
 public:
  TrainingReport(int num_threads, const TrainingTarget& target);

  // "42.1%  1.31M iterations/s ...", rates since the last Take().
  // reached_share: of infosets, estimated.
  std::string Line(const TrainingSample& now, double reached_share) const;
  // One JSON object without a line break.
  std::string Json(const TrainingSample& now, double reached_share) const;
  // Rates of later lines count from here.
  void Take(const TrainingSample& now) { last_ = now; }

  // Prints over the last line (terminal) or as a line of its own.
  void Print(const std::string& line);
  // Ends a line that is being rewritten.
  void EndLine();
  bool is_terminal() const { return is_terminal_; }

 private:
  struct Rates {
    double iterations, touches, waiting, idle, lookup_waiting, device_deals, share, seconds_left;
  };
  Rates RatesAt(const TrainingSample& now) const;

  const int num_threads_;
  const TrainingTarget target_;
  const bool is_terminal_;
  TrainingSample last_;
  bool line_is_open_ = false;
};

// "1.31M", "24.5k", "310".
std::string ShortNumber(double x);
// "1:02:03" or "2:03".
std::string ShortDuration(double seconds);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_REPORT_H_
