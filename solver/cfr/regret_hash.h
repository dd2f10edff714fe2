// A 64-bit hash of a table's regrets that follows changes: what every replica compares every round.
//
// It is linear: the sum modulo 2^64, over all rows, of RowKey(row) * sum of regret[a] *
// ActionKey(a). So a change of a row changes it by the hash of the change, whatever order changes
// come in, and zeros add nothing. Keys are odd: no single flipped bit goes unnoticed. It detects
// accidents; a collision is easy to make on purpose. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_REGRET_HASH_H_
#define NASHVILLE_SOLVER_CFR_REGRET_HASH_H_

#include <cstdint>

#include "solver/cfr/table_layout.h"

namespace nash {

// Steps of MurmurHash3's 64-bit finaliser, of the number times the golden ratio.
inline uint64_t RegretHashKey(uint64_t number) {
  uint64_t key = (number + 1) * 0x9e3779b97f4a7c15;
  key = (key ^ key >> 33) * 0xff51afd7ed558ccd;
  return (key ^ key >> 33) | 1;
}

// From an action's key to the next one's; odd, and so are all keys.
inline constexpr uint64_t kActionHashStep = 0xd1342543de82ef95;

// The inner sum. regrets: [num_actions].
inline uint64_t SumByAction(const int32_t* regrets, uint32_t num_actions) {
  uint64_t action_key = RegretHashKey(0);
  uint64_t sum = 0;
  for (uint32_t a = 0; a < num_actions; ++a) {
    sum += static_cast<uint64_t>(int64_t{regrets[a]}) * action_key;
    action_key *= kActionHashStep;
  }
  return sum;
}

inline uint64_t HashOfRegrets(RowIndex row, const int32_t* regrets, uint32_t num_actions) {
  return RegretHashKey(row.value) * SumByAction(regrets, num_actions);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_REGRET_HASH_H_
