// Kuhn poker, whose equilibria are known in closed form (Kuhn 1950, "A simplified two-person
// poker"): what they have in common, as checks.
#ifndef NASHVILLE_SOLVER_EVALUATION_LITMUS_KUHN_H_
#define NASHVILLE_SOLVER_EVALUATION_LITMUS_KUHN_H_

#include "solver/evaluation/litmus_list.h"

namespace nash {

// Adds its checks, all of them as skipped in another game.
void JudgeKuhn(const PublicTree& tree, const HandModel& hands, const Policy& policy,
               LitmusList* list);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LITMUS_KUHN_H_
