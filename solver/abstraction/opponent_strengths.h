// Opponent cluster hand strength: what a hand wins against each group of opponents.
//
// A row has one byte for each opponent cluster: 255 times the exact chance, over all opponent pairs
// of that cluster and all run-outs, to win plus half the chance to tie, rounded. On the last street
// these are the features of Johanson et al. 2013, section 4.2; before it, their expectation.
// Thread-safe: a function.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_OPPONENT_STRENGTHS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_OPPONENT_STRENGTHS_H_

#include "absl/status/statusor.h"
#include "common/huge_array.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/hand_rows.h"
#include "solver/abstraction/opponent_clusters.h"
#include "solver/game/game_definition.h"

namespace nash {

// [rows.size()][kOpponentClusters]. last_boards: the boards of the game's last street.
// Errors: ResourceExhausted, Cancelled.
absl::StatusOr<HugeArray> MakeOpponentStrengths(const GameDefinition& game, int street,
                                                const HandRows& rows, const BoardSet& last_boards,
                                                const OpponentClusters& clusters,
                                                const BuildOptions& options);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_OPPONENT_STRENGTHS_H_
