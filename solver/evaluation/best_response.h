// The exact value of a policy, and of a best response to it, for one player.
//
// A walk of the public tree that carries, for every player, the probability with which the player's
// policy plays to here with each hand, and returns values by hand of the one player asked about
// (Johanson, Waugh, Bowling, Zinkevich 2011, "Accelerating best response calculation in large
// extensive games", s. 3.1). Exact for any number of players and any payoffs; cheap for two, and
// for more a term for every joint hand at every leaf. Double precision, one fixed order of
// summation, which the number of threads does not change. Thread-safe: a pure function.
#ifndef NASHVILLE_SOLVER_EVALUATION_BEST_RESPONSE_H_
#define NASHVILLE_SOLVER_EVALUATION_BEST_RESPONSE_H_

#include "common/stage_progress.h"
#include "common/thread_pool.h"
#include "solver/evaluation/hand_space.h"
#include "solver/evaluation/leaf_terms.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"

namespace nash {

inline constexpr double kPartTermsMin = 1 << 16;  // a fraction of a millisecond

// What all players' walks have in common. All of it must outlive them.
struct ResponseSetup {
  const PublicTree& tree;
  const HandSpace& space;
  const Policy& policy;
  const LeafTerms& terms;  // of the tree
  // A walk is cut into parts of at least so many terms. They are where sums are put together, so
  // this number may change a result in its last bits; threads do not.
  double part_terms_min = kPartTermsMin;
};

struct ResponseValues {
  double policy_chips = 0;         // expected value when everyone plays the policy
  double best_response_chips = 0;  // when this player plays a best response to the others
};

// The responder knows its cards and the board, not just its bucket. counter: gets all
// terms.total() of this walk.
ResponseValues EvaluatePlayer(const ResponseSetup& setup, int player, ThreadPool* pool,
                              StageCounter* counter);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_BEST_RESPONSE_H_
