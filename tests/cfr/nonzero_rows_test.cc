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
  ForEachNonzeroRow(table, node,
                    [&](uint32_t bucket, const int32_t* row) { found.emplace_back(bucket, row); });
  return found;
}

TEST(ForEachNonzeroRow, FindsEveryValue) {
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

TEST(ForEachNonzeroRow, FindsAndChangesRowsThatLieInLanes) {
  const PublicTree tree =
      *PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {});
  const TableLayout layout = *TableLayout::Make(tree, std::vector<uint32_t>(tree.num_streets(), 40),
                                                AverageStreets::kAll, RowForm{8});
  Table table = *Table::Make(layout);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    std::vector<int32_t> values(layout.ValuesOf(node));
    const uint32_t n = layout.ValuesPerRow(node);
    for (const uint32_t bucket : {3, 39}) values[bucket * n + n - 1] = 1 + node;
    table.CopyIn(node, values);
  }
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint32_t n = layout.ValuesPerRow(node);
    std::vector<uint32_t> found;
    ForEachNonzeroRow(&table, node, [&](uint32_t bucket, int32_t* row) {
      found.push_back(bucket);
      EXPECT_EQ(row[n - 1], 1 + node);
      row[n - 1] = 0;
    });
    EXPECT_EQ(found, (std::vector<uint32_t>{3, 39}));
    EXPECT_TRUE(NonzeroRows(&table, node).empty());
  }
}

TEST(ForEachNonzeroRow, GoesInOrder) {
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
