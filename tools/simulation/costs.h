// What the parts of a cluster's round cost: measured figures, or estimates that say so.
//
// configs/cluster/costs.json holds them, each with where it comes from. Immutable once read,
// thread-safe.
#ifndef NASHVILLE_TOOLS_SIMULATION_COSTS_H_
#define NASHVILLE_TOOLS_SIMULATION_COSTS_H_

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

// A cost file names up to as many streets, in order of play.
inline constexpr int kCostStreetsMax = 4;

// Distinct rows that so many touches visit.
struct RowsTouched {
  double touches = 0;
  std::array<double, kCostStreetsMax> rows{};  // by street
};

struct ClusterCosts {
  double touches_per_core_s = 0;
  double touches_per_deal = 0;
  // (threads, rate by thread as a share of one thread's), ascending by threads, from one on.
  std::vector<std::pair<double, double>> thread_efficiency;

  int num_streets = 0;
  std::array<double, kCostStreetsMax> table_rows{};  // by street
  std::vector<RowsTouched> rows_touched;             // ascending by touches

  double bytes_up_per_row = 0;    // of a unit's delta: regrets and sums
  double bytes_down_per_row = 0;  // of a merged delta: regrets
  double bytes_log_per_row = 0;   // of a merged delta: regrets and sums
  double undo_bytes_per_row = 0;  // a worker's memory while a unit runs
  double rows_per_part = 0;

  // Nanoseconds a row, on one thread.
  double seal_ns = 0;    // worker: the delta out of the undo log, the table back
  double encode_ns = 0;  // worker
  double decode_ns = 0;  // coordinator (twice: to check, to merge) and worker
  double merge_ns = 0;   // coordinator: units' rows added up
  double finish_ns = 0;  // coordinator: a merged row into the master and encoded, both lanes
  double apply_ns = 0;   // worker: regrets into the replica

  double latency_s = 0;         // one way
  double log_bytes_per_s = 0;   // of the round log, written and synced
  double unit_time_spread = 0;  // unit times are uniform within 1 +- this

  // Distinct rows of a street that so many touches visit: in proportion below the first measured
  // point, a power law between two, the last power law above, and never more than there are.
  double RowsOf(int street, double touches) const;
  // The same on all streets.
  double Rows(double touches) const;
  // How many times as fast so many threads are as one, at touches; taken for rows as well.
  double SpeedUp(double threads) const;
  // Touches a second of one worker.
  double WorkerRate(double threads) const { return touches_per_core_s * SpeedUp(threads); }
};

// `file_name` is for messages only. Error: InvalidArgument "FILE: key: what was found; what is
// allowed".
absl::StatusOr<ClusterCosts> ParseClusterCosts(absl::string_view text, absl::string_view file_name);
// Errors: as above, and NotFound.
absl::StatusOr<ClusterCosts> LoadClusterCosts(const std::string& path);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_SIMULATION_COSTS_H_
