#include "solver/cfr/pass_runner.h"

#include <glog/logging.h>

#include <algorithm>
#include <atomic>
#include <numeric>

namespace nash {
namespace {

// Below, a pass takes less than about 100 microseconds: waking threads for it does not pay, and on
// a machine that others use too it costs a hundred times more (docs/benchmarks.md).
constexpr float kVisitsForThreads = 8192;

}  // namespace

ExternalPassRunner::ExternalPassRunner(const PublicTree& tree, uint32_t deals, ThreadPool* pool)
    : pool_(pool), all_deals_(deals), values_(deals) {
  CHECK_LE(deals, kBatchDealsMax);
  std::iota(all_deals_.begin(), all_deals_.end(), DealNumber{0});
  for (int player = 0; player < tree.num_players(); ++player) {
    plans_.emplace_back(tree, player, deals);
  }
  for (int thread = 0; thread < pool->num_threads(); ++thread) {
    walks_.push_back(std::make_unique<ExternalWalk>());
  }
}

uint64_t ExternalPassRunner::Run(const Pass& pass, const SideWork& side) {
  const PassPlan& plan = plans_[pass.traverser];
  const auto deals = absl::MakeConstSpan(all_deals_.data(), pass.num_deals);
  const auto values = absl::MakeSpan(values_.data(), pass.num_deals);
  if (plan.VisitsPerDeal(0) * pass.num_deals < kVisitsForThreads) {
    trunk_.Forward(pass, 0, deals, {});
    trunk_.Backward(pass, values);
    return trunk_.touches();
  }
  pool_->Alongside([&] { trunk_.Forward(pass, 0, deals, plan.is_cut()); }, side);

  // The largest first: the last ones to be taken are small, and nobody waits long at the end.
  const absl::Span<const WalkList> cuts = trunk_.cuts();
  order_.resize(cuts.size());
  sizes_.resize(cuts.size());
  std::iota(order_.begin(), order_.end(), 0);
  for (size_t i = 0; i < cuts.size(); ++i) {
    sizes_[i] = cuts[i].count * plan.VisitsPerDeal(cuts[i].node);
  }
  std::sort(order_.begin(), order_.end(),
            [&](uint32_t a, uint32_t b) { return sizes_[a] > sizes_[b]; });
  std::atomic<uint64_t> touches{trunk_.touches()};
  pool_->ForEach(cuts.size(), [&](size_t i, int thread) {
    const WalkList& cut = cuts[order_[i]];
    ExternalWalk& walk = *walks_[thread];
    walk.Forward(pass, cut.node, trunk_.DealsOf(cut), {});
    walk.Backward(pass, trunk_.ValuesOf(cut));
    touches.fetch_add(walk.touches(), std::memory_order_relaxed);
  });

  pool_->Alongside([&] { trunk_.Backward(pass, absl::MakeSpan(values_.data(), pass.num_deals)); },
                   side);
  return touches.load();
}

}  // namespace nash
