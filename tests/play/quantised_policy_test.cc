#include "solver/play/quantised_policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace nash {
namespace {

std::vector<uint32_t> Parts(const std::vector<double>& probabilities, ProbabilityBits bits) {
  std::vector<uint32_t> parts(probabilities.size());
  Quantise(probabilities, bits, absl::MakeSpan(parts));
  return parts;
}

TEST(Quantise, GivesWhatIsLeftToThoseThatLostMost) {
  using P = std::vector<uint32_t>;
  EXPECT_EQ(Parts({1}, ProbabilityBits::k8), (P{255}));
  EXPECT_EQ(Parts({0.5, 0.5}, ProbabilityBits::k8), (P{128, 127})) << "the first of equals";
  EXPECT_EQ(Parts({1.0 / 3, 1.0 / 3, 1.0 / 3}, ProbabilityBits::k16), (P{21845, 21845, 21845}));
  // 25.5, 102 and 127.5 of 255.
  EXPECT_EQ(Parts({0.1, 0.4, 0.5}, ProbabilityBits::k8), (P{26, 102, 127}));
  // 0.9, 0.3 and 253.8: one part is left for the first, one for the last.
  EXPECT_EQ(Parts({0.9 / 255, 0.3 / 255, 253.8 / 255}, ProbabilityBits::k8), (P{1, 0, 254}));
}

TEST(Quantise, AlwaysAddsUpAndIsOffByLessThanOnePart) {
  std::mt19937_64 random(7);
  std::exponential_distribution<double> draw;
  for (int i = 0; i < 20000; ++i) {
    std::vector<double> probabilities(1 + random() % kActionsMax);
    for (double& p : probabilities) p = random() % 3 == 0 ? 0 : draw(random);
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    for (double& p : probabilities) p = sum > 0 ? p / sum : 1.0 / probabilities.size();
    for (const ProbabilityBits bits : {ProbabilityBits::k8, ProbabilityBits::k16}) {
      const std::vector<uint32_t> parts = Parts(probabilities, bits);
      ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), 0u), WholeOf(bits)) << "case " << i;
      for (size_t a = 0; a < parts.size(); ++a) {
        ASSERT_LT(std::fabs(parts[a] - probabilities[a] * WholeOf(bits)), 1 + 1e-6) << "case " << i;
      }
    }
  }
}

}  // namespace
}  // namespace nash
