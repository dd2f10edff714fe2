// Where a hand goes if everybody only calls, or checks, from here on. Thread-safe: functions.
#ifndef NASHVILLE_SOLVER_EVALUATION_CALL_DOWN_H_
#define NASHVILLE_SOLVER_EVALUATION_CALL_DOWN_H_

#include "solver/game/public_tree.h"

namespace nash {

// The place of the call (or check) among a node's actions.
int CallEdgeOf(const PublicTree& tree, NodeIndex node);

// The end of the hand after `edge` if all call.
const PublicEdge& CalledEnd(const PublicTree& tree, const PublicEdge& edge);

// The street whose cards are dealt when `edge` of a node on `street` is taken: of an all-in that is
// called the last; of a fold, and of what leads to another decision of the same street, `street`.
int StreetAfter(const PublicTree& tree, int street, const PublicEdge& edge);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_CALL_DOWN_H_
