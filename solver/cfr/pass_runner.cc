// A pass on three threads; '|' is where all wait for all (ThreadPool::OnAll):
//
//   thread 0   trunk, deals   0-99  | cut 7 | cut 2 | side | trunk back | node 0 | node 5
//   thread 1   trunk, deals 100-199 | cut 3 | cut 9 | cut 4| trunk back | node 1 | node 3
//   thread 2   trunk, deals 200-299 | cut 1 | side  | side | trunk back | node 4 | node 2
//
// Why twice a different split: above the cuts a tree has few nodes and every deal visits them, so
// deals are what can be shared; below there are thousands of subtrees with few deals each, so
// subtrees are shared, and each row of the table is then touched by one thread only.
//
// Why the bytes do not depend on the number of threads: a row changes only after all that the pass
// reads of it has been read; the shares of a cut are put together in the order of threads, which is
// that of deals; subtrees have no row in common; and additions at the trunk are integers, added
// node by node after all of the node's rows are clamped (external_walk_additions.cc). Which thread
// takes which cut is left to chance.
//
// A walk is never split once begun: the plan keeps walks small, and the largest begin first. Values
// are written straight into the arenas of the trunks that wait for them, to disjoint places.
// tests/cfr/trainer_test.cc compares threads with one thread.
#include "solver/cfr/pass_runner.h"

#include <glog/logging.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <tuple>

namespace nash {
namespace {

// Below, a pass takes less than about 100 microseconds: waking threads for it does not pay, and on
// a machine that others use too it costs far more than the pass (docs/measurements/traversal.md).
constexpr float kVisitsForThreads = 8192;
// The largest walk of a thread below a cut: 4096 visits are planned, which is 0.3 MB, and
// strategies that are not uniform made walks of 1.5 to 2.6 MB in the shipped configs.
constexpr uint64_t kWalkBytesMax = 5 << 19;

}  // namespace

ExternalPassRunner::ExternalPassRunner(const PublicTree& tree, uint32_t deals, ThreadPool* pool,
                                       PassObserver* observer)
    : tree_(tree), pool_(pool), observer_(observer), all_deals_(deals), values_(deals) {
  CHECK_LE(deals, kBatchDealsMax);
  std::iota(all_deals_.begin(), all_deals_.end(), DealNumber{0});
  for (int player = 0; player < tree.num_players(); ++player) {
    plans_.emplace_back(tree, player, deals);
  }
  for (int thread = 0; thread < pool->num_threads(); ++thread) {
    workers_.push_back(std::make_unique<Worker>());
  }
}

uint64_t ExternalPassRunner::BytesExpected(const PublicTree& tree, uint32_t deals, int threads) {
  // The plans of all traversers are alike in size; the trunk of one tells of all.
  const PassPlan plan(tree, 0, deals);
  // Walks of small games are small.
  const double visits = kDeepening * plan.VisitsPerDeal(0) * deals;
  return tree.num_players() * plan.bytes() +
         ExternalWalk::BytesExpected(kDeepening * plan.trunk_visits()) +
         threads * std::min(kWalkBytesMax, ExternalWalk::BytesExpected(visits));
}

template <typename Work>
void ExternalPassRunner::InPhase(int thread, PassPhase phase, const Work& work) {
  if (observer_ != nullptr) observer_->Begins(thread, phase);
  work();
  if (observer_ != nullptr) observer_->Ends(thread, phase);
}

void ExternalPassRunner::GroupParts(const PassPlan& plan, bool cuts, Groups* groups) const {
  std::vector<Part>& parts = groups->parts;
  std::vector<Group>& in_order = groups->in_order;
  parts.clear();
  in_order.clear();
  for (size_t thread = 0; thread < workers_.size(); ++thread) {
    const absl::Span<const WalkList> lists = ListsOf(static_cast<int>(thread), cuts);
    for (size_t i = 0; i < lists.size(); ++i) {
      parts.push_back({lists[i].node, static_cast<uint32_t>(thread), static_cast<uint32_t>(i)});
    }
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return std::tie(a.node, a.thread) < std::tie(b.node, b.thread);
  });
  for (uint32_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (i == 0 || parts[i - 1].node != part.node) in_order.push_back({i, i, 0});
    Group& group = in_order.back();
    ++group.end;
    const uint32_t count = ListsOf(static_cast<int>(part.thread), cuts)[part.list].count;
    group.visits += count * (cuts ? plan.VisitsPerDeal(part.node) : 1.0f);
  }
  // The largest go first: the last ones to be taken are small, so that no thread waits long for
  // another at the end.
  std::sort(in_order.begin(), in_order.end(), [](const Group& a, const Group& b) {
    return std::tie(b.visits, a.begin) < std::tie(a.visits, b.begin);
  });
}

void ExternalPassRunner::WalkCut(const Pass& pass, const Group& group, int thread) {
  Worker* worker = workers_[thread].get();
  worker->deals.clear();
  for (uint32_t i = group.begin; i < group.end; ++i) {
    const Part& part = cuts_.parts[i];
    ExternalWalk& trunk = workers_[part.thread]->trunk;
    const auto deals = trunk.DealsOf(trunk.cuts()[part.list]);
    worker->deals.insert(worker->deals.end(), deals.begin(), deals.end());
  }
  worker->values.resize(worker->deals.size());
  worker->walk.Forward(pass, cuts_.parts[group.begin].node, worker->deals, {}, Additions::kAtOnce,
                       thread);
  worker->walk.Backward(pass, absl::MakeSpan(worker->values));
  worker->touches += worker->walk.touches();
  const float* value = worker->values.data();
  for (uint32_t i = group.begin; i < group.end; ++i) {
    const Part& part = cuts_.parts[i];
    ExternalWalk& trunk = workers_[part.thread]->trunk;
    const absl::Span<float> values = trunk.ValuesOf(trunk.cuts()[part.list]);
    std::copy_n(value, values.size(), values.begin());
    value += values.size();
  }
}

void ExternalPassRunner::ApplyTrunk(const Pass& pass, const Group& group, int thread) {
  const Part* const parts = lists_.parts.data();
  if (!pass.Changes(tree_.nodes()[parts[group.begin].node])) return;
  for (uint32_t i = group.begin; i < group.end; ++i) {
    ExternalWalk& trunk = workers_[parts[i].thread]->trunk;
    trunk.ClampRows(pass, trunk.lists()[parts[i].list], thread);
  }
  for (uint32_t i = group.begin; i < group.end; ++i) {
    ExternalWalk& trunk = workers_[parts[i].thread]->trunk;
    trunk.ApplyAdditions(pass, trunk.lists()[parts[i].list]);
  }
}

uint64_t ExternalPassRunner::Run(const Pass& pass, const SideWork& side) {
  const PassPlan& plan = plans_[pass.traverser];
  const auto all_deals = absl::MakeConstSpan(all_deals_.data(), pass.num_deals);
  const auto all_values = absl::MakeSpan(values_.data(), pass.num_deals);
  // A small pass needs no trunk: one thread walks the whole tree and adds at once.
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
  pool_->OnAll([&](int thread) {
    InPhase(thread, PassPhase::kTrunkForward, [&] {
      ExternalWalk& trunk = workers_[thread]->trunk;
      trunk.Forward(pass, 0, share(all_deals, thread), plan.is_cut(), Additions::kLater, thread);
      workers_[thread]->touches = trunk.touches();
    });
  });
  InPhase(0, PassPhase::kGroup, [&] { GroupParts(plan, /*cuts=*/true, &cuts_); });

  std::atomic<size_t> next{0}, done{0};
  const size_t num_cuts = cuts_.in_order.size();
  pool_->OnAll([&](int thread) {
    InPhase(thread, PassPhase::kSubtrees, [&] {
      for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < num_cuts;) {
        WalkCut(pass, cuts_.in_order[i], thread);
        done.fetch_add(1, std::memory_order_relaxed);
      }
    });
    // No cut is left to take, but other threads still walk theirs. Side work comes in steps that
    // are short beside a walk, so that it does not hold up the phase.
    InPhase(thread, PassPhase::kSide, [&] {
      while (done.load(std::memory_order_relaxed) < num_cuts && side(thread)) {
      }
    });
  });

  pool_->OnAll([&](int thread) {
    InPhase(thread, PassPhase::kTrunkBackward,
            [&] { workers_[thread]->trunk.Backward(pass, share(all_values, thread)); });
  });
  InPhase(0, PassPhase::kGroup, [&] { GroupParts(plan, /*cuts=*/false, &lists_); });
  next.store(0, std::memory_order_relaxed);
  pool_->OnAll([&](int thread) {
    InPhase(thread, PassPhase::kAdd, [&] {
      for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < lists_.in_order.size();) {
        ApplyTrunk(pass, lists_.in_order[i], thread);
      }
    });
  });
  uint64_t touches = 0;
  for (const auto& worker : workers_) touches += worker->touches;
  return touches;
}

}  // namespace nash
