// Loops over values of rows, compiled for the shape that they have: nodes have thousands of rows,
// and three values that the compiler knows of cost a third of a loop over n, whose end no processor
// guesses. What lies in lanes comes eight values by eight, as vectors. Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_
#define NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace nash {

// The values of a bundle (table_layout.h), as they lie.
struct BundleShape {
  uint32_t num_regrets = 0;
  bool has_sums = false;   // as many as regrets, behind them
  bool in_eights = false;  // num_regrets is a multiple of eight
  uint32_t num_values() const { return has_sums ? 2 * num_regrets : num_regrets; }
};

// What a loop over n values is compiled for: n, where it is above 0, or one of these.
inline constexpr int kAnyCount = 0;
inline constexpr int kEights = -1;  // any multiple of eight

// Of regrets and sums, where kCount is of regrets.
constexpr int CountOfValues(int count, bool has_sums) {
  return count > 0 && has_sums ? 2 * count : count;
}

// Calls body.operator()<A, S>() with A what loops over regrets are compiled for, and S whether
// there are sums.
template <typename Body>
void ForShape(const BundleShape& shape, const Body& body) {
  const auto with = [&]<int A>() {
    shape.has_sums ? body.template operator()<A, true>() : body.template operator()<A, false>();
  };
  if (shape.in_eights) return with.template operator()<kEights>();
  switch (shape.num_regrets) {
    case 2:
      return with.template operator()<2>();
    case 3:
      return with.template operator()<3>();
    case 4:
      return with.template operator()<4>();
    case 5:
      return with.template operator()<5>();
    default:
      return with.template operator()<kAnyCount>();
  }
}

// Calls work(i) for i below n. Without a loop where kCount, which is then n, is above 0.
template <int kCount, typename Work>
inline __attribute__((always_inline)) void ForValues(uint32_t n, const Work& work) {
  if constexpr (kCount > 0) {
#pragma GCC unroll 16
    for (uint32_t i = 0; i < kCount; ++i) work(i);
  } else {
    for (uint32_t i = 0; i < n; ++i) work(i);
  }
}

// Calls work(i, read) for every second i below n, where read(values + i) gives two values as one
// number, and the last of an odd n alone.
template <int kCount, typename Work>
inline __attribute__((always_inline)) void ForPairs(uint32_t n, const Work& work) {
  const auto read = []<typename Number>(const int32_t* from, Number number) {
    std::memcpy(&number, from, sizeof(number));
    return number;
  };
  const uint32_t count = kCount > 0 ? kCount : n;
  ForValues<kCount / 2>(count / 2, [&](uint32_t i) {
    work(2 * i, [&](const int32_t* from) { return read(from, uint64_t{}); });
  });
  if (count % 2 == 0) return;
  work(count - 1, [&](const int32_t* from) { return uint64_t{read(from, uint32_t{})}; });
}

// Eight values as one vector, wherever they lie. Unsigned, so that sums wrap.
typedef uint32_t Eight __attribute__((vector_size(32), aligned(4), may_alias));
inline Eight& EightAt(int32_t* values) { return *reinterpret_cast<Eight*>(values); }
inline const Eight& EightAt(const int32_t* values) {
  return *reinterpret_cast<const Eight*>(values);
}
inline bool IsZero(const Eight& v) { return _mm256_testz_si256((__m256i)v, (__m256i)v); }

// to[i] += from[i] modulo 2^32, for i below n.
template <int kCount = kAnyCount>
inline void AddValues(const int32_t* from, uint32_t n, int32_t* to) {
  if constexpr (kCount == kEights) {
    for (uint32_t i = 0; i < n; i += 8) EightAt(to + i) += EightAt(from + i);
  } else {
    ForValues<kCount>(n, [&](uint32_t i) {
      to[i] = static_cast<int32_t>(static_cast<uint32_t>(to[i]) + static_cast<uint32_t>(from[i]));
    });
  }
}

// out[i] = a[i] - b[i] modulo 2^32.
template <int kCount = kAnyCount>
inline void SubtractValues(const int32_t* a, const int32_t* b, uint32_t n, int32_t* out) {
  if constexpr (kCount == kEights) {
    for (uint32_t i = 0; i < n; i += 8) EightAt(out + i) = EightAt(a + i) - EightAt(b + i);
  } else {
    ForValues<kCount>(n, [&](uint32_t i) {
      out[i] = static_cast<int32_t>(static_cast<uint32_t>(a[i]) - static_cast<uint32_t>(b[i]));
    });
  }
}

template <int kCount = kAnyCount>
inline void CopyValues(const int32_t* from, uint32_t n, int32_t* to) {
  if constexpr (kCount == kEights) {
    for (uint32_t i = 0; i < n; i += 8) EightAt(to + i) = EightAt(from + i);
  } else {
    ForValues<kCount>(n, [&](uint32_t i) { to[i] = from[i]; });
  }
}

template <int kCount = kAnyCount>
inline void ClearValues(uint32_t n, int32_t* values) {
  if constexpr (kCount == kEights) {
    for (uint32_t i = 0; i < n; i += 8) EightAt(values + i) = Eight{};
  } else {
    ForValues<kCount>(n, [&](uint32_t i) { values[i] = 0; });
  }
}

// Whether all of n values are zero.
template <int kCount = kAnyCount>
inline bool AreZero(const int32_t* values, uint32_t n) {
  if constexpr (kCount == kEights) {
    Eight any = {};
    for (uint32_t i = 0; i < n; i += 8) any |= EightAt(values + i);
    return IsZero(any);
  } else {
    uint64_t any = 0;
    ForPairs<kCount>(n, [&](uint32_t i, auto read) { any |= read(values + i); });
    return any == 0;
  }
}

// Whether any of n values differ. Rows are short: a loop beats a call.
template <int kCount = kAnyCount>
inline bool ValuesDiffer(const int32_t* a, const int32_t* b, uint32_t n) {
  if constexpr (kCount == kEights) {
    Eight any = {};
    for (uint32_t i = 0; i < n; i += 8) any |= EightAt(a + i) ^ EightAt(b + i);
    return !IsZero(any);
  } else {
    uint64_t any = 0;
    ForPairs<kCount>(n, [&](uint32_t i, auto read) { any |= read(a + i) ^ read(b + i); });
    return any != 0;
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_
