// Where parts are cut, by rows and values alone, recomputed from a list of rows; and the loops over
// short rows that sealing is made of, against plain ones.
#include "solver/cfr/delta_packer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "solver/cfr/row_shape.h"
#include "solver/cfr/table.h"

namespace nash {
namespace {

struct Row {
  uint64_t number;
  uint32_t num_regrets;
  bool has_sums;
  std::vector<int32_t> values;
};

// Rows of all widths, more than one part holds.
std::vector<Row> RandomRows(size_t count, uint32_t widest) {
  std::vector<Row> rows(count);
  std::mt19937 random(7);
  uint64_t number = 0;
  for (Row& row : rows) {
    row.number = number += 1 + random() % 3;
    row.num_regrets = 1 + random() % widest;
    row.has_sums = random() % 2 == 0;
    row.values.resize(row.num_regrets * (row.has_sums ? 2 : 1));
    for (int32_t& value : row.values) value = static_cast<int32_t>(random());
  }
  return rows;
}

// A part ends before the row that would pass a limit.
std::vector<SparseDelta> PartsOf(const std::vector<Row>& rows) {
  std::vector<SparseDelta> parts(1);
  for (const Row& row : rows) {
    if (parts.back().rows.size() == kDeltaRowsMax ||
        parts.back().num_values() + row.values.size() > kDeltaValuesMax) {
      parts.emplace_back();
    }
    SparseDelta& part = parts.back();
    part.rows.push_back(row.number);
    const auto sums = row.values.begin() + row.num_regrets;
    part.lanes[kRegretLane].insert(part.lanes[kRegretLane].end(), row.values.begin(), sums);
    part.lanes[kSumLane].insert(part.lanes[kSumLane].end(), sums, row.values.end());
  }
  return parts;
}

TEST(DeltaPacker, CutsPartsBeforeTheRowThatWouldPassALimit) {
  for (const uint32_t widest : {1u, 5u, kBundleValuesMax / 2}) {
    const std::vector<Row> rows = RandomRows(2 * kDeltaRowsMax + 100, widest);
    const std::vector<SparseDelta> expected = PartsOf(rows);
    ASSERT_GT(expected.size(), 2);
    std::vector<SparseDelta> added, written;
    DeltaPacker adds([&](const SparseDelta& part) { added.push_back(part); });
    DeltaPacker writes([&](const SparseDelta& part) { written.push_back(part); });
    for (const Row& row : rows) {
      adds.Add(row.number, row.values.data(), row.num_regrets, row.has_sums);
      // What is written and not taken leaves nothing behind.
      std::fill_n(writes.next().regrets, kBundleValuesMax, -1);
      std::fill_n(writes.next().sums, kBundleValuesMax, -1);
      const DeltaPacker::Place place = writes.next();
      std::copy_n(row.values.begin(), row.num_regrets, place.regrets);
      std::copy(row.values.begin() + row.num_regrets, row.values.end(), place.sums);
      writes.Take(row.number, row.num_regrets, row.has_sums);
    }
    adds.Finish();
    writes.Finish();
    EXPECT_EQ(added, expected) << "rows of up to " << widest << " regrets";
    EXPECT_EQ(written, expected) << "rows of up to " << widest << " regrets";
  }
}

// One value alone differs, at each place, in its lowest and its highest bit.
template <int kCount>
void ComparePlaces() {
  const uint32_t n = kCount > 0 ? kCount : 7;
  std::vector<int32_t> zero(n + 1), row(n + 1);
  zero[n] = 5;  // past the last: never looked at
  row[n] = 6;
  EXPECT_FALSE(ValuesDiffer<kCount>(zero.data(), row.data(), n)) << n;
  EXPECT_TRUE(AreZero<kCount>(row.data(), n)) << n;
  for (uint32_t i = 0; i < n; ++i) {
    for (const int32_t value : {1, INT32_MIN}) {
      row[i] = value;
      EXPECT_TRUE(ValuesDiffer<kCount>(zero.data(), row.data(), n)) << i << " of " << n;
      EXPECT_FALSE(AreZero<kCount>(row.data(), n)) << i << " of " << n;
      row[i] = 0;
    }
  }
}

TEST(RowShape, ComparesEachValueOfShortRowsAndNoneBehindThem) {
  ComparePlaces<1>();
  ComparePlaces<2>();
  ComparePlaces<3>();
  ComparePlaces<5>();
  ComparePlaces<8>();
  ComparePlaces<10>();
  ComparePlaces<kAnyCount>();
}

}  // namespace
}  // namespace nash
