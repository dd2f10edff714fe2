// A 64-bit hash of the whole table, regrets and sums, that does not depend on any order.
//
// It is the sum modulo 2^64, over the rows that are not all zero, of XXH3_64bits_withSeed(the row's
// canonical values as little-endian bytes, seed = row index). So it is the same however the table
// lies in memory, can be taken by threads in parts, and one changed row changes it by (new row's
// hash - old row's hash). It detects accidents; a collision is easy to make on purpose.
// Thread-safe: values and pure functions.
#ifndef NASHVILLE_SOLVER_CFR_STATE_HASH_H_
#define NASHVILLE_SOLVER_CFR_STATE_HASH_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "solver/cfr/table.h"
#include "solver/cfr/table_layout.h"

namespace nash {

struct StateSummary {
  uint64_t hash = 0;
  uint64_t rows_reached = 0;  // rows that are not all zero

  StateSummary& operator+=(const StateSummary& other) {
    hash += other.hash;  // wraps
    rows_reached += other.rows_reached;
    return *this;
  }
  friend bool operator==(const StateSummary&, const StateSummary&) = default;
};

// values: [values_per_row] of one row in canonical form: regrets, then sums.
StateSummary SummariseRow(RowIndex row, absl::Span<const int32_t> values);

// values: [rows x values_per_row] of consecutive rows in canonical form, `first_row` the first.
StateSummary SummariseRows(RowIndex first_row, uint32_t values_per_row,
                           absl::Span<const int32_t> values);

// Summarises all rows of a table.
StateSummary SummariseTable(const Table& table);

// 16 hexadecimal digits: how people see the hash.
std::string FormatStateHash(uint64_t hash);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_STATE_HASH_H_
