// One suit of a hand as a number: how many cards of each part of the deal it holds, and which.
//
// Parts, in the order in which they are ranked: the first board cards (the flop, or a whole board
// whose order does not matter), a separate turn card, a separate river card, the hole cards. A
// suit's place among all suits of its code is mixed radix: the colex rank of the first board cards
// among the 13 ranks, then of each later part among the ranks that the parts before it left. The
// hole cards come last so that, on a given board, a suit's place is linear in their rank.
//
// Of a short deck the ranks it has are the highest; they are numbered from 0 (IndexedDeck), so that
// places are as dense as the full deck's.
//
// The idea of one number per suit and of sorting the four: K. Waugh, "A fast and optimal hand
// isomorphism algorithm", AAAI workshop on computer poker, 2013. Thread-safe: constants.
#ifndef NASHVILLE_SOLVER_CARDS_SUIT_CODE_H_
#define NASHVILLE_SOLVER_CARDS_SUIT_CODE_H_

#include <array>
#include <bit>
#include <cstdint>

#include "solver/cards/card.h"
#include "solver/cards/combinations.h"

namespace nash {

// Cards of one suit by part. The code is linear in the counts, so cards can be added to it.
struct SuitCounts {
  int first_board = 0;  // 0 to 5
  int turn = 0;         // 0 or 1
  int river = 0;        // 0 or 1
  int hole = 0;         // 0 to 2
};

inline constexpr uint32_t kTurnCode = 6;
inline constexpr uint32_t kRiverCode = 12;
inline constexpr uint32_t kHoleCode = 24;
inline constexpr uint32_t kSuitCodes = 72;

constexpr uint32_t CodeOf(const SuitCounts& n) {
  return n.first_board + kTurnCode * n.turn + kRiverCode * n.river + kHoleCode * n.hole;
}
constexpr SuitCounts CountsOf(uint32_t code) {
  return {.first_board = static_cast<int>(code % kTurnCode),
          .turn = static_cast<int>(code / kTurnCode % 2),
          .river = static_cast<int>(code / kRiverCode % 2),
          .hole = static_cast<int>(code / kHoleCode)};
}

// The number of ways in which one suit can hold its board cards; none where it has too few ranks.
// Hole cards in `n` are ignored.
constexpr uint32_t BoardPlaces(const SuitCounts& n, int num_ranks = kRanksMax) {
  if (n.first_board + n.turn + n.river > num_ranks) return 0;
  uint64_t places = Choose(num_ranks, n.first_board);
  if (n.turn) places *= num_ranks - n.first_board;
  if (n.river) places *= num_ranks - n.first_board - n.turn;
  return static_cast<uint32_t>(places);
}
// The number of ways in which one suit can hold all its cards.
constexpr uint32_t SuitPlaces(const SuitCounts& n, int num_ranks = kRanksMax) {
  const int taken = n.first_board + n.turn + n.river;
  if (taken > num_ranks) return 0;
  return static_cast<uint32_t>(BoardPlaces(n, num_ranks) * Choose(num_ranks - taken, n.hole));
}

// The deck that hands are indexed in: the highest ranks of the last suits, as MakeDeck().
struct IndexedDeck {
  int num_ranks = kRanksMax;
  int num_suits = kSuitsMax;

  constexpr int num_cards() const { return num_ranks * num_suits; }
  constexpr bool is_full() const { return num_cards() == kCardsMax; }
  friend bool operator==(const IndexedDeck&, const IndexedDeck&) = default;
};

// BoardPlaces() by number of ranks and by code without hole cards.
inline constexpr std::array<std::array<uint32_t, kHoleCode>, kRanksMax + 1> kBoardPlacesByRanks =
    [] {
      std::array<std::array<uint32_t, kHoleCode>, kRanksMax + 1> places{};
      for (int ranks = 1; ranks <= kRanksMax; ++ranks) {
        for (uint32_t code = 0; code < kHoleCode; ++code) {
          places[ranks][code] = BoardPlaces(CountsOf(code), ranks);
        }
      }
      return places;
    }();

// The ranks of a deck as loops over hands ask for them. The full deck's cost nothing: cards are
// what they are, and places are in one table.
struct FullDeckRanks {
  static constexpr Card Shifted(Card card) { return card; }
  static constexpr uint32_t BoardPlacesOf(uint32_t code) {
    return kBoardPlacesByRanks[kRanksMax][code];
  }
};
struct ShortDeckRanks {
  explicit ShortDeckRanks(const IndexedDeck& deck)
      : below(static_cast<Card>(kSuitsMax * (kRanksMax - deck.num_ranks))),
        places(kBoardPlacesByRanks[deck.num_ranks].data()) {}
  // The card with the deck's lowest rank as rank 0.
  Card Shifted(Card card) const { return card - below; }
  uint32_t BoardPlacesOf(uint32_t code) const { return places[code]; }

  Card below;
  const uint32_t* places;  // by code without hole cards
};

// Calls `body` with the ranks of `deck`; returns what it returns.
template <typename Body>
auto WithRanks(const IndexedDeck& deck, Body body) {
  if (deck.num_ranks == kRanksMax) return body(FullDeckRanks());
  return body(ShortDeckRanks(deck));
}

// A suit's key: its code in the top byte, its place below. Keys sort by code first.
inline constexpr int kSuitCodeShift = 24;
inline constexpr uint32_t kSuitPlaceMask = (uint32_t{1} << kSuitCodeShift) - 1;

// Key of a suit that holds first board cards of these ranks only, by set of ranks.
inline constexpr std::array<uint32_t, 1 << kRanksMax> kFirstBoardKeys = [] {
  std::array<uint32_t, 1 << kRanksMax> keys{};
  for (uint32_t ranks = 1; ranks < keys.size(); ++ranks) {
    const int count = std::popcount(ranks);
    if (count > 5) continue;
    const int top = std::bit_width(ranks) - 1;
    const uint32_t rest = keys[ranks & ~(uint32_t{1} << top)] & kSuitPlaceMask;
    keys[ranks] = (static_cast<uint32_t>(count) << kSuitCodeShift) |
                  (rest + static_cast<uint32_t>(Choose(top, count)));
  }
  return keys;
}();

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_SUIT_CODE_H_
