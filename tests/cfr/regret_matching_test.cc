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
