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
  uint64_t row = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket, ++row) {
      uint64_t action_key = key(0);
      for (int action = 0; action < layout.tree().nodes()[node].num_actions; ++action) {
        const int32_t regret = table.Row(node, bucket)[action * layout.lanes()];
        hash += key(row) * (action_key * static_cast<uint64_t>(regret));
        action_key *= 0xd1342543de82ef95u;
      }
    }
  }
  return hash;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_SLOW_REGRET_HASH_H_
