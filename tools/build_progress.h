// Progress of building bucket files, for people.
#ifndef NASHVILLE_TOOLS_BUILD_PROGRESS_H_
#define NASHVILLE_TOOLS_BUILD_PROGRESS_H_

#include <string>

#include "solver/abstraction/hand_strengths.h"

namespace nash {

// Rewrites one line of a terminal; elsewhere prints one line for each finished stage.
// Thread-compatible.
class BuildProgressPrinter {
 public:
  BuildProgressPrinter();
  void Print(const BuildProgress& progress);

 private:
  const bool is_terminal_;
  std::string stage_;
  double stage_start_ = 0;
  double last_print_ = 0;
  bool is_finished_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_BUILD_PROGRESS_H_
