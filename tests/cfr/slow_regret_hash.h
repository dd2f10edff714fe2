// The regret hash of a table, from its definition (solver/cfr/regret_hash.h) and nothing else of
// it.
#ifndef NASHVILLE_TESTS_CFR_SLOW_REGRET_HASH_H_
#define NASHVILLE_TESTS_CFR_SLOW_REGRET_HASH_H_

#include <cstdint>

#include "solver/cfr/table.h"

namespace nash {

inline uint64_t SlowRegretHash(const Table& table) {
  const auto key = [](uint64_t number) {
    number = (number + 1) * 0x9e3779b97f4a7c15u;
    number = (number ^ (number >> 33)) * 0xff51afd7ed558ccdu;
    number ^= number >> 33;
    return number | 1;
  };
  const TableLayout& layout = table.layout();
  uint64_t hash = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint64_t first = layout.FirstBundle(layout.StripOf(node)).value;
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
      uint64_t value_key = key(0);
      const uint32_t n = layout.tree().nodes()[node].num_actions * layout.lanes();
      for (uint32_t i = 0; i < n; ++i) {
        if (i % layout.lanes() == layout.LaneOf(node)) {
          const int32_t regret = table.Row(node, bucket)[i - layout.LaneOf(node)];
          hash += key(first + bucket) * (value_key * static_cast<uint64_t>(regret));
        }
        value_key *= 0xd1342543de82ef95u;
      }
    }
  }
  return hash;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_SLOW_REGRET_HASH_H_
