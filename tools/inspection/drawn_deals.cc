// Deals lie side by side, and what a strategy does at a decision is an array over them:
//
//   buckets  [deal]               of the player who acts, on the decision's street
//   reach    [deal]               the product so far; 0: the deal does not come here
//   actions  [deal][action]       rows of the node, each looked up by the deal's bucket
//
// All players' probabilities are in one product, since the question is how often play comes there
// and not what one of them holds. Floats suffice: a product of a few dozen probabilities is off by
// some millionths of itself, and sums over deals are doubles. tests/tools/look.py allows for no
// more.
#include "tools/inspection/drawn_deals.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/evaluation/head_to_head.h"

namespace nash {

absl::StatusOr<DrawnDeals> DrawnDeals::Draw(const LoadedRun& run, uint64_t wanted, uint64_t seed) {
  if (wanted < 1 || wanted > kDealsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--deals=", wanted, ": a number from 1 to ", kDealsMax));
  }
  const GameDefinition& game = run.definition().game;
  const uint64_t all = CountEnumeratedDeals(game);
  const uint32_t n = static_cast<uint32_t>(all > 0 ? all : wanted);
  DrawnDeals deals(run, n, all > 0);
  const BucketDealSource source(game, run.abstraction());
  const StreamName stream = {seed, UINT64_MAX, UINT32_MAX};  // as evaluate deals
  source.Fill(stream, 0, static_cast<int>(n), 0, &deals.batch_);
  return deals;
}

absl::Span<const uint32_t> DrawnDeals::BucketsAt(NodeIndex node) const {
  const PublicNode& n = run_->tree().nodes()[node];
  return absl::MakeConstSpan(batch_.buckets(n.street, n.player), size_);
}

std::vector<float> DrawnDeals::ActionsAt(NodeIndex node, const NodeStrategy& strategy,
                                         absl::Span<const float> reach) const {
  const int num_actions = run_->tree().nodes()[node].num_actions;
  const absl::Span<const uint32_t> buckets = BucketsAt(node);
  std::vector<float> actions(size_t{size_} * num_actions);
  std::array<double, kActionsMax> probabilities;
  for (uint32_t deal = 0; deal < size_; ++deal) {
    if (reach[deal] == 0) continue;
    strategy.Probabilities(buckets[deal], absl::MakeSpan(probabilities.data(), num_actions));
    for (int a = 0; a < num_actions; ++a) {
      actions[size_t{deal} * num_actions + a] = static_cast<float>(probabilities[a]);
    }
  }
  return actions;
}

std::vector<float> DrawnDeals::After(absl::Span<const float> reach, absl::Span<const float> actions,
                                     int num_actions, int action) {
  std::vector<float> after(reach.size());
  for (size_t deal = 0; deal < reach.size(); ++deal) {
    after[deal] = reach[deal] * actions[deal * num_actions + action];
  }
  return after;
}

double DrawnDeals::MeanOf(absl::Span<const float> reach) const {
  double sum = 0;
  for (const float r : reach) sum += r;
  return sum / size_;
}

}  // namespace nash
