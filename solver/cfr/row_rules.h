// How an iteration that samples nothing changes a row: CFR and its kin, in doubles.
//
// With r the regrets of iteration t, weighted by the others' reach and by chance, and players who
// learn in turns:
//
//   vanilla        R + r                     average weighted 1   Zinkevich et al. 2007
//   linear         R (t-1)/t + r             t                    Brown & Sandholm 2019, s. 4
//   discounted     R d(alpha or beta) + r    t^gamma              the same, s. 3
//   plus           max(R + r, 0)             t                    Tammelin 2014
//   predictive     max(R + r, 0)             t^2                  Farina et al. 2021: the next
//                                                                 strategy is that of R + r
//   predictive_    max(R d(alpha) + r, 0)    t^gamma              Xu et al. 2024: the next strategy
//   discounted                                                    is that of R d'(alpha) + r
//
// where d(x) = (t-1)^x / ((t-1)^x + 1), d' is d of the next iteration, and R is taken by its sign in
// `discounted`. Powers are made of products and roots by Newton's method, all of which IEEE 754
// defines to the last bit, so that a run has the same bytes on every machine. Thread-safe: pure
// functions.
#ifndef NASHVILLE_SOLVER_CFR_ROW_RULES_H_
#define NASHVILLE_SOLVER_CFR_ROW_RULES_H_

#include <algorithm>
#include <cstdint>

#include "absl/types/span.h"
#include "solver/cfr/options.h"

namespace nash {

// x^exponent for x >= 0 and exponents that are multiples of 1/10 (rounded to one), from 0 to 16.
double PowerOfTenths(double x, double exponent);

// What iteration t does to every row.
struct RowRule {
  double positive = 1;  // factors of regrets before r is added
  double negative = 1;
  bool floors = false;  // regrets do not get below zero
  bool predicts = false;
  double next_positive = 1;  // predicts: of the next iteration
  bool averages = true;
  double sums = 1;  // factor of sums before they are added to
};
// iteration: from 1.
RowRule RuleOf(const CfrOptions& options, uint64_t iteration);

// regrets, last: [num_actions] of the row; last: where rule.predicts. now: r.
inline void LearnRegrets(const RowRule& rule, absl::Span<const double> now, double* regrets,
                         double* last) {
  for (size_t a = 0; a < now.size(); ++a) {
    const double old = regrets[a] * (regrets[a] > 0 ? rule.positive : rule.negative);
    regrets[a] = rule.floors ? std::max(old + now[a], 0.0) : old + now[a];
    if (rule.predicts) last[a] = now[a];
  }
}

// The strategy that follows iteration t by regret matching; uniform where no regret is positive.
// rule: of iteration t. strategy: [num_actions], written.
inline void StrategyAfter(const RowRule& rule, const double* regrets, const double* last,
                          absl::Span<double> strategy) {
  double total = 0;
  for (size_t a = 0; a < strategy.size(); ++a) {
    const double regret = rule.predicts ? regrets[a] * rule.next_positive + last[a] : regrets[a];
    strategy[a] = std::max(regret, 0.0);
    total += strategy[a];
  }
  for (double& share : strategy) share = total > 0 ? share / total : 1.0 / strategy.size();
}

// reach: of the row's own player, summed over the hands of its bucket. sums: [num_actions].
inline void AddToSums(const RowRule& rule, double reach, absl::Span<const double> strategy,
                      double* sums) {
  for (size_t a = 0; a < strategy.size(); ++a) {
    sums[a] = sums[a] * rule.sums + reach * strategy[a];
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_RULES_H_
