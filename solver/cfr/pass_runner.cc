#include "solver/cfr/pass_runner.h"

#include <glog/logging.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <tuple>

namespace nash {
namespace {

// Below, a pass takes less than about 100 microseconds: waking threads for it does not pay, and on
// a machine that others use too it costs far more than the pass (docs/benchmarks.md).
constexpr float kVisitsForThreads = 8192;

}  // namespace

ExternalPassRunner::ExternalPassRunner(const PublicTree& tree, uint32_t deals, ThreadPool* pool)
    : tree_(tree), pool_(pool), all_deals_(deals), values_(deals) {
  CHECK_LE(deals, kBatchDealsMax);
  std::iota(all_deals_.begin(), all_deals_.end(), DealNumber{0});
  for (int player = 0; player < tree.num_players(); ++player) {
    plans_.emplace_back(tree, player, deals);
  }
  for (int thread = 0; thread < pool->num_threads(); ++thread) {
    workers_.push_back(std::make_unique<Worker>());
  }
}

void ExternalPassRunner::GroupParts(const PassPlan& plan, bool cuts) {
  parts_.clear();
  groups_.clear();
  for (size_t thread = 0; thread < workers_.size(); ++thread) {
    const absl::Span<const WalkList> lists = ListsOf(static_cast<int>(thread), cuts);
    for (size_t i = 0; i < lists.size(); ++i) {
      parts_.push_back({lists[i].node, static_cast<uint32_t>(thread), static_cast<uint32_t>(i)});
    }
  }
  std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
    return std::tie(a.node, a.thread) < std::tie(b.node, b.thread);
  });
  for (uint32_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    if (i == 0 || parts_[i - 1].node != part.node) groups_.push_back({i, i, 0});
    Group& group = groups_.back();
    ++group.end;
    const uint32_t count = ListsOf(static_cast<int>(part.thread), cuts)[part.list].count;
    group.visits += count * (cuts ? plan.VisitsPerDeal(part.node) : 1.0f);
  }
  // The largest first: the last ones to be taken are small, and nobody waits long at the end.
  std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) {
    return std::tie(b.visits, a.begin) < std::tie(a.visits, b.begin);
  });
}

uint64_t ExternalPassRunner::WalkCut(const Pass& pass, const Group& group, int thread) {
  Worker* worker = workers_[thread].get();
  worker->deals.clear();
  for (uint32_t i = group.begin; i < group.end; ++i) {
    ExternalWalk& trunk = workers_[parts_[i].thread]->trunk;
    const auto deals = trunk.DealsOf(trunk.cuts()[parts_[i].list]);
    worker->deals.insert(worker->deals.end(), deals.begin(), deals.end());
  }
  worker->values.resize(worker->deals.size());
  worker->walk.Forward(pass, parts_[group.begin].node, worker->deals, {}, Additions::kAtOnce,
                       thread);
  worker->walk.Backward(pass, absl::MakeSpan(worker->values));
  const float* value = worker->values.data();
  for (uint32_t i = group.begin; i < group.end; ++i) {
    ExternalWalk& trunk = workers_[parts_[i].thread]->trunk;
    const absl::Span<float> values = trunk.ValuesOf(trunk.cuts()[parts_[i].list]);
    std::copy_n(value, values.size(), values.begin());
    value += values.size();
  }
  return worker->walk.touches();
}

void ExternalPassRunner::ApplyTrunk(const Pass& pass, const Group& group, int thread) {
  if (!pass.Changes(tree_.nodes()[parts_[group.begin].node])) return;
  for (uint32_t i = group.begin; i < group.end; ++i) {
    ExternalWalk& trunk = workers_[parts_[i].thread]->trunk;
    trunk.ClampRows(pass, trunk.lists()[parts_[i].list], thread);
  }
  for (uint32_t i = group.begin; i < group.end; ++i) {
    ExternalWalk& trunk = workers_[parts_[i].thread]->trunk;
    trunk.ApplyAdditions(pass, trunk.lists()[parts_[i].list]);
  }
}

uint64_t ExternalPassRunner::Run(const Pass& pass, const SideWork& side) {
  const PassPlan& plan = plans_[pass.traverser];
  const auto all_deals = absl::MakeConstSpan(all_deals_.data(), pass.num_deals);
  const auto all_values = absl::MakeSpan(values_.data(), pass.num_deals);
  if (plan.VisitsPerDeal(0) * pass.num_deals < kVisitsForThreads) {
    ExternalWalk& walk = workers_[0]->walk;
    walk.Forward(pass, 0, all_deals, {}, Additions::kAtOnce, 0);
    walk.Backward(pass, all_values);
    return walk.touches();
  }
  const auto share = [&](auto span, int thread) {
    const size_t begin = span.size() * thread / workers_.size();
    const size_t end = span.size() * (thread + 1) / workers_.size();
    return span.subspan(begin, end - begin);
  };
  std::atomic<uint64_t> touches{0};
  pool_->OnAll([&](int thread) {
    ExternalWalk& trunk = workers_[thread]->trunk;
    trunk.Forward(pass, 0, share(all_deals, thread), plan.is_cut(), Additions::kLater, thread);
    touches.fetch_add(trunk.touches(), std::memory_order_relaxed);
  });

  GroupParts(plan, /*cuts=*/true);
  std::atomic<size_t> next{0}, done{0};
  pool_->OnAll([&](int thread) {
    for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < groups_.size();) {
      touches.fetch_add(WalkCut(pass, groups_[i], thread), std::memory_order_relaxed);
      done.fetch_add(1, std::memory_order_relaxed);
    }
    while (done.load(std::memory_order_relaxed) < groups_.size() && side(thread)) {
    }
  });

  pool_->OnAll(
      [&](int thread) { workers_[thread]->trunk.Backward(pass, share(all_values, thread)); });
  GroupParts(plan, /*cuts=*/false);
  pool_->ForEach(groups_.size(),
                 [&](size_t i, int thread) { ApplyTrunk(pass, groups_[i], thread); });
  return touches.load();
}

}  // namespace nash
