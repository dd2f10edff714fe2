// Averages are weighted by what old sums are multiplied with before new ones are added: ((t-1)/t)^g
// gives iteration t the weight t^g in the end, and sums that stay within the range of doubles.
#include "solver/cfr/row_rules.h"

#include <cmath>

namespace nash {
namespace {

// Newton's steps from above: they fall by a tenth until they are near the root, and then converge
// quadratically; 2^53 takes some 350.
constexpr int kNewtonSteps = 400;

double TenthRoot(double x) {
  double root = 1 + x / 10;  // Bernoulli: at least the root
  for (int step = 0; step < kNewtonSteps; ++step) {
    const double square = root * root;
    const double fourth = square * square;
    root = (9 * root + x / (fourth * fourth * root)) / 10;
  }
  return root;
}

// (t-1)^x / ((t-1)^x + 1)
double Discount(uint64_t iteration, double exponent) {
  const double power = PowerOfTenths(static_cast<double>(iteration - 1), exponent);
  return power / (power + 1);
}

}  // namespace

double PowerOfTenths(double x, double exponent) {
  const auto tenths = std::lround(10 * exponent);
  double power = 1;
  for (int64_t i = 0; i < tenths / 10; ++i) power *= x;
  if (tenths % 10 == 0 || x == 0) return tenths > 0 && x == 0 ? 0 : power;
  if (tenths % 10 == 5) return power * std::sqrt(x);
  const double root = TenthRoot(x);
  for (int64_t i = 0; i < tenths % 10; ++i) power *= root;
  return power;
}

RowRule RuleOf(const CfrOptions& options, uint64_t iteration) {
  RowRule rule;
  double gamma = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
  switch (options.variant) {
    case Variant::kVanilla:
    case Variant::kInvalid:
      break;
    case Variant::kLinear:
      rule.positive = rule.negative = Discount(iteration, 1);
      gamma = 1;
      break;
    case Variant::kDiscounted:
      rule.positive = Discount(iteration, options.alpha);
      rule.negative = Discount(iteration, options.beta);
      gamma = options.gamma;
      break;
    case Variant::kPlus:
      rule.floors = true;
      gamma = 1;
      break;
    case Variant::kPredictive:
      rule.floors = rule.predicts = true;
      gamma = 2;
      break;
    case Variant::kPredictiveDiscounted:
      rule.floors = rule.predicts = true;
      rule.positive = Discount(iteration, options.alpha);
      rule.next_positive = Discount(iteration + 1, options.alpha);
      gamma = options.gamma;
      break;
  }
#pragma GCC diagnostic pop
  rule.averages = iteration > options.average_from_iterations;
  if (!rule.averages) return rule;
  const auto t = static_cast<double>(iteration - options.average_from_iterations);
  rule.sums = PowerOfTenths((t - 1) / t, gamma);
  return rule;
}

}  // namespace nash
