#include "solver/evaluation/nash_conv.h"

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/evaluation/best_response.h"
#include "solver/evaluation/leaf_terms.h"

namespace nash {

double CountLeafTerms(const PublicTree& tree) {
  return LeafTerms(tree).total() * tree.num_players();
}

absl::Status CheckEvaluable(const PublicTree& tree) {
  RETURN_IF_ERROR(CheckHandSpace(tree.game()));
  const double terms = CountLeafTerms(tree);
  if (terms > kLeafTermsMax) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "an exact evaluation would sum %.3g terms; at most %.3g are summed: use a game with fewer "
        "cards, players or bet sizes",
        terms, kLeafTermsMax));
  }
  return absl::OkStatus();
}

absl::StatusOr<NashConvResult> NashConv(const PublicTree& tree, const HandModel& model,
                                        const Policy& policy, const NashConvOptions& options) {
  RETURN_IF_ERROR(CheckEvaluable(tree));
  ThreadPool alone(1);
  ThreadPool* const pool = options.pool != nullptr ? options.pool : &alone;
  ASSIGN_OR_RETURN(const HandSpace space,
                   HandSpace::Make(tree.game(), model, pool, options.progress));
  const LeafTerms terms(tree);
  StageCounter counter(
      {"best responses", 0, static_cast<uint64_t>(terms.total()) * tree.num_players(), "terms"},
      options.progress);
  NashConvResult result;
  for (int player = 0; player < tree.num_players(); ++player) {
    const ResponseValues values = EvaluatePlayer(
        {tree, space, policy, terms, options.part_terms_min}, player, pool, &counter);
    result.values_chips.push_back(values.policy_chips);
    result.best_response_chips.push_back(values.best_response_chips);
    result.nash_conv_chips += values.best_response_chips - values.policy_chips;
  }
  counter.Finish();
  result.exploitability_chips = result.nash_conv_chips / tree.num_players();
  return result;
}

}  // namespace nash
