// All players of a deal share the board, and the board is most of a hand: five cards of seven on
// the river. Its keys, the ranks it takes, and what a hole card adds to each suit are computed once
// a deal (BoardHalf); then each player's two cards are added and the index is found.
//
// Deals go through in steps of kDealsPerStep, so that the halves of a step stay in the first-level
// cache while the players are gone through one after the other: players outside, deals inside,
// because the inner loop over independent deals is what the processor overlaps. deal_index_test.cc
// compares with the index of each hand.
#include "solver/abstraction/deal_index.h"

#include <algorithm>
#include <array>

#include "solver/cards/suit_keys.h"

namespace nash {
namespace {

constexpr int kDealsPerStep = 64;

// The board's half of a hand: what hole cards are added to.
struct alignas(16) BoardHalf {
  __m128i keys;
  // What a hole card adds to its suit's place for each free rank below it.
  std::array<uint32_t, kSuitsMax> steps;
  SuitedSet taken;
};

// As KeysOfHand(), with the board's half known.
inline __m128i AddHoleCards(const BoardHalf& board, Card a, Card b) {
  constexpr uint32_t kCode = kHoleCode << kSuitCodeShift;
  const Card low = std::min(a, b);
  const Card high = std::max(a, b);
  const uint32_t low_rank = RankAmongFree(board.taken, low);
  const uint32_t high_rank = RankAmongFree(board.taken, high);
  const bool suited = SuitOf(low) == SuitOf(high);
  const uint32_t high_place = suited ? high_rank * (high_rank - 1) / 2 : high_rank;
  const __m128i keys =
      AddToSuit(board.keys, SuitOf(low), kCode + low_rank * board.steps[SuitOf(low)]);
  return AddToSuit(keys, SuitOf(high), kCode + high_place * board.steps[SuitOf(high)]);
}

template <DealParts kParts, typename Ranks>
void IndexAll(const Ranks& ranks, const SuitConfigurations& configurations,
              const Card* const* board_slots, absl::Span<const PlayerHands> players, int n) {
  if constexpr (kParts.num_hole == 2) {
    std::array<const Card*, kParts.num_board() + 1> slots;
    std::copy_n(board_slots, kParts.num_board(), slots.begin());
    std::array<BoardHalf, kDealsPerStep> halves;
    for (int first = 0; first < n; first += kDealsPerStep) {
      const int step = std::min(n - first, kDealsPerStep);
      for (int d = 0; d < step; ++d) {
        const BoardKeys board =
            KeysOfBoard<kParts>(ranks, [&](int k) { return ranks.Shifted(slots[k][first + d]); });
        halves[d].keys = board.keys;
        halves[d].taken = board.taken;
        for (int s = 0; s < kSuitsMax; ++s) halves[d].steps[s] = ranks.BoardPlacesOf(board.Code(s));
      }
      for (const PlayerHands& player : players) {
        const Card* const first_hole = player.first_hole + first;
        const Card* const second_hole = player.second_hole + first;
        uint32_t* const indices = player.indices + first;
        for (int d = 0; d < step; ++d) {
          indices[d] = IndexOfKeys(
              configurations,
              AddHoleCards(halves[d], ranks.Shifted(first_hole[d]), ranks.Shifted(second_hole[d])));
        }
      }
    }
  }
}

}  // namespace

void IndexDeals(const HandIndexer& indexer, const Card* const* board,
                absl::Span<const PlayerHands> players, int n) {
  if (indexer.shape() == HandShape::kPreflop) {
    for (const PlayerHands& player : players) {
      const std::array<const Card*, 2> slots = {player.first_hole, player.second_hole};
      indexer.IndexBatch(slots.data(), n, player.indices);
    }
    return;
  }
  WithParts(indexer.shape(), [&]<DealParts kParts>() {
    WithRanks(indexer.deck(), [&](const auto& ranks) {
      IndexAll<kParts>(ranks, indexer.configurations(), board, players, n);
    });
  });
}

}  // namespace nash
