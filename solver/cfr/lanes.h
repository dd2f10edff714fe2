// Small vectors of int32 and float, one lane per action: the arithmetic of one row.
//
// W is 4, 8 or 16 lanes; a row with A actions uses the smallest that holds it and masks the rest.
// Written with the compilers' vector extensions: the same order of operations on every machine and
// for every caller, so the same bits. No operation is contracted (-ffp-contract=off).
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_LANES_H_
#define NASHVILLE_SOLVER_CFR_LANES_H_

#include <immintrin.h>

#include <cstdint>

namespace nash {

// The lanes of a row with that many actions.
constexpr int WidthFor(int num_actions) { return num_actions <= 4 ? 4 : num_actions <= 8 ? 8 : 16; }

// Calls body.operator()<W>() for W = WidthFor(num_actions): the one place where the number of
// actions, known at run time, chooses code that is compiled for a width.
template <typename Body>
inline auto WithWidth(int num_actions, const Body& body) {
  switch (WidthFor(num_actions)) {
    case 4:
      return body.template operator()<4>();
    case 8:
      return body.template operator()<8>();
    default:
      return body.template operator()<16>();
  }
}

template <int W>
struct Lanes;

#define NASH_DEFINE_LANES(W)                                                    \
  template <>                                                                   \
  struct Lanes<W> {                                                             \
    typedef float F __attribute__((vector_size(W * 4)));                        \
    typedef int32_t I __attribute__((vector_size(W * 4)));                      \
    typedef float UnalignedF __attribute__((vector_size(W * 4), aligned(4)));   \
    typedef int32_t UnalignedI __attribute__((vector_size(W * 4), aligned(4))); \
  }
NASH_DEFINE_LANES(4);
NASH_DEFINE_LANES(8);
NASH_DEFINE_LANES(16);
#undef NASH_DEFINE_LANES

template <int W>
inline typename Lanes<W>::I LoadInts(const int32_t* p) {
  return *reinterpret_cast<const typename Lanes<W>::UnalignedI*>(p);
}
template <int W>
inline void StoreInts(int32_t* p, typename Lanes<W>::I v) {
  *reinterpret_cast<typename Lanes<W>::UnalignedI*>(p) = v;
}
template <int W>
inline typename Lanes<W>::F LoadFloats(const float* p) {
  return *reinterpret_cast<const typename Lanes<W>::UnalignedF*>(p);
}
template <int W>
inline void StoreFloats(float* p, typename Lanes<W>::F v) {
  *reinterpret_cast<typename Lanes<W>::UnalignedF*>(p) = v;
}

template <int W>
inline typename Lanes<W>::F Broadcast(float x) {
  return x - typename Lanes<W>::F{};
}
template <int W>
inline typename Lanes<W>::I BroadcastInt(int32_t x) {
  return x - typename Lanes<W>::I{};
}
template <int W>
inline typename Lanes<W>::F ToFloats(typename Lanes<W>::I v) {
  return __builtin_convertvector(v, typename Lanes<W>::F);
}

// The same bits as the other type: a cast between vectors of one size converts no value.
template <int W>
inline typename Lanes<W>::F BitsAsFloats(typename Lanes<W>::I v) {
  return (typename Lanes<W>::F)v;
}
template <int W>
inline typename Lanes<W>::I BitsAsInts(typename Lanes<W>::F v) {
  return (typename Lanes<W>::I)v;
}

// Rounds down. Needs |v| < 2^31.
template <int W>
inline typename Lanes<W>::I FloorToInts(typename Lanes<W>::F v) {
  const typename Lanes<W>::I truncated = __builtin_convertvector(v, typename Lanes<W>::I);
  return truncated + (ToFloats<W>(truncated) > v);  // a true comparison is -1
}

// All bits of lanes [0, n) set, the others clear.
template <int W>
inline typename Lanes<W>::I MaskOf(int n) {
  typename Lanes<W>::I mask;
  for (int i = 0; i < W; ++i) mask[i] = i < n ? -1 : 0;
  return mask;
}

// Bit i is the sign of lane i.
template <int W>
inline uint32_t MaskBits(typename Lanes<W>::I v) {
  if constexpr (W == 4) {
    return _mm_movemask_ps((__m128)v);
  } else if constexpr (W == 8) {
    return _mm256_movemask_ps((__m256)v);
  } else {
    const Lanes<8>::I low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
    const Lanes<8>::I high = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    return MaskBits<8>(low) | (MaskBits<8>(high) << 8);
  }
}

// Lane i becomes the sum of lanes [0, i], by doubling steps.
inline Lanes<4>::F PrefixSums(Lanes<4>::F v) {
  const Lanes<4>::F zero = {};
  v += __builtin_shufflevector(zero, v, 0, 4, 5, 6);
  v += __builtin_shufflevector(zero, v, 0, 1, 4, 5);
  return v;
}
inline Lanes<8>::F PrefixSums(Lanes<8>::F v) {
  const Lanes<8>::F zero = {};
  v += __builtin_shufflevector(zero, v, 0, 8, 9, 10, 11, 12, 13, 14);
  v += __builtin_shufflevector(zero, v, 0, 1, 8, 9, 10, 11, 12, 13);
  v += __builtin_shufflevector(zero, v, 0, 1, 2, 3, 8, 9, 10, 11);
  return v;
}
inline Lanes<16>::F PrefixSums(Lanes<16>::F v) {
  const Lanes<16>::F zero = {};
  v += __builtin_shufflevector(zero, v, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
                               30);
  v += __builtin_shufflevector(zero, v, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                               29);
  v += __builtin_shufflevector(zero, v, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27);
  v += __builtin_shufflevector(zero, v, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  return v;
}

// The sum of all lanes, by halving steps.
inline float SumOf(Lanes<4>::F v) {
  v += __builtin_shufflevector(v, v, 2, 3, 0, 1);
  v += __builtin_shufflevector(v, v, 1, 0, 3, 2);
  return v[0];
}
inline float SumOf(Lanes<8>::F v) {
  const Lanes<4>::F low = __builtin_shufflevector(v, v, 0, 1, 2, 3);
  const Lanes<4>::F high = __builtin_shufflevector(v, v, 4, 5, 6, 7);
  return SumOf(low + high);
}
inline float SumOf(Lanes<16>::F v) {
  const Lanes<8>::F low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
  const Lanes<8>::F high = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  return SumOf(low + high);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LANES_H_
