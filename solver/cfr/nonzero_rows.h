// Walks over the bundles of a strip (table_layout.h; without lanes, the rows of a node) that hold
// anything. Most rows of a large game are never reached, or not for long: groups of neighbours that
// are all zero cost only the reading of their bytes. Thread-safe: functions only.
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

// Calls work(bucket, bundle) for the bundles of `strip` with a value other than zero, in order;
// work may change the bundle.
template <typename Work>
void ForEachNonzeroBundle(Table* table, StripIndex strip, const Work& work) {
  constexpr uint32_t kBundlesPerTurn = 16;
  const NodeIndex node = table->layout().FirstNodeOf(strip);
  const uint32_t num_buckets = table->layout().NumBuckets(node);
  const uint64_t step = table->layout().RowStep(node);
  char* const block = table->Block(node);
  for (uint32_t first = 0; first < num_buckets; first += kBundlesPerTurn) {
    const uint32_t end = std::min(first + kBundlesPerTurn, num_buckets);
    if (IsZero(block + first * step, (end - first) * step)) continue;
    for (uint32_t bucket = first; bucket < end; ++bucket) {
      char* const bundle = block + bucket * step;
      if (!IsZero(bundle, step)) work(bucket, reinterpret_cast<int32_t*>(bundle));
    }
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_NONZERO_ROWS_H_
