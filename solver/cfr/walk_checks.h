// What a walk takes for granted and builds with checks look at (DCHECK: --config=asan and debug).
//
// The proof that no value wraps is in docs/determinism.md; here it is held against what happens.
// Thread-safe: pure functions. Costs nothing in an optimised build.
#ifndef NASHVILLE_SOLVER_CFR_WALK_CHECKS_H_
#define NASHVILLE_SOLVER_CFR_WALK_CHECKS_H_

#include <glog/logging.h>

#include <cstdint>
#include <limits>

#include "solver/cfr/lanes.h"

namespace nash {

// values + added * factor stays within int32 in every lane. Lanes beyond the row add nothing.
template <int W>
inline void DcheckNoWrap(typename Lanes<W>::I values, typename Lanes<W>::I added, int32_t factor) {
#if DCHECK_IS_ON()
  for (int a = 0; a < W; ++a) {
    const int64_t sum = int64_t{values[a]} + int64_t{added[a]} * factor;
    CHECK_GE(sum, std::numeric_limits<int32_t>::min()) << "lane " << a << " wraps";
    CHECK_LE(sum, std::numeric_limits<int32_t>::max()) << "lane " << a << " wraps";
  }
#endif
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_WALK_CHECKS_H_
