#include "solver/cfr/state_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/checkpoint/leduc_run.h"

namespace nash {
namespace {

// From the reference implementation: `XXH3_64bits_withSeed` of the eight bytes 01 00 00 00 ff ff ff
// ff with seed 5, by Python's ctypes and Debian's libxxhash 0.8.1.
TEST(StateHash, OfOneRowIsXxh3SeededByItsIndex) {
  EXPECT_EQ(SummariseRow({5}, {1, -1}), (StateSummary{0x7e1bc319e556b33f, 1}));
}

TEST(StateHash, OfAnEmptyTableIsZero) {
  EXPECT_EQ(SummariseTable(LeducTable().table()), StateSummary());
}

TEST(StateHash, DoesNotDependOnTheOrderOfRows) {
  LeducTable leduc;
  leduc.Fill(1);
  const TableLayout& layout = leduc.layout();
  StateSummary backwards;
  uint64_t rows_reached = 0;
  for (NodeIndex node = layout.num_nodes(); node-- > 0;) {
    for (uint32_t bucket = layout.NumBuckets(node); bucket-- > 0;) {
      const RowIndex row = {layout.FirstRow(node).value + bucket};
      backwards += SummariseRow(
          row, absl::MakeConstSpan(leduc.table().Row(node, bucket), layout.ValuesPerRow(node)));
      rows_reached += row.value % 3 != 0;  // see LeducTable::Fill()
    }
  }
  EXPECT_EQ(backwards, SummariseTable(leduc.table()));
  EXPECT_EQ(backwards.rows_reached, rows_reached);
}

TEST(StateHash, OfBlocksIsThatOfTheTable) {
  LeducTable leduc;
  leduc.Fill(1);
  const TableLayout& layout = leduc.layout();
  const std::vector<int32_t> values = leduc.Values();
  StateSummary sum;
  size_t at = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    sum += SummariseRows(layout.FirstRow(node), layout.ValuesPerRow(node),
                         absl::MakeConstSpan(values).subspan(at, layout.ValuesOf(node)));
    at += layout.ValuesOf(node);
  }
  EXPECT_EQ(sum, SummariseTable(leduc.table()));
}

TEST(StateHash, ChangesWithEverySingleValue) {
  LeducTable leduc;
  leduc.Fill(1);
  Table& table = leduc.table();
  std::vector<uint64_t> hashes = {SummariseTable(table).hash};
  for (NodeIndex node = 0; node < leduc.layout().num_nodes(); ++node) {
    for (uint32_t bucket = 0; bucket < leduc.layout().NumBuckets(node); ++bucket) {
      for (uint32_t i = 0; i < leduc.layout().ValuesPerRow(node); ++i) {
        table.Row(node, bucket)[i] ^= 1;
        hashes.push_back(SummariseTable(table).hash);
        table.Row(node, bucket)[i] ^= 1;
      }
    }
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST(StateHash, TellsRowsApartThatHoldTheSame) {
  const std::vector<int32_t> values = {1, 2, 3};
  EXPECT_NE(SummariseRow({0}, values), SummariseRow({1}, values));
}

TEST(StateHash, IsSixteenDigits) { EXPECT_EQ(FormatStateHash(0xabc), "0000000000000abc"); }

}  // namespace
}  // namespace nash
