// Time of a simulation: events in the order of their times, then of their making.
#ifndef NASHVILLE_TESTS_SIM_EVENT_QUEUE_H_
#define NASHVILLE_TESTS_SIM_EVENT_QUEUE_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace nash {

using Nanos = std::chrono::nanoseconds;

class EventQueue {
 public:
  // Not 0, so that nobody takes an unset time for a time.
  static constexpr Nanos kStart = std::chrono::hours(1);

  Nanos now() const { return now_; }
  void At(Nanos time, std::function<void()> event) {
    events_.emplace(std::pair(std::max(time, now_), ++made_), std::move(event));
  }
  void After(Nanos delay, std::function<void()> event) { At(now_ + delay, std::move(event)); }

  // Runs the next event if it is due before `end`; else the time is `end`, and false.
  bool Step(Nanos end) {
    if (events_.empty() || events_.begin()->first.first > end) {
      now_ = std::max(now_, end);
      return false;
    }
    now_ = events_.begin()->first.first;
    const std::function<void()> event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    event();
    return true;
  }

 private:
  Nanos now_ = kStart;
  uint64_t made_ = 0;
  std::map<std::pair<Nanos, uint64_t>, std::function<void()>> events_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_EVENT_QUEUE_H_
