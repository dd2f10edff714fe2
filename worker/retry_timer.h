// How long to wait for an answer before asking again.
//
// TCP calls it the retransmission timeout (Jacobson 1988, "Congestion avoidance and control"; Karn
// & Partridge 1987): a multiple of what answers took, doubled at each silence. Thread-compatible.
#ifndef NASHVILLE_WORKER_RETRY_TIMER_H_
#define NASHVILLE_WORKER_RETRY_TIMER_H_

#include <algorithm>

#include "worker/options.h"

namespace nash {

class RetryTimer {
 public:
  RetryTimer(Nanos min, Nanos max) : min_(min), max_(max) {}

  Nanos value() const { return std::min(max_, base() * factor_); }
  // The same, had there been no silence.
  Nanos base() const { return std::min(max_, std::max(min_, 4 * mean_)); }
  // An answer came. took: since the question, if that was asked once only; else 0.
  void Answered(Nanos took) {
    if (took > Nanos(0)) mean_ = mean_ == Nanos(0) ? took : (7 * mean_ + took) / 8;
    factor_ = 1;
  }
  void Silence() {
    if (value() < max_) factor_ *= 2;
  }

 private:
  const Nanos min_;
  const Nanos max_;
  Nanos mean_{0};
  int factor_ = 1;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_RETRY_TIMER_H_
