// Both samplers against their slow twins.
#include "solver/cfr/external_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/cfr/walk_comparison.h"

namespace nash {
namespace {

struct Case {
  const char* reason;
  const char* game;
  int sizes;  // bet sizes on every street: rows of 2 to 14 actions
  bool prunes = false;
  int32_t regret_floor = kRegretFloorMin;
  Values values = Values::kSmall;
  int32_t amplification = 1;
  Sampler sampler = Sampler::kExternal;
};

class WalkTest : public testing::TestWithParam<Case> {};

// One unit a touch is what rounding of float against double may cost; it happens rarely.
TEST_P(WalkTest, AddsWhatTheSlowRecursionAdds) {
  const Case& test = GetParam();
  const std::unique_ptr<PublicTree> tree = ComparedTree(test.game, test.sizes);
  for (int traverser = 0; traverser < tree->num_players(); ++traverser) {
    const Comparison result = CompareWithSlowTwin({.tree = tree.get(),
                                                   .sampler = test.sampler,
                                                   .values = test.values,
                                                   .prunes = test.prunes,
                                                   .regret_floor = test.regret_floor,
                                                   .amplification = test.amplification,
                                                   .traverser = traverser});
    EXPECT_EQ(result.touches, result.slow_touches);
    EXPECT_GT(result.changed, 20);
    EXPECT_LE(result.most, std::max(4.0, result.tolerance)) << result.where;
    EXPECT_LE(result.different, result.changed / 50);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, WalkTest,
    testing::Values(
        Case{"two actions", "kuhn_2p", 0},
        Case{"two and three actions, two streets", "leduc_2p", 0},
        Case{"pots for several players", "leduc_3p", 0},
        Case{"three and more players fold", "kuhn_3p", 0},
        Case{"pots with antes", "leduc_3p with antes", 0},
        Case{"up to four actions", "nolimit_2p_100bb", 2},
        Case{"up to eight actions: wide lanes", "nolimit_2p_100bb", 5},
        Case{"more than eight actions: widest lanes", "nolimit_2p_100bb", 10},
        Case{"clamped rows of a small game", "leduc_2p", 0, false, -700},
        Case{"clamped rows above and below the cuts", "nolimit_2p_100bb", 2, false, 0},
        Case{"pruned lists", "nolimit_2p_100bb", 2, true},
        Case{"pruned wide lists", "nolimit_2p_100bb", 5, true},
        Case{"pruned, several players", "leduc_3p", 0, true},
        Case{"at the limits, narrow", "leduc_2p", 0, false, kRegretFloorMin, Values::kWild},
        Case{"at the limits, several players", "leduc_3p", 0, false, kRegretFloorMin,
             Values::kWild},
        Case{"at the limits, several streets", "nolimit_2p_100bb", 2, false, kRegretFloorMin,
             Values::kWild},
        Case{"at the limits, wide", "rows", 5, false, kRegretFloorMin, Values::kWild},
        Case{"at the limits, widest", "rows", 12, false, -(1 << 29), Values::kWild},
        Case{"at the limits, pruned", "nolimit_2p_100bb", 5, true, -(1 << 29), Values::kWild},
        Case{"at the limits, for eight units", "leduc_2p", 0, false, kRegretFloorMin, Values::kWild,
             8},
        Case{"outcome sampling", "leduc_2p", 0, false, kRegretFloorMin, Values::kSmall, 1,
             Sampler::kOutcome},
        Case{"outcome sampling, several players", "leduc_3p", 0, false, -700, Values::kSmall, 3,
             Sampler::kOutcome},
        Case{"outcome sampling at the limits", "leduc_2p", 0, false, kRegretFloorMin, Values::kWild,
             1, Sampler::kOutcome},
        Case{"outcome sampling at the limits, widest", "rows", 12, false, 0, Values::kWild, 4,
             Sampler::kOutcome}));

}  // namespace
}  // namespace nash
