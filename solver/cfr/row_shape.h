// Loops over rows of one node, compiled for the shape that they have: nodes have thousands of rows,
// and three values that the compiler knows of cost a third of a loop over n, whose end no processor
// guesses. Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_
#define NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_

#include <cstdint>

namespace nash {

// Calls body.operator()<A, S>() with A the number of actions, or 0 where that
// is not compiled in, and S whether there are sums.
template <typename Body>
void ForShape(uint32_t num_actions, bool has_sums, const Body& body) {
  const auto with = [&]<int A>() {
    has_sums ? body.template operator()<A, true>() : body.template operator()<A, false>();
  };
  switch (num_actions) {
    case 2:
      return with.template operator()<2>();
    case 3:
      return with.template operator()<3>();
    case 4:
      return with.template operator()<4>();
    case 5:
      return with.template operator()<5>();
    default:
      return with.template operator()<0>();
  }
}

// Calls work(i) for i below n. Without a loop where kCount, which is then n, is not 0.
template <int kCount, typename Work>
inline __attribute__((always_inline)) void ForValues(uint32_t n, const Work& work) {
  if constexpr (kCount > 0) {
#pragma GCC unroll 16
    for (uint32_t i = 0; i < kCount; ++i) work(i);
  } else {
    for (uint32_t i = 0; i < n; ++i) work(i);
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_
