// Rows with a value other than zero, and no others, whatever value it is and wherever it lies.
#include "solver/cfr/nonzero_rows.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace nash {
namespace {

std::vector<std::pair<uint32_t, const int32_t*>> NonzeroRows(Table* table, NodeIndex node) {
  std::vector<std::pair<uint32_t, const int32_t*>> found;
  ForEachNonzeroBundle(
      table, table->layout().StripOf(node),
      [&](uint32_t bucket, const int32_t* row) { found.emplace_back(bucket, row); });
  return found;
}

TEST(ForEachNonzeroBundle, FindsEveryValue) {
  const PublicTree tree =
      *PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {});
  for (const uint32_t buckets : {1, 15, 16, 17, 40}) {
    for (const AverageStreets average : {AverageStreets::kAll, AverageStreets::kFirst}) {
      const std::vector<uint32_t> num_buckets(tree.num_streets(), buckets);
      const TableLayout layout = *TableLayout::Make(tree, num_buckets, average);
      Table table = *Table::Make(layout);
      for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
        EXPECT_TRUE(NonzeroRows(&table, node).empty());
        for (uint32_t bucket = 0; bucket < buckets; ++bucket) {
          int32_t* const row = table.Row(node, bucket);
          for (uint32_t i = 0; i < layout.ValuesPerRow(node); ++i) {
            for (const int32_t value : {1, -1, std::numeric_limits<int32_t>::min()}) {
              row[i] = value;
              ASSERT_EQ(NonzeroRows(&table, node),
                        (std::vector<std::pair<uint32_t, const int32_t*>>{{bucket, row}}));
              row[i] = 0;
            }
          }
        }
      }
    }
  }
}

// One value of one of the nodes that lie side by side makes their bundle one.
TEST(ForEachNonzeroBundle, FindsAndChangesBundlesOfLanes) {
  const PublicTree tree =
      *PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {});
  const TableLayout layout = *TableLayout::Make(tree, std::vector<uint32_t>(tree.num_streets(), 40),
                                                AverageStreets::kAll, RowForm{8});
  Table table = *Table::Make(layout);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint32_t value = (layout.ValuesPerRow(node) - 1) * 8;
    for (const uint32_t bucket : {3, 39}) table.Row(node, bucket)[value] = 1 + node;
    std::vector<uint32_t> found;
    ForEachNonzeroBundle(&table, layout.StripOf(node), [&](uint32_t bucket, int32_t* bundle) {
      found.push_back(bucket);
      EXPECT_EQ(bundle[value + layout.LaneOf(node)], 1 + node);
      bundle[value + layout.LaneOf(node)] = 0;
    });
    EXPECT_EQ(found, (std::vector<uint32_t>{3, 39}));
    EXPECT_TRUE(NonzeroRows(&table, node).empty());
  }
}

TEST(ForEachNonzeroBundle, GoesInOrder) {
  const PublicTree tree =
      *PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {});
  const TableLayout layout =
      *TableLayout::Make(tree, std::vector<uint32_t>(tree.num_streets(), 40), AverageStreets::kAll);
  Table table = *Table::Make(layout);
  std::vector<std::pair<uint32_t, const int32_t*>> expected;
  for (const uint32_t bucket : {0, 15, 16, 30, 39}) {
    table.Row(1, bucket)[0] = 7;
    expected.emplace_back(bucket, table.Row(1, bucket));
  }
  EXPECT_EQ(NonzeroRows(&table, 1), expected);
}

}  // namespace
}  // namespace nash
