// Raises as fractions of the pot after calling: the measure in which a hand as it is played and the
// same hand in a tree are compared. A pot without chips counts as one.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_TRANSLATION_POT_FRACTION_H_
#define NASHVILLE_SOLVER_TRANSLATION_POT_FRACTION_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "common/rng.h"
#include "solver/game/betting_state.h"
#include "solver/game/public_tree.h"

namespace nash {

inline bool IsRaise(ActionLabel label) { return label > 0; }

inline int64_t PotAfterCall(const BettingState& state) {
  return std::max<int64_t>(1, int64_t{state.pot_chips()} + state.owed_chips());
}
inline double RaiseSize(const BettingState& state, int32_t total_chips) {
  return static_cast<double>(total_chips - state.max_spent_chips()) /
         static_cast<double>(PotAfterCall(state));
}

// The legal raise of `played` nearest to what `total_chips` is in the tree; all-in for all-in.
// Needs a state of each that can raise.
inline int32_t SameRaise(const BettingState& in_tree, int32_t total_chips,
                         const BettingState& played) {
  if (total_chips >= in_tree.MaxCalledRaiseTo()) return played.MaxCalledRaiseTo();
  const int64_t pot_in_tree = PotAfterCall(in_tree);
  const int64_t raise_chips =
      ((total_chips - in_tree.max_spent_chips()) * PotAfterCall(played) + pot_in_tree / 2) /
      pot_in_tree;
  return static_cast<int32_t>(std::clamp<int64_t>(played.max_spent_chips() + raise_chips,
                                                  played.MinRaiseTo(), played.MaxCalledRaiseTo()));
}

// In [0, 1), a function of where it is drawn.
inline double DrawTranslation(uint64_t seed, uint64_t hand, uint32_t decision) {
  const StreamName name = {seed, hand >> 32, 0};
  const RandomBlock block =
      Draw(name, DrawPurpose::kTranslation, static_cast<uint32_t>(hand), decision);
  return block[0] / 4294967296.0;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_TRANSLATION_POT_FRACTION_H_
