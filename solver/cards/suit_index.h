// The index of hold'em hands (hand_index.h) for processors without AVX2: the same tables, one suit
// after the other, no branch that hands disagree on. Flop, turn and river with an unordered board.
//
// Compiled for devices and for the host. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_SUIT_INDEX_H_
#define NASHVILLE_SOLVER_CARDS_SUIT_INDEX_H_

#include <cstdint>

#include "common/host_device.h"
#include "solver/cards/card.h"
#include "solver/cards/suit_code.h"

namespace nash {

// What a device needs of a SuitConfiguration, in one sector of its memory.
struct alignas(32) DeviceConfiguration {
  uint32_t strides[kSuitsMax];
  uint32_t first_index;
  uint32_t multiplicities;  // a byte a suit, the first in the lowest
};
static_assert(sizeof(DeviceConfiguration) == 32);

// A shape's SuitConfigurations in memory that the caller can read; not owned.
struct SuitIndexTable {
  const uint16_t* slots = nullptr;                      // by hash of packed codes
  const DeviceConfiguration* configurations = nullptr;  // by slot
  uint32_t multiplier = 0;
  int32_t slot_shift = 0;
};

// A board's half of a hand's keys.
struct SuitBoard {
  uint32_t keys[kSuitsMax];   // as kFirstBoardKeys
  uint32_t steps[kSuitsMax];  // what a hole card adds to its suit's place for each free rank below
  uint64_t taken;             // bit 16 * suit + rank
};

NASH_HOST_DEVICE inline uint64_t SuitedBit(Card card) {
  return uint64_t{1} << (16 * SuitOf(card) + RankOf(card));
}

// C(13, n) for the 0 to 5 board cards of a suit.
NASH_HOST_DEVICE inline uint32_t BoardPlacesOf(int n) {
  return n == 0 ? 1 : n == 1 ? 13 : n == 2 ? 78 : n == 3 ? 286 : n == 4 ? 715 : 1287;
}

// first_board_keys: kFirstBoardKeys. taken: the board's cards, as SuitBoard::taken.
NASH_HOST_DEVICE inline SuitBoard SuitBoardOf(const uint32_t* first_board_keys, uint64_t taken) {
  SuitBoard board;
  board.taken = taken;
  NASH_UNROLL
  for (int suit = 0; suit < kSuitsMax; ++suit) {
    const uint32_t ranks = static_cast<uint32_t>(taken >> 16 * suit) & 0xffff;
    board.keys[suit] = first_board_keys[ranks];
    board.steps[suit] = BoardPlacesOf(PopCount(ranks));
  }
  return board;
}

// The card's rank among those of its suit that are not taken.
NASH_HOST_DEVICE inline uint32_t FreeRankOf(uint64_t taken, Card card) {
  const uint64_t below = SuitedBit(card) - (uint64_t{1} << 16 * SuitOf(card));
  return RankOf(card) - PopCount(taken & below);
}

// C(place + m - 1, m) for m from 1 to 4. Needs a result below 2^32: only suits of one board card
// at most come three times, so place < 13 where m > 2.
NASH_HOST_DEVICE inline uint32_t MultisetRank(uint32_t place, uint32_t m) {
  uint32_t rank = place;
  if (m >= 2) rank = place * (place + 1) / 2;
  if (m >= 3) rank = rank * (place + 2) / 3;
  if (m >= 4) rank = rank * (place + 3) / 4;
  return rank;
}

NASH_HOST_DEVICE inline void OrderKeys(uint32_t* higher, uint32_t* lower) {
  const uint32_t high = *higher > *lower ? *higher : *lower;
  const uint32_t low = *higher > *lower ? *lower : *higher;
  *higher = high;
  *lower = low;
}

// The index of the hand of two hole cards on `board`. Needs cards that differ.
NASH_HOST_DEVICE inline uint32_t SuitIndexOf(const SuitIndexTable& table, const SuitBoard& board,
                                             Card a, Card b) {
  const Card low = a < b ? a : b;
  const Card high = a < b ? b : a;
  const uint32_t low_rank = FreeRankOf(board.taken, low);
  const uint32_t high_rank = FreeRankOf(board.taken, high);
  const bool suited = SuitOf(low) == SuitOf(high);
  const uint32_t high_place = suited ? high_rank * (high_rank - 1) / 2 : high_rank;
  constexpr uint32_t kCode = kHoleCode << kSuitCodeShift;
  uint32_t keys[kSuitsMax];
  // Suits are compared, not indexed with: an array with a computed index leaves the registers.
  NASH_UNROLL
  for (int suit = 0; suit < kSuitsMax; ++suit) {
    keys[suit] = board.keys[suit];
    keys[suit] += SuitOf(low) == suit ? kCode + low_rank * board.steps[suit] : 0;
    keys[suit] += SuitOf(high) == suit ? kCode + high_place * board.steps[suit] : 0;
  }
  OrderKeys(&keys[0], &keys[1]);
  OrderKeys(&keys[2], &keys[3]);
  OrderKeys(&keys[0], &keys[2]);
  OrderKeys(&keys[1], &keys[3]);
  OrderKeys(&keys[1], &keys[2]);
  uint32_t codes = 0;
  NASH_UNROLL
  for (int i = 0; i < kSuitsMax; ++i) codes |= keys[i] >> kSuitCodeShift << 8 * i;
  const uint32_t slot = codes * table.multiplier >> table.slot_shift;
  const DeviceConfiguration configuration = table.configurations[table.slots[slot]];
  uint32_t index = configuration.first_index;
  NASH_UNROLL
  for (int i = 0; i < kSuitsMax; ++i) {
    const uint32_t m = configuration.multiplicities >> 8 * i & 0xff;
    index += configuration.strides[i] * MultisetRank(keys[i] & kSuitPlaceMask, m);
  }
  return index;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_SUIT_INDEX_H_
