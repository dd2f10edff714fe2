// Who was busy when, and what idle workers' time was lost to. Thread-compatible.
#ifndef NASHVILLE_TOOLS_SIMULATION_TIMELINE_H_
#define NASHVILLE_TOOLS_SIMULATION_TIMELINE_H_

#include <algorithm>
#include <vector>

#include "tools/simulation/round.h"

namespace nash {

enum class Activity { kComputing, kRows, kMerging, kWireUp, kWireDown };
inline constexpr int kActivities = 5;

class Timeline {
 public:
  // Somebody does this from `begin` to `end`, in seconds. In any order.
  void Add(Activity activity, double begin, double end) {
    if (begin >= end) return;
    changes_.push_back({begin, activity, +1});
    changes_.push_back({end, activity, -1});
  }

  // Sets the shares of `rate` between two moments. waits_for_all: no worker goes on before the
  // slowest has ended.
  void Share(double from, double to, int workers, bool waits_for_all, SimulatedRate* rate) {
    std::stable_sort(changes_.begin(), changes_.end(),
                     [](const Change& a, const Change& b) { return a.time < b.time; });
    int busy[kActivities] = {};
    double last = from;
    const auto is = [&](Activity activity) { return busy[static_cast<int>(activity)] > 0; };
    const auto advance = [&](double now) {
      now = std::clamp(now, from, to);
      const double share = (now - last) / (to - from) / workers;
      const int computing = busy[static_cast<int>(Activity::kComputing)];
      const int rows = busy[static_cast<int>(Activity::kRows)];
      rate->computing += share * computing;
      rate->rows += share * rows;
      double* lost_to = &rate->waiting;
      if (waits_for_all && is(Activity::kWireDown)) {
        lost_to = &rate->wire;
      } else if (waits_for_all && is(Activity::kComputing)) {
        lost_to = &rate->waiting;
      } else if (is(Activity::kMerging)) {
        lost_to = &rate->merging;
      } else if (is(Activity::kWireUp) || is(Activity::kWireDown)) {
        lost_to = &rate->wire;
      }
      *lost_to += share * (workers - computing - rows);
      last = now;
    };
    for (const Change& change : changes_) {
      advance(change.time);
      busy[static_cast<int>(change.activity)] += change.by;
    }
    advance(to);
  }

 private:
  struct Change {
    double time;
    Activity activity;
    int by;
  };
  std::vector<Change> changes_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_SIMULATION_TIMELINE_H_
