// Takes some of eight values out of a vector and puts them back where they were: which, is a byte.
// One shuffle by a table, so that no branch depends on what is taken. Thread-safe: pure functions.
#ifndef NASHVILLE_COMMON_EIGHT_SHUFFLES_H_
#define NASHVILLE_COMMON_EIGHT_SHUFFLES_H_

#include <immintrin.h>

#include <array>
#include <cstdint>

namespace nash {

// By byte: eight places of a byte each, that of lane 0 lowest.
struct EightShuffleTables {
  std::array<uint64_t, 256> together{};  // of the lanes that are set, in order; then 0
  std::array<uint64_t, 256> apart{};     // of a lane that is set: how many are set below it
};
inline constexpr EightShuffleTables kEightShuffles = [] {
  EightShuffleTables tables;
  for (int set = 0; set < 256; ++set) {
    uint64_t count = 0;
    for (uint64_t lane = 0; lane < 8; ++lane) {
      if ((set >> lane & 1) == 0) continue;
      tables.together[set] |= lane << (8 * count);
      tables.apart[set] |= count++ << (8 * lane);
    }
  }
  return tables;
}();

inline __m256i ShuffleEight(__m256i values, uint64_t places) {
  const __m128i bytes = _mm_cvtsi64_si128(static_cast<int64_t>(places));
  return _mm256_permutevar8x32_epi32(values, _mm256_cvtepu8_epi32(bytes));
}
// The values of the lanes that are set, side by side from lane 0 on; what follows means nothing.
inline __m256i MoveTogether(__m256i values, uint32_t set) {
  return ShuffleEight(values, kEightShuffles.together[set]);
}
// Ones in the lanes that are set.
inline __m256i LanesOfBits(uint32_t set) {
  const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256i all = _mm256_set1_epi32(static_cast<int32_t>(set));
  return _mm256_cmpeq_epi32(_mm256_and_si256(all, bits), bits);
}
// The reverse: zero in lanes that are not set. lanes: LanesOfBits(set).
inline __m256i MoveApart(__m256i values, uint32_t set, __m256i lanes) {
  return _mm256_and_si256(ShuffleEight(values, kEightShuffles.apart[set]), lanes);
}
// Bit k: lane k is zero.
inline uint32_t ZeroLanes(__m256i values) {
  const __m256i is_zero = _mm256_cmpeq_epi32(values, _mm256_setzero_si256());
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(is_zero)));
}

}  // namespace nash

#endif  // NASHVILLE_COMMON_EIGHT_SHUFFLES_H_
