#include "solver/cfr/public_pass_runner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "solver/ranges/dealt_boards.h"
#include "tests/cfr/hashed_cards.h"
#include "tests/cfr/slow_public_walk.h"
#include "tests/cfr/table_values.h"
#include "tests/cfr/walk_comparison.h"

namespace nash {
namespace {

constexpr uint32_t kBuckets = 5;

// Two hole cards of eight, two board cards: small enough for all pairs, streets with several roots.
constexpr char kTwoCards[] = R"(
GAMEDEF
nolimit
numPlayers = 2
numRounds = 2
stack = 40 40
blind = 2 1
firstPlayer = 2 1
numSuits = 2
numRanks = 4
numHoleCards = 2
numBoardCards = 0 2
END GAMEDEF
)";

struct Case {
  std::string reason;
  std::string game;
  int sizes;
};

class PublicPassTest : public testing::TestWithParam<Case> {
 protected:
  static GameDefinition Game() {
    if (GetParam().game == "two cards") return *ParseGameDefinition(kTwoCards, "two cards");
    return ComparedGame(GetParam().game);
  }
  PublicPassTest()
      : game_(Game()),
        tree_(*PublicTree::Build(game_, MenuOf(GetParam().sizes))),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>(tree_.num_streets(), kBuckets),
                                   AverageStreets::kAll, RowForm{LanesOf(Sampler::kPublic)})),
        table_(*Table::Make(layout_)),
        cards_(kBuckets),
        boards_(game_, cards_) {}
  static ActionMenu MenuOf(int sizes) {
    ActionMenu menu;
    for (StreetMenu& street : menu.streets) {
      street.sizes.emplace_back();
      for (int i = 0; i < sizes; ++i) {
        street.sizes[0].push_back({BetSizeKind::kPotFraction, 0.5 + 0.5 * i});
      }
      street.raises_max = 2;
    }
    return menu;
  }
  Pass MakePass(Table* table, int traverser, uint64_t round) const {
    Pass pass;
    pass.table = table;
    pass.num_deals = 1;
    pass.stream = {3, round, 0};
    pass.first_deal = 5;
    pass.traverser = traverser;
    pass.averaged = 1 - traverser;
    pass.sum_unit = 1 << 20;
    return pass;
  }
  const GameDefinition game_;
  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
  const HashedCards cards_;
  const DealtBoards boards_;
};

// Rounding takes less than one unit; floats, at a scale where a chip is a million units, about one
// in a million of what a value is a sum of.
TEST_P(PublicPassTest, AddsWhatTheSumOverAllPairsOfHandsAdds) {
  ThreadPool pool(2);
  PublicPassRunner runner(tree_, boards_, 1, &pool);
  for (int traverser = 0; traverser < 2; ++traverser) {
    FillRandomly(Values::kSmall, false, 7 + traverser, &table_);
    const std::vector<int32_t> before = ValuesOf(table_);
    Pass pass = MakePass(&table_, traverser, 1);
    pass.regret_scale = 1e6;
    const auto deal = boards_.MakeDeal();
    boards_.Fill(pass.stream, pass.first_deal, deal.get());
    const SlowPublicWalk slow(pass, *deal);
    EXPECT_GT(runner.Run(pass, [](int) { return false; }), 0);
    int checked = 0;
    size_t at = 0;
    RowRoom room;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      const int n = tree_.nodes()[node].num_actions;
      for (uint32_t bucket = 0; bucket < kBuckets; ++bucket, at += 2 * n) {
        for (int i = 0; i < 2 * n; ++i) {
          const auto& changes = i < n ? slow.regrets() : slow.sums();
          const auto found = changes.find({node, bucket});
          const double unit = i < n ? pass.regret_scale : pass.sum_unit;
          const double expected = found == changes.end() ? 0 : found->second[i % n] * unit;
          const double added = double{1} * table_.ReadRow(node, bucket, &room)[i] - before[at + i];
          const double tolerance = found == changes.end() ? 0 : 1 + unit * 40 * 0x1p-20;
          ASSERT_NEAR(added, expected, tolerance)
              << tree_.Betting(node) << " bucket " << bucket << " value " << i;
          checked += expected != 0;
        }
      }
    }
    EXPECT_GT(checked, 15);  // Kuhn has 12 infosets of two actions
  }
}

// The sum over boards of what one action of the root is given, regrets and sums, at scales where
// most of what a board adds is below one unit.
TEST_P(PublicPassTest, RoundsWithoutBias) {
  constexpr int kStreams = 30;
  ThreadPool pool(1);
  PublicPassRunner runner(tree_, boards_, 1, &pool);
  const int actor = tree_.nodes()[0].player;
  for (const int traverser : {actor, 1 - actor}) {
    Pass pass = MakePass(&table_, traverser, 0);
    pass.sum_unit = 3;
    const int value = traverser == actor ? 1 : tree_.nodes()[0].num_actions + 1;
    double expected = 0, added = 0;
    for (int round = 0; round < kStreams; ++round) {
      pass.stream.round = round;
      const auto deal = boards_.MakeDeal();
      boards_.Fill(pass.stream, pass.first_deal, deal.get());
      FillRandomly(Values::kSmall, false, 11, &table_);
      const SlowPublicWalk slow(pass, *deal);
      for (const auto& [row, changes] : traverser == actor ? slow.regrets() : slow.sums()) {
        if (row.first == 0) expected += changes[1] * (traverser == actor ? 1 : pass.sum_unit);
      }
      RowRoom room;
      for (uint32_t b = 0; b < kBuckets; ++b) added -= table_.ReadRow(0, b, &room)[value];
      runner.Run(pass, [](int) { return false; });
      for (uint32_t b = 0; b < kBuckets; ++b) added += table_.ReadRow(0, b, &room)[value];
    }
    // Each row of each board is rounded with a variance of at most 1/4.
    EXPECT_NEAR(added, expected, 5 * std::sqrt(kStreams * kBuckets / 4.0)) << traverser;
  }
}

// The root is alone in its block. Nobody looks at the rows of the lanes beside it, and nothing
// halves their sums, so they must stay zero.
TEST_P(PublicPassTest, EmptyLanesStayEmpty) {
  ThreadPool pool(1);
  PublicPassRunner runner(tree_, boards_, 1, &pool);
  FillRandomly(Values::kSmall, false, 13, &table_);
  for (int traverser = 0; traverser < 2; ++traverser) {
    Pass pass = MakePass(&table_, traverser, 3);
    pass.regret_scale = 1000;
    runner.Run(pass, [](int) { return false; });
  }
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    const int32_t* const row = table_.Row(0, bucket);
    for (uint32_t i = 0; i < layout_.ValuesPerRow(0); ++i) {
      for (int lane = 1; lane < layout_.lanes(); ++lane) {
        ASSERT_EQ(row[i * layout_.lanes() + lane], 0) << "value " << i << " lane " << lane;
      }
    }
  }
}

TEST_P(PublicPassTest, ThreadsAndBatchesDoNotChangeTheResult) {
  std::vector<std::vector<int32_t>> results;
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    PublicPassRunner runner(tree_, boards_, 4, &pool);
    Table table = *Table::Make(layout_);
    FillRandomly(Values::kSmall, false, 5, &table);
    for (int traverser = 0; traverser < 2; ++traverser) {
      Pass pass = MakePass(&table, traverser, 2);
      pass.num_deals = 4;
      pass.regret_scale = 100;
      runner.Run(pass, [](int) { return false; });
    }
    results.push_back(ValuesOf(table));
  }
  EXPECT_EQ(results[0], results[1]);
}

INSTANTIATE_TEST_SUITE_P(
    Games, PublicPassTest,
    testing::Values(Case{"one street, one card", "kuhn_2p", 0},
                    Case{"two streets, one card", "leduc_2p", 0}, Case{"wide rows", "rows", 5},
                    Case{"widest rows", "rows", 12},
                    Case{"two cards, all-ins before the end", "two cards", 3}));

}  // namespace
}  // namespace nash
