// Checks of what a strategy does before the flop, over all hands.
#ifndef NASHVILLE_SOLVER_EVALUATION_LITMUS_OPENINGS_H_
#define NASHVILLE_SOLVER_EVALUATION_LITMUS_OPENINGS_H_

#include "solver/evaluation/litmus_list.h"

namespace nash {

// Adds its checks, all of them as skipped where there are not two hole cards.
void JudgeOpenings(const PublicTree& tree, const CardModel& cards, const Policy& policy,
                   LitmusList* list);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LITMUS_OPENINGS_H_
