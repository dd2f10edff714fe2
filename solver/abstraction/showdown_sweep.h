// The strength of every pair of hole cards on one full board, against all pairs at once.
//
// Ranks the hands of the board once, sorts them, and sweeps: what a hand beats is what was passed,
// less the pairs that share a card with it (inclusion-exclusion by card). About 1,100 hands at a
// few nanoseconds each, where asking each pair of pairs would cost a thousand times more.
// AddByCluster() keeps eight counters where Run() keeps one, a register wide.
// Thread-compatible: holds scratch, so one per thread.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_SHOWDOWN_SWEEP_H_
#define NASHVILLE_SOLVER_ABSTRACTION_SHOWDOWN_SWEEP_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/abstraction/board_set.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_rank.h"

namespace nash {

// Groups of opponents' hole cards: opponent_clusters.h makes them.
inline constexpr int kOpponentClusters = 8;
// The cluster of every pair of the deck, by PairIndex.
using OpponentClusters = std::array<uint8_t, kPairs>;
// One number for each of them.
typedef uint16_t ClusterCounts __attribute__((vector_size(2 * kOpponentClusters)));

// What hands win against each cluster of opponents, summed over boards. Needs sums below 2^32.
struct ClusterSums {
  // [kPairs] by PairIndex: 2 * (pairs beaten) + (pairs tied), and the pairs met.
  std::vector<std::array<uint32_t, kOpponentClusters>> points;
  std::vector<std::array<uint32_t, kOpponentClusters>> opponents;

  ClusterSums() : points(kPairs), opponents(kPairs) {}
  void Clear() {
    std::fill(points.begin(), points.end(), std::array<uint32_t, kOpponentClusters>{});
    std::fill(opponents.begin(), opponents.end(), std::array<uint32_t, kOpponentClusters>{});
  }
};

class ShowdownSweep {
 public:
  explicit ShowdownSweep(const DeckShape& deck)
      : deck_(MakeDeck(deck.num_ranks, deck.num_suits)), ranker_(SharedHandRanker(deck.ranking)) {}

  // row: [kPairs], written by PairIndex: 2 * (pairs beaten) + (pairs tied), of all pairs of the
  // deck that share no card with hand or board; 0 for pairs that are not in the deck or hit the
  // board. Needs a board of 3 to 5 cards of the deck.
  void Run(CardSet board, absl::Span<uint16_t> row);

  // Adds to sums[p] for every pair p of the deck that the board leaves: its points against the
  // opponent pairs of each cluster, and how many of them there are.
  void AddByCluster(CardSet board, const OpponentClusters& clusters, ClusterSums* sums);

 private:
  struct Pair {
    Card low;
    Card high;
  };

  void RankPairs(CardSet board);
  void SortByStrength();
  void SweepUp(absl::Span<uint16_t> row);

  const std::vector<Card> deck_;
  const HandRanker& ranker_;
  std::vector<Card> live_;       // cards of the deck that are not on the board
  std::vector<Pair> pairs_;      // of live cards
  std::vector<uint32_t> keys_;   // strength, then the place in pairs_: kPlaceBits
  std::vector<uint32_t> other_;  // sorting
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_SHOWDOWN_SWEEP_H_
