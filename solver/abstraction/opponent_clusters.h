// Groups of opponents' hole cards that fare alike: the axes of opponent cluster hand strength.
//
// The classes of hole cards, clustered by their histograms of final strength under earth mover's
// distance; cluster 0 is the weakest. Johanson, Burch, Valenzano, Bowling, "Evaluating state-space
// abstractions in extensive-form games", AAMAS 2013, section 4.2, with 8 clusters as there.
// Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_OPPONENT_CLUSTERS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_OPPONENT_CLUSTERS_H_

#include "absl/status/statusor.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/hand_strengths.h"
#include "solver/abstraction/showdown_sweep.h"

namespace nash {

// strengths: of the last street at least. Error: InvalidArgument, where the deck has fewer than
// kOpponentClusters different classes.
absl::StatusOr<OpponentClusters> MakeOpponentClusters(const HandStrengths& strengths,
                                                      const BuildOptions& options);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_OPPONENT_CLUSTERS_H_
