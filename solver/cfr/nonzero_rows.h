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

// bytes: a multiple of 4. Without a way out before the end, for the sake of speed: memory, not the
// processor, is the limit.
inline bool IsZero(const char* data, uint64_t bytes) {
  typedef uint64_t Vector __attribute__((vector_size(32), aligned(4), may_alias));
  Vector any = {};
  uint64_t at = 0;
  for (; at + 2 * sizeof(Vector) <= bytes; at += 2 * sizeof(Vector)) {
    const Vector* const vectors = reinterpret_cast<const Vector*>(data + at);
    any |= vectors[0] | vectors[1];
  }
  uint64_t rest = any[0] | any[1] | any[2] | any[3];
  for (; at < bytes; at += sizeof(uint32_t)) {
    uint32_t value;
    std::memcpy(&value, data + at, sizeof(value));
    rest |= value;
  }
  return rest == 0;
}

// Calls work(bucket, row) for the rows of `node` with a value other than zero, in order; work may
// change the row.
template <typename Work>
void ForEachNonzeroRow(Table* table, NodeIndex node, const Work& work) {
  constexpr uint32_t kRowsPerTurn = 16;
  const uint32_t num_buckets = table->layout().NumBuckets(node);
  const uint64_t row_bytes = table->layout().RowBytes(node);
  if (table->layout().lanes() > 1) {
    const uint32_t num_values = table->layout().ValuesPerRow(node);
    RowRoom room;
    for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
      int32_t* const row = table->ReadRow(node, bucket, &room);
      if (IsZero(reinterpret_cast<const char*>(row), num_values * sizeof(int32_t))) continue;
      work(bucket, row);
      table->WriteRow(node, bucket, row);
    }
    return;
  }
  char* const block = table->Block(node);
  for (uint32_t first = 0; first < num_buckets; first += kRowsPerTurn) {
    const uint32_t end = std::min(first + kRowsPerTurn, num_buckets);
    if (IsZero(block + first * row_bytes, (end - first) * row_bytes)) continue;
    for (uint32_t bucket = first; bucket < end; ++bucket) {
      char* const row = block + bucket * row_bytes;
      if (!IsZero(row, row_bytes)) work(bucket, reinterpret_cast<int32_t*>(row));
    }
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_NONZERO_ROWS_H_
