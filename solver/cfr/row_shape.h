// Loops over rows of one node, compiled for the number of actions that it has: nodes have thousands
// of rows, and a loop over three values that the compiler knows costs a third of one over n.
// Thread-safe: a function only.
#ifndef NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_
#define NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_

#include <cstdint>

namespace nash {

// Calls body.operator()<A>() with A the number of actions, or 0 where that is not compiled in.
template <typename Body>
void ForActions(uint32_t num_actions, const Body& body) {
  switch (num_actions) {
    case 2:
      return body.template operator()<2>();
    case 3:
      return body.template operator()<3>();
    case 4:
      return body.template operator()<4>();
    case 5:
      return body.template operator()<5>();
    default:
      return body.template operator()<0>();
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_SHAPE_H_
