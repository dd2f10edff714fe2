// The rank of hands (hand_rank.h) for processors without AVX2: the same tables, one hand at a time.
//
// Compiled for devices and for the host. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_RANK_TABLES_H_
#define NASHVILLE_SOLVER_CARDS_RANK_TABLES_H_

#include <cstdint>

#include "common/host_device.h"

namespace nash {

// Bits of a hand's hash, and how many of them are the column.
inline constexpr int kRankHashBits = 23;
inline constexpr int kRankColumnBits = 10;
inline constexpr uint32_t kRankRows = uint32_t{1} << (kRankHashBits - kRankColumnBits);

// The tables of hands of one number of cards, in memory that the caller can read; not owned.
struct RankTables {
  const uint16_t* row_starts = nullptr;  // [kRankRows]
  const uint16_t* ranks = nullptr;       // [num_ranks]
  const uint16_t* flushes = nullptr;     // [8192] by ranks of one suit
  uint32_t num_ranks = 0;
};

// hash: sum of RankHash() of all cards. cards: bit 16 * suit + rank of each.
NASH_HOST_DEVICE inline uint16_t RankOfHand(const RankTables& tables, uint32_t hash,
                                            uint64_t cards) {
  NASH_UNROLL
  for (int suit = 0; suit < 4; ++suit) {
    const uint32_t ranks = static_cast<uint32_t>(cards >> 16 * suit) & 0xffff;
    if (PopCount(ranks) >= 5) return tables.flushes[ranks];
  }
  hash &= (uint32_t{1} << kRankHashBits) - 1;
  const uint32_t column = hash & ((uint32_t{1} << kRankColumnBits) - 1);
  return tables.ranks[tables.row_starts[hash >> kRankColumnBits] + column];
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_RANK_TABLES_H_
