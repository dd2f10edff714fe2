#include "solver/cfr/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
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
      const uint64_t begin = layout.Offset(node);
      ASSERT_EQ(begin % TableLayout::kBlockAlignBytes, 0);
      ASSERT_GE(begin, end);
      // Whole vectors reach past the last row: that belongs to the block too.
      end = begin + layout.BlockBytes(node) + TableLayout::kBlockSlackBytes;
      ASSERT_GE(layout.RowBytes(node), 4 * layout.ValuesPerRow(node));
      rows += layout.NumBuckets(node);
      values += layout.ValuesOf(node);
    }
    EXPECT_LE(end, layout.table_bytes());
    // A line and a first row for each node.
    EXPECT_EQ(layout.bytes(), layout.num_nodes() * (4 + 8));
    EXPECT_EQ(layout.num_rows(), rows);
    EXPECT_EQ(layout.num_values(), values);
  }
}

// Every value of every row has a place of its own, and eight nodes fill whole vectors.
TEST(TableLayout, LanesDoNotShareBytes) {
  const PublicTree tree = Tree("nolimit_2p_100bb");
  const std::vector<uint32_t> buckets = {169, 20, 6, 7};
  constexpr int kLanes = LanesOf(Sampler::kPublic);
  for (const AverageStreets average : {AverageStreets::kAll, AverageStreets::kFirst}) {
    const TableLayout layout = *TableLayout::Make(tree, buckets, average, RowForm{kLanes});
    const TableLayout of_one_lane = *TableLayout::Make(tree, buckets, average);
    EXPECT_EQ(layout.num_rows(), of_one_lane.num_rows());
    EXPECT_EQ(layout.num_values(), of_one_lane.num_values());
    // And a lane, its place in the order of lanes, its strip, and what is known of strips.
    EXPECT_EQ(layout.bytes(),
              of_one_lane.bytes() + layout.num_nodes() * (1 + 4 + 4) + layout.num_strips() * 16);
    // Empty lanes are few on the streets that have most rows.
    EXPECT_LT(layout.table_bytes(), 1.25 * of_one_lane.table_bytes());
    std::vector<bool> taken(layout.table_bytes() / sizeof(int32_t));
    std::vector<int> seen(layout.num_nodes());
    uint64_t bundles = 0;
    for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
      const absl::Span<const NodeIndex> nodes = layout.NodesOf(strip);
      ASSERT_EQ(nodes.size(), layout.NumNodesOf(strip));
      ASSERT_EQ(nodes[0], layout.FirstNodeOf(strip));
      ASSERT_EQ(layout.FirstBundle(strip).value, bundles);
      bundles += layout.BundlesOf(strip);
      for (uint32_t lane = 0; lane < nodes.size(); ++lane) {
        ++seen[nodes[lane]];
        ASSERT_EQ(layout.StripOf(nodes[lane]), strip);
        ASSERT_EQ(layout.LaneOf(nodes[lane]), lane);
        ASSERT_EQ(layout.Offset(nodes[lane]), layout.Offset(nodes[0]) + lane * sizeof(int32_t));
      }
    }
    EXPECT_EQ(layout.num_bundles(), bundles);
    EXPECT_EQ(seen, std::vector<int>(layout.num_nodes(), 1));
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      ASSERT_EQ(layout.FirstRow(node).value, of_one_lane.FirstRow(node).value);
      ASSERT_LT(layout.Offset(node) % TableLayout::kBlockAlignBytes, kLanes * sizeof(int32_t));
      for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
        for (uint32_t i = 0; i < layout.ValuesPerRow(node); ++i) {
          const uint64_t at =
              (layout.Offset(node) + uint64_t{bucket} * layout.RowStep(node)) / sizeof(int32_t) +
              uint64_t{i} * kLanes;
          ASSERT_LT(at, taken.size());
          ASSERT_FALSE(taken[at]);
          taken[at] = true;
        }
      }
    }
  }
}

TEST(TableLayout, RefusesLanesForOtherThanTwoPlayers) {
  const PublicTree tree = Tree("kuhn_3p");
  const absl::Status status =
      TableLayout::Make(tree, std::vector<uint32_t>{4}, AverageStreets::kAll, RowForm{8}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(status.message()).find("this game has 3"), std::string::npos);
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
  for (const int lanes : {1, 8}) {
    const TableLayout layout =
        *TableLayout::Make(tree, buckets, AverageStreets::kAll, RowForm{lanes});
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
          RowRoom room;
          ASSERT_EQ(table.ReadRow(node, bucket, &room)[i], next);
          ASSERT_EQ(table.Row(node, bucket)[i * lanes], next++);
        }
      }
    }
    // Some rows, as saved rows are copied too, and one as an array.
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      const uint32_t n = layout.ValuesPerRow(node);
      std::vector<int32_t> rows(2 * n), saved_rows(2 * n);
      // As bundles are saved: from lane 0 on.
      std::vector<char> saved(2 * layout.RowStep(node));
      std::memcpy(saved.data(), table.Bundle(layout.StripOf(node), 1), saved.size());
      table.CopyOutRows(node, 1, 2, rows.data());
      table.CopyOutFrom(node, saved.data() + layout.LaneOf(node) * sizeof(int32_t), 2,
                        saved_rows.data());
      EXPECT_EQ(rows, saved_rows);
      RowRoom room;
      const int32_t* const row = table.ReadRow(node, 2, &room);
      EXPECT_TRUE(std::equal(row, row + n, rows.begin() + n));
    }
    ThreadPool pool(2);
    table.Clear(&pool);
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      std::vector<int32_t> values(layout.ValuesOf(node), -1);
      table.CopyOut(node, absl::MakeSpan(values));
      EXPECT_EQ(values, std::vector<int32_t>(values.size(), 0));
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
