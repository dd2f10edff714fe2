// NashConv: how much the players together could win by best responses, and the exploitability.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_EVALUATION_NASH_CONV_H_
#define NASHVILLE_SOLVER_EVALUATION_NASH_CONV_H_

#include <vector>

#include "absl/status/statusor.h"
#include "common/stage_progress.h"
#include "common/thread_pool.h"
#include "solver/evaluation/best_response.h"
#include "solver/evaluation/hand_space.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"

namespace nash {

inline constexpr double kLeafTermsMax = 3e11;  // some nanoseconds each: about an hour

struct NashConvResult {
  std::vector<double> values_chips;         // by position, when everyone plays the policy
  std::vector<double> best_response_chips;  // by position, against the others' policy
  double nash_conv_chips = 0;               // the sum of their differences
  double exploitability_chips = 0;          // nash_conv / number of players
};

// How many terms the leaves of the tree sum, over all players' walks. Not of two players with one
// or two hole cards: they are walked by ranges (range_response.h), whatever the size.
double CountLeafTerms(const PublicTree& tree);

// Whether NashConv() would take the tree, at no cost; memory is another question. Error:
// ResourceExhausted when CountLeafTerms() > kLeafTermsMax or the hands and boards do not fit (see
// HandSpace).
absl::Status CheckEvaluable(const PublicTree& tree);

struct NashConvOptions {
  ThreadPool* pool = nullptr;  // null: the calling thread alone. Changes no bit of the result
  ProgressCallback progress = [](const StageProgress&) {};
  double part_terms_min = kPartTermsMin;  // see ResponseSetup
};

// Exact, for any number of players and any payoffs. Errors: those of CheckEvaluable() and
// RangeResponse::Make().
absl::StatusOr<NashConvResult> NashConv(const PublicTree& tree, const HandModel& model,
                                        const Policy& policy, const NashConvOptions& options = {});

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_NASH_CONV_H_
