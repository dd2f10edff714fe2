// Binomial coefficients and colexicographic ranks of small sets. Thread-safe: constants.
//
// A set of k numbers c1 < c2 < ... < ck has colex rank C(c1,1) + C(c2,2) + ... + C(ck,k): sets
// compare by their largest member first, and ranks of k-sets of {0..n-1} fill 0..C(n,k)-1. A
// multiset x1 <= ... <= xk has rank C(x1,1) + C(x2+1,2) + ... + C(xk+k-1,k) likewise.
// Source: Knuth, The Art of Computer Programming, volume 4A, section 7.2.1.3.
#ifndef NASHVILLE_SOLVER_CARDS_COMBINATIONS_H_
#define NASHVILLE_SOLVER_CARDS_COMBINATIONS_H_

#include <array>
#include <bit>
#include <cstdint>

namespace nash {

// C(n, k); 0 when k > n. Needs a result below 2^63 / n.
constexpr uint64_t Choose(uint64_t n, int k) {
  uint64_t out = 1;
  for (int i = 0; i < k; ++i) {
    if (n < static_cast<uint64_t>(i) + 1) return 0;
    out = out * (n - i) / (i + 1);
  }
  return out;
}

// C(n, k) of ranks: n <= 13, k <= 13.
inline constexpr int kSmallChooseMax = 13;
inline constexpr std::array<std::array<uint32_t, kSmallChooseMax + 1>, kSmallChooseMax + 1>
    kSmallChoose = [] {
      std::array<std::array<uint32_t, kSmallChooseMax + 1>, kSmallChooseMax + 1> out{};
      for (int n = 0; n <= kSmallChooseMax; ++n) {
        for (int k = 0; k <= kSmallChooseMax; ++k) out[n][k] = static_cast<uint32_t>(Choose(n, k));
      }
      return out;
    }();

// Colex rank of the set whose members are the bits of `set`, all below 13.
constexpr uint32_t ColexRank(uint32_t set) {
  uint32_t out = 0;
  for (int k = 1; set != 0; ++k, set &= set - 1) {
    out += kSmallChoose[std::countr_zero(set)][k];
  }
  return out;
}

// The k-set of colex rank `rank`; inverse of ColexRank. Needs rank < C(13, k).
constexpr uint32_t ColexSet(uint32_t rank, int k) {
  uint32_t set = 0;
  int top = kSmallChooseMax;
  for (; k > 0; --k) {
    do --top;
    while (kSmallChoose[top][k] > rank);
    rank -= kSmallChoose[top][k];
    set |= uint32_t{1} << top;
  }
  return set;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_COMBINATIONS_H_
