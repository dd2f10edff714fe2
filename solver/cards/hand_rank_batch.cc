// HandRanker::RankHands: keys of 32 hands at a time in AVX2 registers, then two loads a hand.
//
// A rank's hash has 23 bits, a table of 13 ranks fits a shuffle of bytes (vpshufb), so a hash is
// looked up as four bytes: the low and the high byte of its column part and of its row part. Bytes
// are interleaved to 16-bit sums as they are added (WideSums), which reorders hands within the
// block; StoreInOrder() puts them right at the end. The carry from column to row is added last.
//
// Suits are counted in nibbles that start at 3, as in HandKey, so that a fifth card of a suit sets
// the nibble's top bit. Few hands have a flush; those are ranked anew, one by one, from their
// cards. hand_rank_test.cc compares with single hands.
#include <immintrin.h>

#include <array>
#include <bit>
#include <cstdint>

#include "glog/logging.h"
#include "solver/cards/hand_rank.h"

namespace nash {
namespace {

constexpr int kBlock = 32;  // hands, one to a byte

// One byte of a table by the low four bits of a card or rank, in both halves of a register.
using ByteTable = std::array<uint8_t, kBlock>;

template <typename ValueOf>
constexpr ByteTable MakeByteTable(ValueOf value_of) {
  ByteTable table{};
  for (int i = 0; i < kBlock; ++i) table[i] = static_cast<uint8_t>(value_of(i % 16));
  return table;
}

constexpr uint32_t HashOrZero(int rank) { return rank < kRanksMax ? RankHash(rank) : 0; }

// Suit counters of two suits, as in HandKey; the low two bits of a card are its suit.
constexpr ByteTable MakeSuitTable(int low_suit) {
  return MakeByteTable([=](int bits) {
    return SuitOf(bits) == low_suit ? 0x01 : SuitOf(bits) == low_suit + 1 ? 0x10 : 0;
  });
}

__m256i Load(const void* bytes) { return _mm256_loadu_si256(static_cast<const __m256i*>(bytes)); }

// 16 + 16 sums of 16 bits, of hands {0-7, 16-23} and {8-15, 24-31}.
struct WideSums {
  __m256i low = _mm256_setzero_si256();
  __m256i high = _mm256_setzero_si256();

  void Add(__m256i low_bytes, __m256i high_bytes) {
    low = _mm256_add_epi16(low, _mm256_unpacklo_epi8(low_bytes, high_bytes));
    high = _mm256_add_epi16(high, _mm256_unpackhi_epi8(low_bytes, high_bytes));
  }
};

void StoreInOrder(__m256i low, __m256i high, uint16_t* out) {
  const __m256i first = _mm256_permute2x128_si256(low, high, 0x20);
  const __m256i second = _mm256_permute2x128_si256(low, high, 0x31);
  _mm256_store_si256(reinterpret_cast<__m256i*>(out), first);
  _mm256_store_si256(reinterpret_cast<__m256i*>(out + 16), second);
}

}  // namespace

// Ranks n hands of kNumCards. Needs n to be a multiple of kBlock.
template <int kNumCards>
void HandRanker::RankBlocks(const Card* const* slots, int n, int32_t* strengths) const {
  constexpr int kColumnMask = (1 << kColumnBits) - 1;
  // A hash is added up in two parts, so that 16 bits hold each sum; what the column's sum carries
  // is moved to the row's at the end.
  static constexpr ByteTable kColumnLow =
      MakeByteTable([](int rank) { return HashOrZero(rank) & kColumnMask; });
  static constexpr ByteTable kColumnHigh =
      MakeByteTable([](int rank) { return (HashOrZero(rank) & kColumnMask) >> 8; });
  static constexpr ByteTable kRowLow =
      MakeByteTable([](int rank) { return HashOrZero(rank) >> kColumnBits; });
  static constexpr ByteTable kRowHigh =
      MakeByteTable([](int rank) { return HashOrZero(rank) >> kColumnBits >> 8; });
  static constexpr ByteTable kSuitsLow = MakeSuitTable(0);
  static constexpr ByteTable kSuitsHigh = MakeSuitTable(2);
  static_assert(kRankedCardsMax * kColumnMask < 1 << 16);

  const Table& table = tables_[kNumCards - kRankedCardsMin];
  const uint16_t* const row_starts = table.row_starts.data();
  const uint16_t* const ranks = table.ranks.data();
  for (int first = 0; first < n; first += kBlock) {
    WideSums columns;
    WideSums rows;
    __m256i suits_low = _mm256_set1_epi8(0x33);
    __m256i suits_high = suits_low;
    for (int k = 0; k < kNumCards; ++k) {
      const __m256i cards = Load(slots[k] + first);
      const __m256i rank = _mm256_and_si256(_mm256_srli_epi16(cards, 2), _mm256_set1_epi8(0x0f));
      columns.Add(_mm256_shuffle_epi8(Load(kColumnLow.data()), rank),
                  _mm256_shuffle_epi8(Load(kColumnHigh.data()), rank));
      rows.Add(_mm256_shuffle_epi8(Load(kRowLow.data()), rank),
               _mm256_shuffle_epi8(Load(kRowHigh.data()), rank));
      suits_low = _mm256_add_epi8(suits_low, _mm256_shuffle_epi8(Load(kSuitsLow.data()), cards));
      suits_high = _mm256_add_epi8(suits_high, _mm256_shuffle_epi8(Load(kSuitsHigh.data()), cards));
    }
    alignas(32) std::array<uint16_t, kBlock> row;
    alignas(32) std::array<uint16_t, kBlock> column;
    const auto row_of = [](__m256i row_sums, __m256i column_sums) {
      const __m256i carried =
          _mm256_add_epi16(row_sums, _mm256_srli_epi16(column_sums, kColumnBits));
      return _mm256_and_si256(carried, _mm256_set1_epi16(kRows - 1));
    };
    StoreInOrder(row_of(rows.low, columns.low), row_of(rows.high, columns.high), row.data());
    const __m256i mask = _mm256_set1_epi16(kColumnMask);
    StoreInOrder(_mm256_and_si256(columns.low, mask), _mm256_and_si256(columns.high, mask),
                 column.data());
    for (int i = 0; i < kBlock; ++i) strengths[first + i] = ranks[row_starts[row[i]] + column[i]];

    // Bits 3 and 7 of a byte show a flush; both meet in bit 7.
    const __m256i counters = _mm256_or_si256(suits_low, suits_high);
    const __m256i flush_bits = _mm256_or_si256(counters, _mm256_slli_epi16(counters, 4));
    for (uint32_t left = _mm256_movemask_epi8(flush_bits); left != 0; left &= left - 1) {
      const int i = first + std::countr_zero(left);
      HandKey hand;
      for (int k = 0; k < kNumCards; ++k) hand.Add(slots[k][i]);
      strengths[i] = flushes_[hand.FlushRanks()];
    }
  }
}

void HandRanker::RankHands(const Card* const* slots, int num_slots, int n,
                           int32_t* strengths) const {
  const int in_blocks = n / kBlock * kBlock;
  switch (num_slots) {
    case 5:
      RankBlocks<5>(slots, in_blocks, strengths);
      break;
    case 6:
      RankBlocks<6>(slots, in_blocks, strengths);
      break;
    case 7:
      RankBlocks<7>(slots, in_blocks, strengths);
      break;
    default:
      LOG(FATAL) << num_slots << " cards: a hand has " << kRankedCardsMin << " to "
                 << kRankedCardsMax;
  }
  for (int i = in_blocks; i < n; ++i) {
    HandKey hand;
    for (int k = 0; k < num_slots; ++k) hand.Add(slots[k][i]);
    strengths[i] = Rank(hand);
  }
}

}  // namespace nash
