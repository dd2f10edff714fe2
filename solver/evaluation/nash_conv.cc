// NashConv is the sum over players of what a best response to the others' policy wins more than the
// policy does. It is zero at Nash equilibria and nowhere else, for any number of players. Divided
// by their number it is called exploitability here; with two players and a game of sum zero that is
// what a best responder wins on average over both seats.
//
// A walk for each player (best_response.h) gives both of its values, so that n players cost n
// walks. The work is known before any is done: every end of a hand is summed over the boards that
// it is reached on and over hands (linear for two players, all joint hands for more). What would
// take hours is refused with that number.
//
// The best responder sees its cards, not its bucket: the gap includes what the abstraction costs,
// and does not go to zero in an abstracted game. nash_conv_test.cc has uniform play of Kuhn and
// Leduc (11/12 and the published number), equilibria of Kuhn, and random policies against a game
// written out as explicit histories (explicit_game.h).
#include "solver/evaluation/nash_conv.h"

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/evaluation/best_response.h"
#include "solver/evaluation/leaf_terms.h"
#include "solver/evaluation/range_response.h"

namespace nash {
namespace {

// What one player wins by the policy the other loses.
absl::StatusOr<NashConvResult> ByRanges(const PublicTree& tree, const CardModel& cards,
                                        const Policy& policy, ThreadPool* pool) {
  ASSIGN_OR_RETURN(const auto response,
                   RangeResponse<ResponsePack>::Make(tree, cards, policy, pool));
  const WalkProgress no_progress = [](double) {};
  NashConvResult result;
  for (int player : {0, 1}) {
    result.best_response_chips.push_back(response->Response(player, 0, no_progress));
    result.nash_conv_chips += result.best_response_chips.back();
  }
  const double value = response->Response(0, tree.num_streets(), no_progress);
  result.values_chips = {value, -value};
  result.exploitability_chips = result.nash_conv_chips / 2;
  return result;
}

}  // namespace

double CountLeafTerms(const PublicTree& tree) {
  return LeafTerms(tree).total() * tree.num_players();
}

absl::Status CheckEvaluable(const PublicTree& tree) {
  if (CanWalkRanges(tree.game())) return absl::OkStatus();
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
  if (CanWalkRanges(tree.game())) return ByRanges(tree, model, policy, pool);
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
