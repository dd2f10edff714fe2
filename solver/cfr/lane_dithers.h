// The dithers of a round's end for rows of eight nodes side by side: those of RowDithers
// (schedule.h), eight at once.
//
// Philox (common/rng.h) is written out here over vectors: ten rounds of two products of 32 bits,
// whose upper and lower halves change places. A draw serves two neighbouring rows of a node, so
// that it is made for every second bucket where the nodes' first rows are all even or all odd, and
// for every one where they are not. tests/cfr/lane_sweep_test.cc compares with RowDithers.
//
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_LANE_DITHERS_H_
#define NASHVILLE_SOLVER_CFR_LANE_DITHERS_H_

#include <Random123/philox.h>

#include <cstdint>

#include "absl/types/span.h"
#include "common/rng.h"
#include "solver/cfr/lanes.h"

namespace nash {

class LaneDithers {
 public:
  static constexpr int kLanes = 8;
  using I = Lanes<kLanes>::I;
  typedef uint32_t U __attribute__((vector_size(kLanes * 4)));

  // first_rows: of the lanes' nodes, in the canonical order, from one to kLanes of them.
  LaneDithers(uint64_t seed, uint64_t round, absl::Span<const uint64_t> first_rows)
      : seed_(seed), round_(round) {
    bool some_even = false, some_odd = false;
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const uint64_t row = first_rows[lane < first_rows.size() ? lane : 0];
      first_low_[lane] = static_cast<uint32_t>(row);
      first_high_[lane] = static_cast<uint32_t>(row >> 32);
      (row % 2 == 0 ? some_even : some_odd) = true;
    }
    is_mixed_ = some_even && some_odd;
    ahead_ = some_odd;
  }

  // Moves to the rows of `bucket`. Buckets come in any order, and ascending ones cost least.
  void MoveTo(uint32_t bucket) {
    const U low = first_low_ + bucket;
    const U high = first_high_ + ((I)(low < first_low_) == -1 ? U{} + 1 : U{});
    const uint64_t turn = (uint64_t{bucket} + ahead_) / 2;
    if (is_mixed_ || turn != turn_) DrawPairs(low >> 1 | high << 31, high >> 1);
    turn_ = turn;
    const I is_odd = (I)(low << 31) < 0;
    regrets = (I)((is_odd ? words_[1] : words_[0]) >> 1);
    sums = (I)((is_odd ? words_[3] : words_[2]) >> 1);
  }

  // By lane, each in [0, kOne).
  I regrets = {};
  I sums = {};

 private:
  // The two halves of the products of a and factor, by lane.
  static void Multiply(U a, uint32_t factor, U* high, U* low) {
    const __m256i b = _mm256_set1_epi32(static_cast<int32_t>(factor));
    const __m256i even = _mm256_mul_epu32((__m256i)a, b);
    const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64((__m256i)a, 32), b);
    *high = (U)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
    *low = (U)_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
  }

  void DrawPairs(U pair_low, U pair_high) {
    // As Draw({seed, round, pair_high}, kDiscount, pair_low, 0).
    U c0 = pair_low;
    U c1 = pair_high;
    U c2 = U{} + static_cast<uint32_t>(round_);
    U c3 = U{} + (static_cast<uint32_t>(DrawPurpose::kDiscount) << 24);
    uint32_t key0 = static_cast<uint32_t>(seed_);
    uint32_t key1 = static_cast<uint32_t>(seed_ >> 32) ^ static_cast<uint32_t>(round_ >> 32);
    for (int i = 0; i < philox4x32_rounds; ++i) {
      U high0, low0, high1, low1;
      Multiply(c0, PHILOX_M4x32_0, &high0, &low0);
      Multiply(c2, PHILOX_M4x32_1, &high1, &low1);
      c0 = high1 ^ c1 ^ key0;
      c1 = low1;
      c2 = high0 ^ c3 ^ key1;
      c3 = low0;
      key0 += PHILOX_W32_0;
      key1 += PHILOX_W32_1;
    }
    words_[0] = c0;
    words_[1] = c1;
    words_[2] = c2;
    words_[3] = c3;
  }

  const uint64_t seed_;
  const uint64_t round_;
  U first_low_ = {}, first_high_ = {};
  bool is_mixed_ = false;         // some first rows are even, others odd
  bool ahead_ = false;            // some is odd: its pairs begin at odd buckets
  uint64_t turn_ = ~uint64_t{0};  // all of one turn share a draw, unless is_mixed_
  U words_[4] = {};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LANE_DITHERS_H_
