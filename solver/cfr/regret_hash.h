// A 64-bit hash of a table's regrets that follows changes: what every replica compares every round.
//
// It is linear: the sum modulo 2^64, over all bundles (table_layout.h; without lanes they are
// rows), of BundleKey(bundle) * sum of regret[i] * ValueKey(i). So a change of a row changes it by
// the hash of the change, whatever order changes come in, and zeros add nothing. Keys are odd: no
// single flipped bit goes unnoticed. It detects accidents; a collision is easy to make on purpose.
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_REGRET_HASH_H_
#define NASHVILLE_SOLVER_CFR_REGRET_HASH_H_

#include <array>
#include <cstdint>
#include <cstring>

#include "solver/cfr/row_shape.h"
#include "solver/cfr/table.h"

namespace nash {

// Steps of MurmurHash3's 64-bit finaliser, of the number times the golden ratio.
constexpr uint64_t RegretHashKey(uint64_t number) {
  uint64_t key = (number + 1) * 0x9e3779b97f4a7c15;
  key = (key ^ key >> 33) * 0xff51afd7ed558ccd;
  return (key ^ key >> 33) | 1;
}

// From a value's key to the next one's; odd, and so are all keys.
inline constexpr uint64_t kValueHashStep = 0xd1342543de82ef95;

// ValueKey(i), of the values of a bundle.
inline constexpr auto kValueHashKeys = [] {
  std::array<uint64_t, kBundleValuesMax / 2> keys{};
  uint64_t key = RegretHashKey(0);
  for (uint64_t& k : keys) {
    k = key;
    key *= kValueHashStep;
  }
  return keys;
}();

// Adds up (after - before) * key of eight values, in four sums modulo 2^64.
typedef uint64_t HashSums __attribute__((vector_size(32)));
inline void AddToHashSums(const Eight& before, const Eight& after, const uint64_t* keys,
                          HashSums* sums) {
  for (const int half : {0, 1}) {
    const auto wide = [half](const Eight& v) {
      return (HashSums)_mm256_cvtepi32_epi64(half == 0 ? _mm256_castsi256_si128((__m256i)v)
                                                       : _mm256_extracti128_si256((__m256i)v, 1));
    };
    HashSums factor;
    std::memcpy(&factor, keys + 4 * half, sizeof(factor));
    *sums += (wide(after) - wide(before)) * factor;
  }
}

// The inner sum. regrets: [num_regrets].
template <int kCount = kAnyCount>
inline uint64_t SumByValue(const int32_t* regrets, uint32_t num_regrets) {
  uint64_t sum = 0;
  if constexpr (kCount == kEights) {
    HashSums sums{};
    for (uint32_t i = 0; i < num_regrets; i += 8) {
      AddToHashSums(Eight{}, EightAt(regrets + i), &kValueHashKeys[i], &sums);
    }
    sum = sums[0] + sums[1] + sums[2] + sums[3];
  } else {
    ForValues<kCount>(num_regrets, [&](uint32_t i) {
      sum += static_cast<uint64_t>(int64_t{regrets[i]}) * kValueHashKeys[i];
    });
  }
  return sum;
}

template <int kCount = kAnyCount>
inline uint64_t HashOfRegrets(BundleIndex bundle, const int32_t* regrets, uint32_t num_regrets) {
  return RegretHashKey(bundle.value) * SumByValue<kCount>(regrets, num_regrets);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_REGRET_HASH_H_
