#include "solver/translation/bet_size_mapping.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nash {
namespace {

struct Case {
  std::string reason;
  std::vector<double> sizes;
  double size;
  int low;
  int high;
  double low_probability;
};

// (B - x)(1 + A) / ((B - A)(1 + x)), by hand.
const std::vector<Case> kCases = {
    {"half the pot between check and pot: 0.5 * 1 / (1 * 1.5)", {0, 1}, 0.5, 0, 1, 1.0 / 3},
    {"between half and pot: 0.25 * 1.5 / (0.5 * 1.75)", {0, 0.5, 1}, 0.75, 1, 2, 3.0 / 7},
    {"even odds at (A + B + 2AB) / (A + B + 2) = 2.5 / 3.5", {0.5, 1}, 5.0 / 7, 0, 1, 0.5},
    {"twice the pot between pot and all-in of 20 pots: 18 * 2 / (19 * 3)",
     {0, 1, 20},
     2,
     1,
     2,
     12.0 / 19},
    {"a size of the menu is itself", {0, 0.5, 1}, 0.5, 1, 1, 1},
    {"an all-in above the menu is its largest size", {0, 0.5, 1}, 9, 2, 2, 1},
    {"a menu without bets has the call only", {0}, 3, 0, 0, 1},
    {"a bet below all sizes is the smallest", {0.5, 1}, 0.25, 0, 0, 1},
    {"a least bet of 1 into 100: 0.49 / (0.5 * 1.01)", {0, 0.5}, 0.01, 0, 1, 0.49 / 0.505},
};

TEST(BetSizeMapping, IsPseudoHarmonic) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.reason);
    const BetSizeMapping mapping = MapBetSize(c.sizes, c.size, TranslationKind::kPseudoHarmonic);
    EXPECT_EQ(mapping.low, c.low);
    EXPECT_EQ(mapping.high, c.high);
    EXPECT_NEAR(mapping.low_probability, c.low_probability, 1e-12);
  }
}

TEST(BetSizeMapping, NearestIsTheLikelierOne) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.reason);
    const BetSizeMapping mapping = MapBetSize(c.sizes, c.size, TranslationKind::kNearest);
    const bool is_even = c.low != c.high && std::abs(c.low_probability - 0.5) < 1e-12;
    if (is_even) continue;  // the last bit decides
    EXPECT_EQ(mapping.low, c.low_probability > 0.5 ? c.low : c.high);
    EXPECT_EQ(mapping.high, mapping.low);
    EXPECT_EQ(mapping.low_probability, 1);
  }
}

// Axioms of the paper: monotone in the bet, and a change of unit changes nothing, which fractions
// of the pot are for.
TEST(BetSizeMapping, ALargerBetIsTakenForTheLargerSizeMoreOften) {
  const std::vector<double> sizes = {0, 0.33, 1, 4};
  double before = 2;
  int low_before = 0;
  for (double size = 0; size < 4; size += 0.01) {
    const BetSizeMapping mapping = MapBetSize(sizes, size, TranslationKind::kPseudoHarmonic);
    if (mapping.low == low_before) {
      EXPECT_LE(mapping.low_probability, before);
    }
    EXPECT_GE(mapping.low_probability, 0);
    before = mapping.low_probability;
    low_before = mapping.low;
  }
  EXPECT_EQ(low_before, 2);
}

}  // namespace
}  // namespace nash
