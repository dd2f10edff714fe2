// Shows how a bucket build gets on. Not thread-safe: the build reports on the calling thread.
#ifndef NASHVILLE_TOOLS_BUILD_PROGRESS_H_
#define NASHVILLE_TOOLS_BUILD_PROGRESS_H_

#include <string>

#include "solver/abstraction/build_control.h"

namespace nash {

// A line on stderr with share, rate and time left, kept up to date on a terminal; elsewhere one
// line a finished stage.
class BuildProgressPrinter {
 public:
  BuildProgressPrinter();
  void Print(const BuildProgress& progress);
  // Leaves the line that is being kept up to date, for what is printed next.
  void EndLine();

 private:
  const bool is_terminal_;
  std::string stage_;
  double stage_start_seconds_ = 0;
  double last_print_seconds_ = 0;
  bool is_finished_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_BUILD_PROGRESS_H_
