#include "solver/cfr/regret_matching.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace nash {
namespace {

template <int W>
void CompareWithScalars(int num_actions, uint64_t seed) {
  using I = typename Lanes<W>::I;
  std::mt19937_64 random(seed);
  const I allowed = MaskOf<W>(num_actions);
  const Weights<W> uniform = UniformWeights<W>(allowed);
  for (int trial = 0; trial < 2000; ++trial) {
    I regrets = {};
    double total = 0;
    for (int a = 0; a < W; ++a) {  // lanes past the row hold anything: here large regrets
      regrets[a] = a < num_actions ? static_cast<int32_t>(random() % 2001) - 1000 : 1 << 30;
      if (a < num_actions && random() % 4 == 0) regrets[a] = 0;
      if (a < num_actions) total += std::max(regrets[a], 0);
    }
    const Weights<W> match = MatchRegrets<W>(regrets, allowed, uniform);
    const typename Lanes<W>::F probabilities = match.Probabilities();
    for (int a = 0; a < W; ++a) {
      const double expected = a >= num_actions ? 0
                              : total > 0      ? std::max(regrets[a], 0) / total
                                               : 1.0 / num_actions;
      ASSERT_NEAR(probabilities[a], expected, 1e-6) << "seed " << seed << " lane " << a;
    }
    for (const float u : {0.0f, 0.5f, 0x1.fffffep-1f, static_cast<float>(random() % 999) / 999}) {
      const int action = match.Sample(u);
      ASSERT_LT(action, num_actions);
      ASSERT_GT(probabilities[action], 0) << "an action of probability 0 was sampled at " << u;
    }
  }
}

TEST(RegretMatching, AgreesWithScalarsForEveryNumberOfActions) {
  for (int n = 1; n <= 4; ++n) CompareWithScalars<4>(n, n);
  for (int n = 5; n <= 8; ++n) CompareWithScalars<8>(n, n);
  for (int n = 9; n <= 16; ++n) CompareWithScalars<16>(n, n);
}

TEST(RegretMatching, SamplesInProportion) {
  const Lanes<4>::I regrets = {1, -5, 3, 1 << 30};  // the last lane is masked
  const Lanes<4>::I allowed = MaskOf<4>(3);
  const Weights<4> match = MatchRegrets<4>(regrets, allowed, UniformWeights<4>(allowed));
  // Regrets 1, 0, 3: a quarter for the first action, three quarters for the third.
  EXPECT_EQ(match.Sample(0.0f), 0);
  EXPECT_EQ(match.Sample(0.2499f), 0);
  EXPECT_EQ(match.Sample(0.25f), 2);
  EXPECT_EQ(match.Sample(0.9999f), 2);
}

// The exact place of `action` on the line of all weights, in units of the total.
struct Interval {
  double begin, end;
};
template <int W>
Interval IntervalOf(typename Lanes<W>::I regrets, int num_actions, int action) {
  int64_t before = 0, total = 0;  // exact: 16 weights below 2^31
  for (int a = 0; a < num_actions; ++a) {
    const int64_t weight = std::max(regrets[a], 0);
    if (a < action) before += weight;
    total += weight;
  }
  return {static_cast<double>(before) / total,
          static_cast<double>(before + std::max(regrets[action], 0)) / total};
}

// Draws at which rounding decides: the top of the range, and both sides of every prefix.
template <int W>
std::vector<float> DrawsOf(const Weights<W>& match) {
  std::vector<uint32_t> places;  // of 2^24
  constexpr uint32_t kTop = (1 << 24) - 1;
  for (uint32_t i = 0; i < 16; ++i) places.push_back(kTop - i);
  for (int a = 0; a < W; ++a) {
    const double at = static_cast<double>(match.prefix[a]) / match.total * 0x1p24;
    for (int step = -3; step <= 3; ++step) {
      places.push_back(static_cast<uint32_t>(std::clamp(at + step, 0.0, 1.0 * kTop)));
    }
  }
  std::vector<float> draws;
  for (const uint32_t place : places) draws.push_back(static_cast<float>(place) * 0x1p-24f);
  return draws;
}

// Rows as long runs have them: weights of all magnitudes up to the most that a row can hold
// between two clamps, zeros between them, so that prefixes are rounded.
template <int W>
void SampleAdversarialRows(int num_actions, uint64_t seed) {
  using I = typename Lanes<W>::I;
  std::mt19937_64 random(seed);
  const I allowed = MaskOf<W>(num_actions);
  const Weights<W> uniform = UniformWeights<W>(allowed);
  for (int trial = 0; trial < 3000; ++trial) {
    I regrets = {};
    for (int a = 0; a < W; ++a) {
      const int bits = 8 + static_cast<int>(random() % 24);
      regrets[a] = static_cast<int32_t>(random() & ((uint64_t{1} << bits) - 1));
      if (random() % 4 == 0) regrets[a] = 0;
      if (random() % 8 == 0) regrets[a] = -regrets[a];
    }
    regrets[static_cast<int>(random() % num_actions)] = 1 << 30;
    const Weights<W> match = MatchRegrets<W>(regrets, allowed, uniform);
    for (const float u : DrawsOf(match)) {
      const int action = match.Sample(u);
      ASSERT_LT(action, num_actions) << "seed " << seed << " trial " << trial << " draw " << u;
      ASSERT_GT(regrets[action], 0) << "seed " << seed << " trial " << trial << " draw " << u;
      // And the right one: off by what 16 roundings to 24 bits can move a border, at most.
      const Interval interval = IntervalOf<W>(regrets, num_actions, action);
      ASSERT_GE(u, interval.begin - 0x1p-20) << "seed " << seed << " trial " << trial;
      ASSERT_LE(u, interval.end + 0x1p-20) << "seed " << seed << " trial " << trial;
    }
  }
}

TEST(RegretMatching, NeverSamplesAnActionOfWeightZeroHoweverSumsAreRounded) {
  for (int n = 1; n <= 4; ++n) SampleAdversarialRows<4>(n, 100 + n);
  for (int n = 5; n <= 8; ++n) SampleAdversarialRows<8>(n, 100 + n);
  for (int n = 9; n <= 16; ++n) SampleAdversarialRows<16>(n, 100 + n);
}

TEST(Lanes, FloorRoundsDownOnBothSidesOfZero) {
  const Lanes<8>::F values = {-2.5f, -2.0f, -0.25f, 0.0f, 0.25f, 1.999f, 2.0f, 123456.75f};
  const Lanes<8>::I floors = FloorToInts<8>(values);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(floors[i], std::floor(values[i]));
}

TEST(Lanes, SumsAndPrefixSumsOfWholeNumbersAreExact) {
  Lanes<16>::F values;
  float total = 0;
  for (int i = 0; i < 16; ++i) values[i] = static_cast<float>((i * 37) % 101);
  const Lanes<16>::F prefix = PrefixSums(values);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(prefix[i], total += values[i]);
  EXPECT_EQ(SumOf(values), total);
}

}  // namespace
}  // namespace nash
