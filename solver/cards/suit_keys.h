// The four suit keys of a hand (suit_code.h), and their index, one hand to a 128-bit register.
//
// No branch but one that is rarely taken: a few dozen instructions a hand, so that a loop over
// hands overlaps them. AVX2 baseline. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_SUIT_KEYS_H_
#define NASHVILLE_SOLVER_CARDS_SUIT_KEYS_H_

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "solver/cards/card.h"
#include "solver/cards/suit_code.h"
#include "solver/cards/suit_configuration.h"

namespace nash {

// A set of cards with 16 bits a suit: bit 16 * suit + rank.
using SuitedSet = uint64_t;

inline constexpr std::array<SuitedSet, kCardsMax> kSuitedBits = [] {
  std::array<SuitedSet, kCardsMax> bits{};
  for (Card card = 0; card < kCardsMax; ++card) {
    bits[card] = SuitedSet{1} << (16 * SuitOf(card) + RankOf(card));
  }
  return bits;
}();
// The lower cards of the card's suit.
inline constexpr std::array<SuitedSet, kCardsMax> kSuitedBitsBelow = [] {
  std::array<SuitedSet, kCardsMax> bits{};
  for (Card card = 0; card < kCardsMax; ++card) {
    bits[card] = kSuitedBits[card] - (SuitedSet{1} << 16 * SuitOf(card));
  }
  return bits;
}();
// All ones in one of four lanes.
alignas(16) inline constexpr uint32_t kLaneMasks[kSuitsMax][kSuitsMax] = {
    {~0u, 0, 0, 0}, {0, ~0u, 0, 0}, {0, 0, ~0u, 0}, {0, 0, 0, ~0u}};

constexpr uint32_t RanksOfSuit(SuitedSet cards, int suit) {
  return static_cast<uint16_t>(cards >> 16 * suit);
}
// The card's rank among those of its suit that are not `taken`.
inline uint32_t RankAmongFree(SuitedSet taken, Card card) {
  return RankOf(card) - std::popcount(taken & kSuitedBitsBelow[card]);
}
// `keys` with `added` added to the key of `suit`.
inline __m128i AddToSuit(__m128i keys, int suit, uint32_t added) {
  const __m128i lane = _mm_load_si128(reinterpret_cast<const __m128i*>(kLaneMasks[suit]));
  return _mm_add_epi32(keys, _mm_and_si128(lane, _mm_set1_epi32(static_cast<int>(added))));
}

// The board half of a hand: keys of its suits and what they were made from.
struct BoardKeys {
  __m128i keys = _mm_setzero_si128();
  SuitedSet first_board = 0;
  SuitedSet taken = 0;       // all board cards
  uint32_t later_codes = 0;  // codes of turn and river cards, a byte a suit

  // Code of one suit. Counting bits beats keeping the counts card by card.
  uint32_t Code(int suit) const {
    const SuitedSet lane = SuitedSet{0xffff} << 16 * suit;
    return std::popcount(first_board & lane) + (later_codes >> 8 * suit & 0xff);
  }
};

// `board(k)` is the k-th board card, shifted (suit_code.h), as all cards here.
template <DealParts kParts, typename Ranks, typename CardAt>
inline BoardKeys KeysOfBoard(const Ranks& ranks, CardAt board) {
  BoardKeys out;
  for (int k = 0; k < kParts.num_first_board; ++k) out.first_board |= kSuitedBits[board(k)];
  out.taken = out.first_board;
  out.keys = _mm_setr_epi32(
      kFirstBoardKeys[RanksOfSuit(out.taken, 0)], kFirstBoardKeys[RanksOfSuit(out.taken, 1)],
      kFirstBoardKeys[RanksOfSuit(out.taken, 2)], kFirstBoardKeys[RanksOfSuit(out.taken, 3)]);
  const auto add_single = [&out, &ranks](Card card, uint32_t code) {
    const int suit = SuitOf(card);
    const uint32_t place = RankAmongFree(out.taken, card) * ranks.BoardPlacesOf(out.Code(suit));
    out.keys = AddToSuit(out.keys, suit, (code << kSuitCodeShift) + place);
    out.later_codes += code << 8 * suit;
    out.taken |= kSuitedBits[card];
  };
  constexpr int kTurnSlot = kParts.num_first_board;
  if constexpr (kParts.num_turn > 0) add_single(board(kTurnSlot), kTurnCode);
  if constexpr (kParts.num_river > 0) add_single(board(kTurnSlot + 1), kRiverCode);
  return out;
}

// `card(k)` is the k-th card of the hand, hole cards first.
template <DealParts kParts, typename Ranks, typename CardAt>
inline __m128i KeysOfHand(const Ranks& ranks, CardAt card) {
  const BoardKeys board =
      KeysOfBoard<kParts>(ranks, [&](int k) { return card(kParts.num_hole + k); });
  if constexpr (kParts.num_hole == 0) {
    return board.keys;
  } else {
    static_assert(kParts.num_hole == 2);
    const Card low = std::min(card(0), card(1));
    const Card high = std::max(card(0), card(1));
    const uint32_t low_rank = RankAmongFree(board.taken, low);
    const uint32_t high_rank = RankAmongFree(board.taken, high);
    // Two cards of one suit are a set: its colex rank is low_rank + C(high_rank, 2).
    const bool suited = SuitOf(low) == SuitOf(high);
    const uint32_t high_place = suited ? high_rank * (high_rank - 1) / 2 : high_rank;
    constexpr uint32_t kCode = kHoleCode << kSuitCodeShift;
    const __m128i keys = AddToSuit(board.keys, SuitOf(low),
                                   kCode + low_rank * ranks.BoardPlacesOf(board.Code(SuitOf(low))));
    return AddToSuit(keys, SuitOf(high),
                     kCode + high_place * ranks.BoardPlacesOf(board.Code(SuitOf(high))));
  }
}

// Sorts four keys downwards: a network of three rounds.
inline __m128i SortKeys(__m128i keys) {
  __m128i other = _mm_shuffle_epi32(keys, _MM_SHUFFLE(2, 3, 0, 1));
  keys = _mm_blend_epi32(_mm_max_epu32(keys, other), _mm_min_epu32(keys, other), 0b1010);
  other = _mm_shuffle_epi32(keys, _MM_SHUFFLE(1, 0, 3, 2));
  keys = _mm_blend_epi32(_mm_max_epu32(keys, other), _mm_min_epu32(keys, other), 0b1100);
  other = _mm_shuffle_epi32(keys, _MM_SHUFFLE(3, 1, 2, 0));
  return _mm_blend_epi32(_mm_max_epu32(keys, other), _mm_min_epu32(keys, other), 0b0100);
}

// Index of the hand with these keys, in any order. As SuitConfigurations::IndexOf.
inline uint32_t IndexOfKeys(const SuitConfigurations& configurations, __m128i keys) {
  keys = SortKeys(keys);
  const __m128i code_bytes =
      _mm_setr_epi8(3, 7, 11, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  const uint32_t codes =
      static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_shuffle_epi8(keys, code_bytes)));
  const SuitConfiguration& configuration = configurations.Find(codes);
  if (configuration.has_triple) [[unlikely]] {
    SuitKeys array;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(array.data()), keys);
    return configurations.IndexOf(array);
  }
  const auto load = [](const std::array<uint32_t, kSuitsMax>& lanes) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(lanes.data()));
  };
  const __m128i places = _mm_and_si128(keys, _mm_set1_epi32(kSuitPlaceMask));
  const __m128i factors =
      _mm_add_epi32(_mm_and_si128(places, load(configuration.square_masks)), _mm_set1_epi32(1));
  const __m128i terms =
      _mm_srlv_epi32(_mm_mullo_epi32(places, factors), load(configuration.shifts));
  __m128i sum = _mm_mullo_epi32(terms, load(configuration.strides));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, _MM_SHUFFLE(1, 0, 3, 2)));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, _MM_SHUFFLE(2, 3, 0, 1)));
  return configuration.first_index + static_cast<uint32_t>(_mm_cvtsi128_si32(sum));
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_SUIT_KEYS_H_
