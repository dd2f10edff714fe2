// From the name of a deal to its buckets and showdown strengths: what one thread of a GPU does, and
// the same on the host. Hold'em with 2 to 6 players, a showdown on the flop or later.
//
// The results are those of DrawCards() and Abstraction::Lookup(), bit by bit. Thread-safe: pure
// functions. Memory touched for a deal of p players with a river: 3 p entries of bucket tables, of
// which river entries (and turn entries on small devices) are each a sector from device memory;
// some 20 p + 30 loads from 250 KB of small tables, which stay in a multiprocessor's cache; and
// 20 p bytes of results, written by neighbouring threads to neighbouring places.
#ifndef NASHVILLE_SOLVER_DEVICE_DEAL_LOOKUP_H_
#define NASHVILLE_SOLVER_DEVICE_DEAL_LOOKUP_H_

#include <cstddef>
#include <cstdint>

#include "common/host_device.h"
#include "common/rng.h"
#include "solver/cards/card.h"
#include "solver/cards/preflop_class.h"
#include "solver/cards/rank_tables.h"
#include "solver/cards/suit_index.h"

namespace nash {

inline constexpr int kDevicePlayersMin = 2;
inline constexpr int kDevicePlayersMax = 6;
inline constexpr int kDeviceStreetsMax = 4;
inline constexpr int kDeviceBoardMax = 5;

// How one street's buckets are found. Not owned.
struct DeviceStreet {
  SuitIndexTable index;           // none on the first street, which has its classes
  const void* buckets = nullptr;  // [entries] by index; null where the index is the bucket
  int32_t element_bytes = 0;      // of a bucket: 1 or 2
};

// All that deals are looked up in, in memory of who looks. Not owned.
struct DealTables {
  const uint32_t* first_board_keys = nullptr;  // [8192] kFirstBoardKeys
  const uint32_t* rank_hashes = nullptr;       // [13] RankHash()
  RankTables ranks;                            // of hands at the showdown
  DeviceStreet streets[kDeviceStreetsMax];
  int32_t num_players = 0;
  int32_t num_streets = 0;  // 2 to 4

  NASH_HOST_DEVICE int num_board_cards() const { return num_streets + 1; }
  NASH_HOST_DEVICE int num_slots() const { return 2 * num_players + num_board_cards(); }
  // Numbers that a deal has: a bucket for each street and player, a strength for each player.
  NASH_HOST_DEVICE int words_per_deal() const { return (num_streets + 1) * num_players; }
};

// Deals [first_deal, first_deal + n) of a stream.
struct DealRange {
  StreamName name;
  uint32_t first_deal = 0;
  uint32_t n = 0;
};

// One launch. words: [words_per_deal()][n], written: buckets by street and player, then strengths
// by player, as in a DealBatch.
struct DealLookup {
  DealTables tables;
  DealRange deals;
  const Card* cards = nullptr;  // [num_slots()][n]; null: drawn, as DrawCards() does
  uint32_t* words = nullptr;
};

// The cards of one deal, as DrawCards(): Fisher-Yates on a deck of which only what was moved is
// kept. cards: [kSlots], the first num_slots written.
template <int kSlots>
NASH_HOST_DEVICE inline void DrawDeal(const StreamName& name, uint32_t deal, int num_slots,
                                      Card* cards) {
  uint32_t taken_from[kSlots];
  Card put_there[kSlots];
  RandomBlock block{};
  NASH_UNROLL
  for (int slot = 0; slot < kSlots; ++slot) {
    if (slot < num_slots) {
      if (slot % 4 == 0) block = Draw(name, DrawPurpose::kCards, deal, slot / 4);
      const uint32_t at = slot + UniformBelow(block[slot % 4], kCardsMax - slot);
      uint32_t card = at;
      uint32_t first = slot;  // the first card that is left
      NASH_UNROLL
      for (int before = 0; before < slot; ++before) {
        if (taken_from[before] == at) card = put_there[before];
        if (taken_from[before] == static_cast<uint32_t>(slot)) first = put_there[before];
      }
      cards[slot] = static_cast<Card>(card);
      taken_from[slot] = at;
      put_there[slot] = static_cast<Card>(first);
    }
  }
}

NASH_HOST_DEVICE inline uint32_t BucketOn(const DeviceStreet& street, uint32_t index) {
  if (street.element_bytes == 1) return static_cast<const uint8_t*>(street.buckets)[index];
  if (street.element_bytes == 2) return static_cast<const uint16_t*>(street.buckets)[index];
  return index;
}

// Deal `d` of `job`. Needs job.tables.num_players == kPlayers and d < job.deals.n.
template <int kPlayers>
NASH_HOST_DEVICE inline void LookupDeal(const DealLookup& job, uint32_t d) {
  const DealTables& tables = job.tables;
  const size_t n = job.deals.n;
  constexpr int kSlots = 2 * kPlayers + kDeviceBoardMax;
  Card cards[kSlots];
  const int num_slots = tables.num_slots();
  if (job.cards == nullptr) {
    DrawDeal<kSlots>(job.deals.name, job.deals.first_deal + d, num_slots, cards);
  } else {
    NASH_UNROLL
    for (int slot = 0; slot < kSlots; ++slot) {
      if (slot < num_slots) cards[slot] = job.cards[slot * n + d];
    }
  }
  // Indices of all streets first, then all entries, so that those arrive together.
  uint32_t found[kDeviceStreetsMax][kPlayers];
  NASH_UNROLL
  for (int p = 0; p < kPlayers; ++p) {
    found[0][p] = PreflopClassOf(cards[2 * p], cards[2 * p + 1]);
  }
  uint64_t board_cards = 0;
  uint32_t board_hash = 0;
  NASH_UNROLL
  for (int k = 0; k < kDeviceBoardMax; ++k) {
    if (k < tables.num_board_cards()) {
      const Card card = cards[2 * kPlayers + k];
      board_cards |= SuitedBit(card);
      board_hash += tables.rank_hashes[RankOf(card)];
      const int street = k - 1;  // that is complete with this card
      if (street >= 1) {
        const SuitBoard board = SuitBoardOf(tables.first_board_keys, board_cards);
        NASH_UNROLL
        for (int p = 0; p < kPlayers; ++p) {
          found[street][p] =
              SuitIndexOf(tables.streets[street].index, board, cards[2 * p], cards[2 * p + 1]);
        }
      }
    }
  }
  NASH_UNROLL
  for (int street = 0; street < kDeviceStreetsMax; ++street) {
    if (street < tables.num_streets) {
      NASH_UNROLL
      for (int p = 0; p < kPlayers; ++p) {
        found[street][p] = BucketOn(tables.streets[street], found[street][p]);
      }
    }
  }
  uint32_t strengths[kPlayers];
  NASH_UNROLL
  for (int p = 0; p < kPlayers; ++p) {
    const Card a = cards[2 * p];
    const Card b = cards[2 * p + 1];
    const uint32_t hash =
        board_hash + tables.rank_hashes[RankOf(a)] + tables.rank_hashes[RankOf(b)];
    strengths[p] = RankOfHand(tables.ranks, hash, board_cards | SuitedBit(a) | SuitedBit(b));
  }
  NASH_UNROLL
  for (int street = 0; street < kDeviceStreetsMax; ++street) {
    if (street < tables.num_streets) {
      NASH_UNROLL
      for (int p = 0; p < kPlayers; ++p) {
        job.words[(street * kPlayers + p) * n + d] = found[street][p];
      }
    }
  }
  NASH_UNROLL
  for (int p = 0; p < kPlayers; ++p) {
    job.words[(tables.num_streets * kPlayers + p) * n + d] = strengths[p];
  }
}

// Calls `body` with the number of players as its template argument; returns what it returns. Needs
// kDevicePlayersMin <= num_players <= kDevicePlayersMax.
template <typename Body>
auto WithPlayers(int num_players, const Body& body) {
  switch (num_players) {
    case 2:
      return body.template operator()<2>();
    case 3:
      return body.template operator()<3>();
    case 4:
      return body.template operator()<4>();
    case 5:
      return body.template operator()<5>();
    default:
      return body.template operator()<6>();
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_DEAL_LOOKUP_H_
