// A pack: the same number of 4, 8 or 16 betting subtrees side by side, one lane a subtree.
//
// Registers of 32 bytes, written with the compilers' vector extensions. A pack of 64 bytes is two
// of them, as members: g++ 12 takes wider vectors, and arrays of vectors, through memory. Lanes
// never meet: lane k of a result depends on lanes k only, and is the same to the last bit whatever
// the other lanes hold and however many there are. Nothing is contracted
// (-ffp-contract=off). Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_RANGES_PACK_H_
#define NASHVILLE_SOLVER_RANGES_PACK_H_

#include <cstdint>

namespace nash {

// NASH_INLINE_LAMBDA: after the parameters of a lambda that is called from many places, each of
// which wants its own. With checks of memory functions as long as that do not compile in minutes.
#ifdef __SANITIZE_ADDRESS__
#define NASH_ALWAYS_INLINE inline
#define NASH_INLINE_LAMBDA
#else
#define NASH_ALWAYS_INLINE __attribute__((always_inline)) inline
#define NASH_INLINE_LAMBDA __attribute__((always_inline))
#endif

template <typename Scalar>
struct Register32 {
  typedef Scalar Type __attribute__((vector_size(32)));
};

template <typename Register, int kRegisters>
struct PackRegisters;
template <typename Register>
struct PackRegisters<Register, 1> {
  Register low;
};
template <typename Register>
struct PackRegisters<Register, 2> {
  PackRegisters() = default;
  // Register by register: g++ 12 copies a whole of 64 bytes in pieces of 16, and what is then
  // loaded from the copy waits for all of them.
  NASH_ALWAYS_INLINE PackRegisters(const PackRegisters& other) : low(other.low), high(other.high) {}
  NASH_ALWAYS_INLINE PackRegisters& operator=(const PackRegisters& other) {
    low = other.low;
    high = other.high;
    return *this;
  }

  Register low;
  Register high;
};

template <typename ScalarType, int kLaneCount>
struct alignas(kLaneCount * sizeof(ScalarType)) Pack
    : PackRegisters<typename Register32<ScalarType>::Type,
                    kLaneCount* static_cast<int>(sizeof(ScalarType)) / 32> {
  using Scalar = ScalarType;
  using Register = typename Register32<Scalar>::Type;
  static constexpr int kLanes = kLaneCount;
  static constexpr int kLanesPerRegister = 32 / sizeof(Scalar);
  static constexpr bool kHasHigh = kLanes > kLanesPerRegister;

  static NASH_ALWAYS_INLINE Pack Zero() { return Broadcast(0); }
  static NASH_ALWAYS_INLINE Pack Broadcast(Scalar x) {
    Pack out;
    out.low = x - Register{};
    if constexpr (kHasHigh) out.high = out.low;
    return out;
  }
  // lanes: [kLanes].
  template <typename Number>
  static Pack From(const Number* lanes) {
    Pack out = Zero();
    for (int k = 0; k < kLanes; ++k) out.Set(k, static_cast<Scalar>(lanes[k]));
    return out;
  }

  Scalar operator[](int lane) const { return reinterpret_cast<const Scalar*>(this)[lane]; }
  void Set(int lane, Scalar x) { reinterpret_cast<Scalar*>(this)[lane] = x; }

  template <typename Operation>
  static NASH_ALWAYS_INLINE Pack Each(const Operation& operation, Pack a, Pack b) {
    Pack out;
    out.low = operation(a.low, b.low);
    if constexpr (kHasHigh) out.high = operation(a.high, b.high);
    return out;
  }
  friend NASH_ALWAYS_INLINE Pack operator+(Pack a, Pack b) {
    return Each([](Register x, Register y) { return x + y; }, a, b);
  }
  friend NASH_ALWAYS_INLINE Pack operator-(Pack a, Pack b) {
    return Each([](Register x, Register y) { return x - y; }, a, b);
  }
  friend NASH_ALWAYS_INLINE Pack operator*(Pack a, Pack b) {
    return Each([](Register x, Register y) { return x * y; }, a, b);
  }
  friend NASH_ALWAYS_INLINE Pack Max(Pack a, Pack b) {
    return Each([](Register x, Register y) { return x > y ? x : y; }, a, b);
  }
  NASH_ALWAYS_INLINE Pack& operator+=(Pack b) { return *this = *this + b; }
  NASH_ALWAYS_INLINE Pack& operator*=(Pack b) { return *this = *this * b; }
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_PACK_H_
