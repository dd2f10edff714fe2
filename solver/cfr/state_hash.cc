// A row of zeros is left out of the sum, so that rows that were never reached cost only their
// reading. The seed is the row's number in the canonical order, so that equal rows at different
// places have different hashes. State (regrets and sums, for checkpoints) is hashed by XXH3; what
// replicas compare every round is regret_hash.h, which is cheaper to keep up to date.
#include "solver/cfr/state_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "absl/strings/str_format.h"

namespace nash {
namespace {

inline StateSummary Summarise(uint64_t row, const int32_t* values, uint32_t num_values) {
  uint32_t any = 0;
  for (uint32_t i = 0; i < num_values; ++i) any |= static_cast<uint32_t>(values[i]);
  if (any == 0) return {};
  return {XXH3_64bits_withSeed(values, num_values * sizeof(int32_t), row), 1};
}

}  // namespace

StateSummary SummariseRow(RowIndex row, absl::Span<const int32_t> values) {
  return Summarise(row.value, values.data(), static_cast<uint32_t>(values.size()));
}

StateSummary SummariseRows(RowIndex first_row, uint32_t values_per_row,
                           absl::Span<const int32_t> values) {
  StateSummary sum;
  uint64_t row = first_row.value;
  for (size_t at = 0; at + values_per_row <= values.size(); at += values_per_row) {
    sum += Summarise(row++, values.data() + at, values_per_row);
  }
  return sum;
}

StateSummary SummariseTable(const Table& table) {
  const TableLayout& layout = table.layout();
  StateSummary sum;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint32_t values_per_row = layout.ValuesPerRow(node);
    const uint64_t first_row = layout.FirstRow(node).value;
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
      RowRoom room;
      sum += Summarise(first_row + bucket, table.ReadRow(node, bucket, &room), values_per_row);
    }
  }
  return sum;
}

std::string FormatStateHash(uint64_t hash) { return absl::StrFormat("%016x", hash); }

}  // namespace nash
