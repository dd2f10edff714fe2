#include "solver/cfr/table.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace nash {
namespace {

PublicTree Tree(const char* game) {
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) {
    street.sizes = {{{BetSizeKind::kPotFraction, 0.5}, {BetSizeKind::kPotFraction, 1}}};
    street.raises_max = 2;
  }
  return *PublicTree::Build(*LoadGameDefinition(std::string("configs/games/") + game + ".game"),
                            menu);
}

TEST(TableLayout, CountsTheInfosetsOfLeduc) {
  const PublicTree tree = Tree("leduc_2p");
  const std::vector<uint32_t> by_rank = {3, 9};  // 3 hole ranks; 3 x 3 with the board's
  EXPECT_EQ(TableLayout::Make(tree, by_rank, AverageStreets::kAll)->num_rows(), 288u);
}

TEST(TableLayout, BlocksDoNotShareBytesAndStartOnCacheLines) {
  const PublicTree tree = Tree("nolimit_2p_100bb");
  const std::vector<uint32_t> buckets = {169, 200, 64, 7};
  for (const AverageStreets average : {AverageStreets::kAll, AverageStreets::kFirst}) {
    const TableLayout layout = *TableLayout::Make(tree, buckets, average);
    uint64_t rows = 0, values = 0, end = 0;
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      ASSERT_EQ(layout.FirstRow(node).value, rows);
      const uint64_t begin = uint64_t{layout.BlockLine(node)} * TableLayout::kBlockAlignBytes;
      ASSERT_GE(begin, end);
      // Whole vectors reach past the last row: that belongs to the block too.
      end = begin + layout.BlockBytes(node) + TableLayout::kBlockSlackBytes;
      ASSERT_GE(layout.RowBytes(node), 4 * layout.ValuesPerRow(node));
      rows += layout.NumBuckets(node);
      values += layout.ValuesOf(node);
    }
    EXPECT_LE(end, layout.table_bytes());
    EXPECT_EQ(layout.num_rows(), rows);
    EXPECT_EQ(layout.num_values(), values);
  }
}

TEST(TableLayout, KeepsSumsOnTheFirstStreetOnlyWhenAsked) {
  const PublicTree tree = Tree("leduc_2p");
  const std::vector<uint32_t> buckets = {3, 9};
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kFirst);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    EXPECT_EQ(layout.HasSums(node), tree.nodes()[node].street == 0);
  }
}

TEST(Table, StartsAtZeroAndReturnsWhatWasCopiedIn) {
  const PublicTree tree = Tree("leduc_2p");
  const std::vector<uint32_t> buckets = {3, 9};
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  Table table = *Table::Make(layout);
  int32_t next = 1;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    std::vector<int32_t> values(layout.ValuesOf(node), -1);
    table.CopyOut(node, absl::MakeSpan(values));
    for (const int32_t value : values) ASSERT_EQ(value, 0);
    std::iota(values.begin(), values.end(), next);
    table.CopyIn(node, values);
    next += static_cast<int32_t>(values.size());
  }
  next = 1;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
      for (uint32_t i = 0; i < layout.ValuesPerRow(node); ++i) {
        ASSERT_EQ(table.Row(node, bucket)[i], next++);
      }
    }
  }
}

TEST(Table, RefusesWhatDoesNotFit) {
  const PublicTree tree = Tree("nolimit_2p_100bb");
  std::vector<uint32_t> buckets = {169, 1, 1, 1};
  absl::StatusOr<TableLayout> layout = TableLayout::Make(tree, buckets, AverageStreets::kAll);
  while (layout.ok() && layout->table_bytes() <= AvailableMemoryBytes()) {
    buckets[3] *= 2;
    layout = TableLayout::Make(tree, buckets, AverageStreets::kAll);
  }
  ASSERT_TRUE(layout.ok()) << "no table between what this machine has and 256 GiB";
  const absl::Status status = Table::Make(*layout).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_NE(std::string(status.message()).find("available"), std::string::npos);
}

}  // namespace
}  // namespace nash
