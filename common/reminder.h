// When to tell of a trouble that lasts: at once, or when it has lasted longer than what mends
// itself takes; then after a minute, and after twice as long each time, up to an hour. A log that
// is read the next morning shows that it lasted, and is not full of it.
//
// Thread-compatible.
#ifndef NASHVILLE_COMMON_REMINDER_H_
#define NASHVILLE_COMMON_REMINDER_H_

#include <algorithm>
#include <chrono>
#include <utility>

namespace nash {

class Reminder {
 public:
  using Nanos = std::chrono::nanoseconds;
  static constexpr Nanos kFirstPause = std::chrono::minutes(1);
  static constexpr Nanos kPauseMax = std::chrono::hours(1);

  Reminder() = default;
  // A trouble that is over within `patience` is never told of.
  explicit Reminder(Nanos patience) : patience_(patience) {}

  // The trouble is there at `now`, of any clock. Returns whether to tell of it.
  bool Lasts(Nanos now) {
    if (!is_there_) next_ = now + patience_;
    is_there_ = true;
    if (now < next_) return false;
    pause_ = is_told_ ? std::min(2 * pause_, kPauseMax) : kFirstPause;
    next_ = now + pause_;
    is_told_ = true;
    return true;
  }
  // It is over: the next one begins anew. Returns whether this one was told of.
  bool Ends() {
    is_there_ = false;
    return std::exchange(is_told_, false);
  }

 private:
  Nanos patience_{0};
  bool is_there_ = false;
  bool is_told_ = false;
  Nanos pause_{0};
  Nanos next_{0};
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_REMINDER_H_
