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
// where d(x) = (t-1)^x / ((t-1)^x + 1), d' is d of the next iteration, and R is taken by its sign
// in `discounted`. Powers are made of products and roots by Newton's method, all of which IEEE 754
// defines to the last bit, so that a run has the same bytes on every machine. Thread-safe: pure
// functions.
#ifndef NASHVILLE_SOLVER_CFR_ROW_RULES_H_
#define NASHVILLE_SOLVER_CFR_ROW_RULES_H_

#include <algorithm>
#include <array>
#include <cstdint>

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

// Rows of kLanes infosets that lie side by side, value by value: [num_actions][kLanes]. Whoever has
// one infoset at a time has one lane.
template <int kLanes>
using LaneValues = std::array<double, kLanes>;

// By regret matching, after iteration t whose rule this is: uniform where no regret is positive.
// last: the regrets of iteration t; where rule.predicts.
template <int kLanes>
inline void MatchRegrets(const RowRule& rule, int num_actions, const LaneValues<kLanes>* regrets,
                         const LaneValues<kLanes>* last, LaneValues<kLanes>* strategy) {
  LaneValues<kLanes> total{};
  for (int a = 0; a < num_actions; ++a) {
    for (int k = 0; k < kLanes; ++k) {
      const double regret =
          rule.predicts ? regrets[a][k] * rule.next_positive + last[a][k] : regrets[a][k];
      strategy[a][k] = std::max(regret, 0.0);
      total[k] += strategy[a][k];
    }
  }
  const double uniform = 1.0 / num_actions;
  for (int a = 0; a < num_actions; ++a) {
    for (int k = 0; k < kLanes; ++k) {
      strategy[a][k] = total[k] > 0 ? strategy[a][k] / total[k] : uniform;
    }
  }
}

// The learner's row: from what each action is worth (`values`, written over) to the next regrets
// and the next strategy.
template <int kLanes>
inline void Learn(const RowRule& rule, int num_actions, LaneValues<kLanes>* values,
                  LaneValues<kLanes>* regrets, LaneValues<kLanes>* last,
                  LaneValues<kLanes>* strategy) {
  LaneValues<kLanes> mean{};
  for (int a = 0; a < num_actions; ++a) {
    for (int k = 0; k < kLanes; ++k) mean[k] += strategy[a][k] * values[a][k];
  }
  for (int a = 0; a < num_actions; ++a) {
    for (int k = 0; k < kLanes; ++k) {
      const double now = values[a][k] - mean[k];
      const double old = regrets[a][k];
      const double next = old * (old > 0 ? rule.positive : rule.negative) + now;
      regrets[a][k] = rule.floors ? std::max(next, 0.0) : next;
      values[a][k] = now;
    }
  }
  if (rule.predicts) std::copy_n(values, num_actions, last);
  MatchRegrets<kLanes>(rule, num_actions, regrets, last, strategy);
}

// The sums of a player whose reach, over the hands of the bucket, is `reach`.
template <int kLanes>
inline void AddToSums(const RowRule& rule, int num_actions, const LaneValues<kLanes>& reach,
                      const LaneValues<kLanes>* strategy, LaneValues<kLanes>* sums) {
  for (int a = 0; a < num_actions; ++a) {
    for (int k = 0; k < kLanes; ++k) {
      sums[a][k] = sums[a][k] * rule.sums + reach[k] * strategy[a][k];
    }
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_RULES_H_
