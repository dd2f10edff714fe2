// How a long build talks to who started it: progress, a wish to stop, and what it may keep so that
// the next one goes on where this one was stopped. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUILD_CONTROL_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUILD_CONTROL_H_

#include <functional>

#include "absl/status/status.h"
#include "common/stage_progress.h"
#include "solver/device/nearest_finder.h"

namespace nash {

using BuildProgress = StageProgress;

struct BuildOptions {
  int threads = 1;  // changes no byte
  ProgressCallback progress = [](const BuildProgress&) {};
  // Asked between steps, from any thread; once it says yes the build ends with Cancelled.
  std::function<bool()> should_stop = [] { return false; };
  // Helps with clusterings; null: none. Changes no byte. Not owned.
  NearestFinder* finder = nullptr;
};

inline absl::Status StoppedStatus() {
  return absl::CancelledError("stopped; the same command goes on from here");
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUILD_CONTROL_H_
