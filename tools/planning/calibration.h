// A few seconds of real training, to see how fast this machine goes.
//
// It trains a table of its own from the start, in short rounds, and throws it away. Two figures
// make a round of any length: what a batch takes, and what a round's end takes, from rounds of two
// lengths. What it cannot see is how the work of a deal changes in a long run
// (docs/measurements/deltas.md).
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PLANNING_CALIBRATION_H_
#define NASHVILLE_TOOLS_PLANNING_CALIBRATION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "tools/simulation/costs.h"
#include "tools/stored/loaded_run.h"

namespace nash {

struct Calibration {
  int threads = 1;
  double seconds = 0;        // that it took
  double batch_seconds = 0;  // one batch, all threads
  double round_seconds = 0;  // what a round takes beside its batches
  double batch_touches = 0;  // rows visited in a batch
  double batch_deals = 0;    // iterations of a batch
  // Distinct rows by touches since the table was empty, ascending.
  std::vector<RowsTouched> rows_touched;

  // Of a round of so many batches.
  double SecondsOf(double batches) const { return round_seconds + batches * batch_seconds; }
};

// Takes `seconds` and what has begun then; a batch that is longer is measured once. Needs memory
// for the table. Errors: those of training; Cancelled on a signal.
absl::StatusOr<Calibration> Calibrate(const LoadedRun& run, int num_threads, double seconds);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_CALIBRATION_H_
