// The rank of five- to seven-card hands: 1 to 7,462, the higher wins. The standard ranking, or that
// of the short deck of 36 cards: two rankers, which differ in what is in their tables.
//
// A hand is summed card by card into a HandKey; a rank is two dependent loads from tables of 116 KB
// (seven cards). The rank part of the key is a sum whose values differ for all multisets of n ranks
// (weights by K. Shackleton, "SKPokerEval", found greedily), times an odd constant modulo 2^23,
// which spreads its low bits. It is looked up through row displacement: Tarjan and Yao, "Storing a
// sparse table", CACM 22(11), 1979. Four-bit counters of suits ride in the same word and show a
// flush, which beats everything else that seven cards can hold beside it, in either ranking: no
// seven cards hold a flush and a full house, or four of a kind.
//
// Immutable and thread-safe once built. Building takes some 6 ms and 220 KB.
#ifndef NASHVILLE_SOLVER_CARDS_HAND_RANK_H_
#define NASHVILLE_SOLVER_CARDS_HAND_RANK_H_

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_class.h"
#include "solver/cards/rank_tables.h"

namespace nash {

inline constexpr int kRankedCardsMin = 5;
inline constexpr int kRankedCardsMax = 7;

// Bits of a key. The hash lies at the top of the word, so that its sum wraps by itself.
inline constexpr int kKeyHashBits = kRankHashBits;
inline constexpr int kKeyHashShift = 64 - kKeyHashBits;
inline constexpr int kKeyCountShift = 16;  // number of cards, above four suit counters
// Each suit's counter starts at 3, so five cards of a suit set its bit 3.
inline constexpr uint64_t kKeyNoCards = 0x3333;
inline constexpr uint64_t kKeyFlushBits = 0x8888;

// Hash of one card of `rank`.
constexpr uint32_t RankHash(int rank) {
  constexpr std::array<uint32_t, kRanksMax> kWeights = {
      0, 1, 5, 22, 98, 453, 2031, 8698, 22854, 83661, 262349, 636345, 1479181};
  constexpr uint32_t kSpread = 0x9E3779B1;
  return kWeights[rank] * kSpread & ((1u << kKeyHashBits) - 1);
}

// A hand of any number of cards up to seven, in the making.
class HandKey {
 public:
  constexpr HandKey() = default;
  // Needs a card that is not in the hand.
  constexpr void Add(Card card) {
    sum_ += kCardSums[card];
    suits_ |= uint64_t{1} << SuitBit(card);
  }
  // This hand and one card more.
  constexpr HandKey With(Card card) const {
    HandKey out = *this;
    out.Add(card);
    return out;
  }
  constexpr int num_cards() const { return sum_ >> kKeyCountShift & 0xf; }
  constexpr bool has_flush() const { return (sum_ & kKeyFlushBits) != 0; }
  // Ranks of the suit that makes the flush. Needs has_flush().
  constexpr RankSet FlushRanks() const {
    const int suit = std::countr_zero(sum_ & kKeyFlushBits) / 4;
    return static_cast<RankSet>(suits_ >> 16 * suit & (kRankSets - 1));
  }
  constexpr uint32_t hash() const { return static_cast<uint32_t>(sum_ >> kKeyHashShift); }

 private:
  static constexpr int SuitBit(Card card) { return 16 * SuitOf(card) + RankOf(card); }
  static constexpr std::array<uint64_t, kCardsMax> kCardSums = [] {
    std::array<uint64_t, kCardsMax> sums{};
    for (Card card = 0; card < kCardsMax; ++card) {
      sums[card] = (uint64_t{RankHash(RankOf(card))} << kKeyHashShift) |
                   (uint64_t{1} << kKeyCountShift) | (uint64_t{1} << 4 * SuitOf(card));
    }
    return sums;
  }();

  uint64_t sum_ = kKeyNoCards;
  uint64_t suits_ = 0;  // 16 bits a suit
};

class HandRanker {
 public:
  explicit HandRanker(Ranking ranking = Ranking::kStandard);
  HandRanker(const HandRanker&) = delete;
  HandRanker& operator=(const HandRanker&) = delete;

  // Rank of a hand of kNumCards, for loops that know the number.
  template <int kNumCards>
  uint16_t Rank(HandKey hand) const {
    static_assert(kNumCards >= kRankedCardsMin && kNumCards <= kRankedCardsMax);
    if (hand.has_flush()) [[unlikely]]
      return flushes_[hand.FlushRanks()];
    return RankWithoutFlush(tables_[kNumCards - kRankedCardsMin], hand.hash());
  }
  // Needs 5 to 7 cards.
  uint16_t Rank(HandKey hand) const {
    if (hand.has_flush()) [[unlikely]]
      return flushes_[hand.FlushRanks()];
    return RankWithoutFlush(tables_[hand.num_cards() - kRankedCardsMin], hand.hash());
  }
  // Needs 5 to 7 different cards.
  uint16_t Rank(absl::Span<const Card> cards) const;

  // slots: [num_slots] arrays of [n] cards, the k-th cards of n hands. strengths: [n], written.
  // Needs 5 <= num_slots <= 7; the cards of a hand differ.
  void RankHands(const Card* const* slots, int num_slots, int n, int32_t* strengths) const;

  // The tables of hands of 5 to 7 cards, for who copies them elsewhere. Live as long as we do.
  RankTables tables(int num_cards) const {
    const Table& table = tables_[num_cards - kRankedCardsMin];
    return {table.row_starts.data(), table.ranks.data(), flushes_.data(),
            static_cast<uint32_t>(table.ranks.size())};
  }

 private:
  static constexpr int kColumnBits = kRankColumnBits;
  static constexpr int kRows = kRankRows;
  // Row displacement of the ranks of all multisets of one size.
  struct Table {
    std::array<uint16_t, kRows> row_starts;
    std::vector<uint16_t> ranks;
  };

  static uint16_t RankWithoutFlush(const Table& table, uint32_t hash) {
    return table.ranks[table.row_starts[hash >> kColumnBits] + (hash & ((1 << kColumnBits) - 1))];
  }
  static void FillTable(int num_cards, Ranking ranking, Table* table);
  template <int kNumCards>
  void RankBlocks(const Card* const* slots, int n, int32_t* strengths) const;

  std::array<Table, kRankedCardsMax - kRankedCardsMin + 1> tables_;
  std::array<uint16_t, kRankSets> flushes_;  // by ranks of one suit
};

// The one ranker of its kind in the process, built at first use.
const HandRanker& SharedHandRanker(Ranking ranking = Ranking::kStandard);

// Needs 5 to 7 different cards.
uint16_t RankHand(absl::Span<const Card> cards);

// As HandRanker::RankHands.
void RankHands(const Card* const* slots, int num_slots, int n, int32_t* strengths);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_HAND_RANK_H_
