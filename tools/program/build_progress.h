// Shows how a long computation gets on: a bucket build, an evaluation. Not thread-safe: progress is
// reported on the calling thread.
#ifndef NASHVILLE_TOOLS_PROGRAM_BUILD_PROGRESS_H_
#define NASHVILLE_TOOLS_PROGRAM_BUILD_PROGRESS_H_

#include <string>

#include "solver/abstraction/build_control.h"
#include "tools/program/progress_line.h"

namespace nash {

// "river strengths    42.0%  1000 of 2380 boards, 310/s, 4.5 s left"; with the time that it took
// where it is done. `seconds`: since the stage began.
LineFields StageLine(const BuildProgress& progress, double seconds);

// That line on stderr: kept up to date on a terminal; elsewhere one now and then, and one where a
// stage is done.
class BuildProgressPrinter {
 public:
  BuildProgressPrinter() = default;
  // Stages that end within so many seconds, above 0, are not told of; of others there is a line
  // then, in a log too.
  explicit BuildProgressPrinter(double quiet_seconds) : quiet_seconds_(quiet_seconds) {}
  void Print(const BuildProgress& progress);
  // Leaves the line that is being kept up to date, for what is printed next.
  void EndLine() { line_.End(); }

 private:
  const double quiet_seconds_ = 0;
  ProgressLine line_;
  std::string stage_;
  double stage_start_seconds_ = 0;
  double next_print_seconds_ = 0;
  bool is_finished_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_BUILD_PROGRESS_H_
