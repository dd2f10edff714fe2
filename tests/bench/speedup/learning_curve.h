// What a run had learnt when, and when it had learnt as much as another.
//
// NashConv falls like a power of time, so between two points it is taken for one. Thread-safe:
// functions only.
#ifndef NASHVILLE_TESTS_BENCH_SPEEDUP_LEARNING_CURVE_H_
#define NASHVILLE_TESTS_BENCH_SPEEDUP_LEARNING_CURVE_H_

#include <cmath>
#include <optional>
#include <vector>

namespace nash {

struct LearningPoint {
  double amount = 0;  // of time, or of deals; ascending
  double nash_conv = 0;
};

// The amount at which a curve first comes to `nash_conv`; nothing where it never does, or has
// already come further at its first point.
inline std::optional<double> AmountToReach(const std::vector<LearningPoint>& curve,
                                           double nash_conv) {
  for (size_t i = 0; i < curve.size(); ++i) {
    if (curve[i].nash_conv > nash_conv) continue;
    if (curve[i].nash_conv == nash_conv) return curve[i].amount;
    if (i == 0) return std::nullopt;
    const LearningPoint& before = curve[i - 1];
    const double share =
        std::log(before.nash_conv / nash_conv) / std::log(before.nash_conv / curve[i].nash_conv);
    return before.amount * std::pow(curve[i].amount / before.amount, share);
  }
  return std::nullopt;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_SPEEDUP_LEARNING_CURVE_H_
