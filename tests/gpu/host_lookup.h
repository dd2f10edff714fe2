// What the processor says of deals, by the code that training runs: DrawCards, IndexDeals,
// RankHands and the tables.
#ifndef NASHVILLE_TESTS_GPU_HOST_LOOKUP_H_
#define NASHVILLE_TESTS_GPU_HOST_LOOKUP_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "solver/abstraction/deal_index.h"
#include "solver/cards/hand_rank.h"
#include "tests/abstraction/small_games.h"
#include "tests/gpu/holdem_tables.h"

namespace nash {

inline GameDefinition HoldemOf(int num_players, int num_streets) {
  return num_streets == 2   ? FlopGame(num_players)
         : num_streets == 3 ? TurnGame(num_players)
                            : RiverGame(num_players);
}

// Thread-safe.
class HostLookup {
 public:
  // lossless: as HoldemTables::Image().
  HostLookup(const HoldemTables& tables, int num_players, int num_streets, bool lossless)
      : tables_(tables), game_(HoldemOf(num_players, num_streets)), lossless_(lossless) {}

  const GameDefinition& game() const { return game_; }

  // Deals [first_deal, first_deal + n) of `name` to places [place, place + n) of `out`, in blocks
  // as small as BucketDealSource's.
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place, DealBatch* out) const {
    constexpr int kBlock = 128;
    CardBatch cards(game_.CardsPerDeal(), kBlock);
    for (int done = 0; done < n; done += kBlock) {
      const int block = std::min(kBlock, n - done);
      DrawCards(game_, name, first_deal + done, block, &cards);
      Look(cards, block, place + done, out);
    }
  }

 private:
  void Look(const CardBatch& cards, int n, int place, DealBatch* out) const {
    const int num_players = game_.num_players;
    std::array<const Card*, kDeviceBoardMax> board{};
    for (int k = 0; k < game_.BoardCardsOn(game_.num_streets - 1); ++k) {
      board[k] = cards.slot(2 * num_players + k);
    }
    for (int s = 0; s < game_.num_streets; ++s) {
      std::array<PlayerHands, kDevicePlayersMax> players;
      for (int p = 0; p < num_players; ++p) {
        players[p] = {cards.slot(2 * p), cards.slot(2 * p + 1), out->buckets(s, p) + place};
      }
      IndexDeals(tables_.indexer(s), board.data(), absl::MakeConstSpan(players.data(), num_players),
                 n);
      if (s == 0 || lossless_) continue;
      const uint16_t* const table = tables_.buckets(s).data();
      for (int p = 0; p < num_players; ++p) {
        for (int d = 0; d < n; ++d) __builtin_prefetch(table + players[p].indices[d]);
      }
    }
    const int num_cards = 2 + game_.BoardCardsOn(game_.num_streets - 1);
    for (int p = 0; p < num_players; ++p) {
      std::array<const Card*, kHandCardsMax> slots = {cards.slot(2 * p), cards.slot(2 * p + 1)};
      std::copy_n(board.begin(), num_cards - 2, slots.begin() + 2);
      RankHands(slots.data(), num_cards, n, out->strengths(p) + place);
    }
    if (lossless_) return;
    for (int s = 1; s < game_.num_streets; ++s) {
      const uint16_t* const table = tables_.buckets(s).data();
      for (int p = 0; p < num_players; ++p) {
        uint32_t* const buckets = out->buckets(s, p) + place;
        for (int d = 0; d < n; ++d) buckets[d] = table[buckets[d]];
      }
    }
  }

  const HoldemTables& tables_;
  const GameDefinition game_;
  const bool lossless_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_GPU_HOST_LOOKUP_H_
