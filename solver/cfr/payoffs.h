// What a hand is worth where it ends, for many deals at once. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CFR_PAYOFFS_H_
#define NASHVILLE_SOLVER_CFR_PAYOFFS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cfr/prepared_batch.h"
#include "solver/game/public_tree.h"

namespace nash {

// Writes what `traverser` wins, in chips, at the end of `edge` (not a decision) in each of `deals`
// (numbers within the batch) to values[0 .. deals.size()). Where it is the same for all deals, only
// values[0] is written and the result is true.
bool TerminalValues(const PublicTree& tree, const PublicEdge& edge, int traverser,
                    const PreparedBatch& batch, absl::Span<const uint16_t> deals, float* values);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PAYOFFS_H_
