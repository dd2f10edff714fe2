#include "solver/cfr/external_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "solver/cfr/pass_runner.h"
#include "solver/cfr/schedule.h"
#include "tests/cfr/random_deals.h"
#include "tests/cfr/slow_walk.h"

namespace nash {
namespace {

constexpr uint32_t kBuckets = 7;
constexpr int kDeals = 300;

struct Case {
  const char* reason;
  const char* game;
  int sizes;  // bet sizes on every street: rows of 2 to 12 actions
  bool prunes;
  int32_t regret_floor = kRegretFloorMin;
};

ActionMenu MenuOf(int sizes) {
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) {
    street.sizes.emplace_back();
    for (int i = 0; i < sizes; ++i) {
      street.sizes[0].push_back({BetSizeKind::kPotFraction, 0.5 + 0.5 * i});
    }
    street.raises_max = sizes > 2 ? 1 : 2;
  }
  return menu;
}

// Random regrets (some at the borders) and sums, so that strategies are neither uniform nor pure.
void FillRandomly(Table* table, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (NodeIndex node = 0; node < table->layout().num_nodes(); ++node) {
    std::vector<int32_t> values(table->layout().ValuesOf(node));
    for (int32_t& value : values) {
      value = static_cast<int32_t>(random() % 4000) - (random() % 2 ? 2000 : 4000);
      if (random() % 8 == 0) value = 0;
    }
    table->CopyIn(node, values);
  }
}

class ExternalWalkTest : public testing::TestWithParam<Case> {};

// One unit a touch is what rounding of float against double may cost; it happens rarely.
TEST_P(ExternalWalkTest, AddsWhatTheSlowRecursionAdds) {
  const GameDefinition game =
      *LoadGameDefinition(std::string("configs/games/") + GetParam().game + ".game");
  const PublicTree tree = *PublicTree::Build(game, MenuOf(GetParam().sizes));
  const std::vector<uint32_t> buckets(tree.num_streets(), kBuckets);
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  Table table = *Table::Make(layout), expected = *Table::Make(layout);
  int depths = 1;
  for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
  PreparedBatch batch(game.num_players, tree.num_streets(), depths, kDeals);
  batch.Prepare(RandomDeals(kBuckets), {7, 0, 0}, 0, 0, kDeals, GetParam().prunes ? 0.2 : 0);
  ThreadPool pool(2);
  ExternalPassRunner runner(tree, kDeals, &pool);
  for (int traverser = 0; traverser < game.num_players; ++traverser) {
    FillRandomly(&table, traverser + 1);
    FillRandomly(&expected, traverser + 1);
    Pass pass;
    pass.table = &table;
    pass.batch = &batch;
    pass.num_deals = kDeals;
    pass.traverser = traverser;
    pass.averaged = (traverser + 1) % game.num_players;
    pass.regret_scale = 8;
    pass.regret_floor = GetParam().regret_floor;
    if (GetParam().prunes) pass.prune_below = -1000;
    const SlowWalk slow(pass, &expected);
    EXPECT_EQ(runner.Run(pass, [](int) { return false; }), slow.touches());
    int64_t different = 0, changed = 0;
    Table start = *Table::Make(layout);
    FillRandomly(&start, traverser + 1);
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      std::vector<int32_t> got(layout.ValuesOf(node)), want(got.size()), before(got.size());
      table.CopyOut(node, absl::MakeSpan(got));
      expected.CopyOut(node, absl::MakeSpan(want));
      start.CopyOut(node, absl::MakeSpan(before));
      for (size_t i = 0; i < got.size(); ++i) {
        changed += want[i] != before[i];
        different += got[i] != want[i];
        EXPECT_LE(std::abs(got[i] - want[i]), 4) << tree.Betting(node) << " value " << i;
      }
    }
    EXPECT_GT(changed, 20);
    EXPECT_LE(different, changed / 50) << GetParam().reason;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ExternalWalkTest,
    testing::Values(Case{"two actions", "kuhn_2p", 0, false},
                    Case{"two and three actions, two streets", "leduc_2p", 0, false},
                    Case{"pots for several players", "leduc_3p", 0, false},
                    Case{"three and more players fold", "kuhn_3p", 0, false},
                    Case{"up to four actions", "nolimit_2p_100bb", 2, false},
                    Case{"up to eight actions: wide lanes", "nolimit_2p_100bb", 5, false},
                    Case{"more than eight actions: widest lanes", "nolimit_2p_100bb", 10, false},
                    Case{"clamped rows of a small game", "leduc_2p", 0, false, -700},
                    Case{"clamped rows above and below the cuts", "nolimit_2p_100bb", 2, false, 0},
                    Case{"pruned lists", "nolimit_2p_100bb", 2, true},
                    Case{"pruned wide lists", "nolimit_2p_100bb", 5, true},
                    Case{"pruned, several players", "leduc_3p", 0, true}));

}  // namespace
}  // namespace nash
