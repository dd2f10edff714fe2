// Walks over the rows of a node that hold anything. Most rows of a large game are never reached, or
// not for long: groups of neighbours that are all zero cost only the reading of their bytes.
// Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_NONZERO_ROWS_H_
#define NASHVILLE_SOLVER_CFR_NONZERO_ROWS_H_

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "solver/cfr/table.h"

namespace nash {

// bytes: a multiple of 4.
inline bool IsZero(const char* data, uint64_t bytes) {
  constexpr uint64_t kLineWords = TableLayout::kBlockAlignBytes / sizeof(uint64_t);
  uint64_t at = 0;
  for (; at + TableLayout::kBlockAlignBytes <= bytes; at += TableLayout::kBlockAlignBytes) {
    uint64_t words[kLineWords];
    std::memcpy(words, data + at, sizeof(words));
    uint64_t any = 0;
    for (const uint64_t word : words) any |= word;
    if (any != 0) return false;
  }
  uint32_t any = 0;
  for (; at < bytes; at += sizeof(any)) {
    uint32_t value;
    std::memcpy(&value, data + at, sizeof(value));
    any |= value;
  }
  return any == 0;
}

// Calls work(bucket, row) for the rows of `node` with a value other than zero, in order; work may
// change the row.
template <typename Work>
void ForEachNonzeroRow(Table* table, NodeIndex node, const Work& work) {
  constexpr uint32_t kGroupRows = 16;
  const uint32_t num_buckets = table->layout().NumBuckets(node);
  const uint64_t row_bytes = table->layout().RowBytes(node);
  char* const block = table->Block(node);
  for (uint32_t first = 0; first < num_buckets; first += kGroupRows) {
    const uint32_t end = std::min(first + kGroupRows, num_buckets);
    if (IsZero(block + first * row_bytes, (end - first) * row_bytes)) continue;
    for (uint32_t bucket = first; bucket < end; ++bucket) {
      char* const row = block + bucket * row_bytes;
      if (!IsZero(row, row_bytes)) work(bucket, reinterpret_cast<int32_t*>(row));
    }
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_NONZERO_ROWS_H_
