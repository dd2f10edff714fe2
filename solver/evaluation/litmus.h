// Checks of poker sense: what every good strategy does or leaves, whoever computed it.
//
// A check has a figure and a band that it must lie in, and says why the band is what it is. None
// measures strength: a strategy may pass all and lose, and one that fails a check of the first kind
// gives chips away for nothing. Three kinds:
//
// - what no player should ever do, by the rules alone (folding the nuts);
// - what follows from the others' frequencies (a steal that pays with any two cards);
// - frequencies that are known from solved or published games.
//
// docs/evaluation.md lists them for users. Thread-safe.
#ifndef NASHVILLE_SOLVER_EVALUATION_LITMUS_H_
#define NASHVILLE_SOLVER_EVALUATION_LITMUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "solver/evaluation/hand_space.h"
#include "solver/evaluation/litmus_hands.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"

namespace nash {

enum class LitmusVerdict : uint8_t { kPass = 0, kFail = 1, kSkipped = 2 };

// A figure of drawn hands is of at least so many decisions.
inline constexpr uint64_t kLitmusDecisionsMin = 100;

struct LitmusCheck {
  std::string name;
  LitmusVerdict verdict = LitmusVerdict::kSkipped;
  // Unless skipped. Failed where the figure, with all of its interval, is outside low to high.
  double figure = 0;
  double low = 0;
  double high = 0;
  double half_width = 0;   // of the figure's 95% interval; 0: nothing was drawn
  uint64_t decisions = 0;  // that were drawn or followed; 0: the figure is over all hands
  std::string numbers;     // behind the figure
  std::string reason;      // of the band; of a skipped check, why
};

// All checks there are, in a fixed order, those that do not apply too. tally: of all hands played.
// Needs one or two hole cards.
std::vector<LitmusCheck> JudgeLitmus(const PublicTree& tree, const HandModel& hands,
                                     const Policy& policy, const LitmusTally& tally);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LITMUS_H_
