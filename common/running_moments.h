// Mean and spread of values that come one by one, without keeping them (Welford 1962).
//
// The order of Add() is that of the sums: the same values in the same order give the same bits.
// Thread-compatible.
#ifndef NASHVILLE_COMMON_RUNNING_MOMENTS_H_
#define NASHVILLE_COMMON_RUNNING_MOMENTS_H_

#include <cmath>
#include <cstdint>

namespace nash {

class RunningMoments {
 public:
  void Add(double value) {
    ++count_;
    const double distance = value - mean_;
    mean_ += distance / static_cast<double>(count_);
    squares_ += distance * (value - mean_);
  }

  uint64_t count() const { return count_; }
  // 0 before the first value.
  double mean() const { return mean_; }
  // Of the mean, from independent values; 0 for less than two.
  double StandardError() const {
    const auto n = static_cast<double>(count_);
    return count_ < 2 ? 0 : std::sqrt(squares_ / (n - 1) / n);
  }
  // Half the width of the mean's 95% interval, by the normal approximation.
  double HalfWidth95() const { return 1.96 * StandardError(); }

 private:
  uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum of squared distances from the mean
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_RUNNING_MOMENTS_H_
