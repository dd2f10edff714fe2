// Three phases, each over all deals of the batch, in chunks that any thread takes:
//
//   walk    each deal goes down one path and back up, and notes what it would add
//   add     notes are added to the table, by atomic additions: rows may meet, order does not matter
//   clamp   rows that were added to are clamped to [floor, ceiling]
//
// Notes, because a pass must not read what it has added, and there are few of them, one a decision.
//
// The formulas, for a path z sampled with probability q(z). The others play their own strategies,
// so their reach cancels against their part of q, and what is left of the paper's sampled
// counterfactual value of the sampled action is the payoff, times own strategy over own sampling
// probability for each later decision of the traverser (`value`), divided by the sampling
// probabilities of the traverser's decisions up to this one (`reach` and `sampled`). All other
// actions are worth 0 on this path. A sum is weighted by 1 / reach in the same way. With three and
// more players that leaves out the third player's reach: the same bias as in external sampling
// (unit_traverser.cc).
//
// Regrets are cut before they are noted and clamped after they are added, where external sampling
// clamps what it reads: weights have no bound of their own (docs/determinism.md, "No value wraps").
// Compared with the paper's formulas in double precision (tests/cfr/slow_outcome.h) by
// external_walk_test.cc.
#include "solver/cfr/outcome_pass_runner.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "solver/cfr/payoffs.h"
#include "solver/cfr/row_saver.h"

namespace nash {
namespace {

// What a thread takes at a time: long enough not to wait for each other at the counter.
constexpr int kDealsPerChunk = 64;

// Rounds a regret of a path. Cut so that all deals of a batch together stay below kBatchHeadroom.
int32_t RegretUnits(const Pass& pass, float regret, float dither) {
  const float limit = static_cast<float>(kBatchHeadroom / 2 / pass.amplification) / pass.num_deals;
  return static_cast<int32_t>(
      std::floor(std::clamp(regret * pass.regret_scale, -limit, limit) + dither));
}

}  // namespace

// One decision on a path.
struct OutcomePassRunner::Step {
  NodeIndex node;
  uint32_t bucket;
  int32_t* row;
  int num_actions;
  int action;
  bool is_traverser;
  float sampled;  // probability with which `action` was sampled
  float reach;    // the product of the traverser's `sampled` before this decision
  float dither;
  std::array<float, kActionsMax> strategy;
};

OutcomePassRunner::Step OutcomePassRunner::Choose(const Pass& pass, NodeIndex node, uint16_t deal,
                                                  float reach) const {
  const PublicNode& public_node = tree_.nodes()[node];
  const uint32_t bucket = pass.batch->deals().buckets(public_node.street, public_node.player)[deal];
  const uint32_t draw = pass.batch->draws(pass.traverser, public_node.depth)[deal];
  Step step;
  step.node = node;
  step.bucket = bucket;
  step.row = pass.table->Row(node, bucket);
  step.num_actions = public_node.num_actions;
  step.is_traverser = public_node.player == pass.traverser;
  step.reach = reach;
  step.dither = DitherOf(draw);
  float total = 0;
  for (int a = 0; a < step.num_actions; ++a) {
    step.strategy[a] = static_cast<float>(std::max(step.row[a], 0));
    total += step.strategy[a];
  }
  const float uniform = 1.0f / step.num_actions;
  const float explored = step.is_traverser ? exploration_ : 0.0f;
  float left = UniformOf(draw);
  step.action = -1;
  for (int a = 0; a < step.num_actions; ++a) {
    step.strategy[a] = total > 0 ? step.strategy[a] / total : uniform;
    const float sampled = explored * uniform + (1.0f - explored) * step.strategy[a];
    if (sampled <= 0) continue;
    // The last possible action takes what rounding leaves over.
    if (step.action < 0 || left >= 0) {
      step.action = a;
      step.sampled = sampled;
    }
    left -= sampled;
  }
  return step;
}

OutcomePassRunner::Visit OutcomePassRunner::RegretsOf(const Pass& pass, const Step& step,
                                                      float value) {
  // value: of the sampled action, already divided by the probability of everything sampled after
  // it.
  const float of_action = value / (step.reach * step.sampled);
  const float of_node = of_action * step.strategy[step.action];
  Visit visit = {step.row, static_cast<uint8_t>(step.num_actions), true, {}};
  for (int a = 0; a < step.num_actions; ++a) {
    const float regret = (a == step.action ? of_action : 0.0f) - of_node;
    visit.added[a] = RegretUnits(pass, regret, step.dither) * pass.amplification;
  }
  return visit;
}

uint64_t OutcomePassRunner::Walk(const Pass& pass, uint16_t deal, int thread,
                                 std::vector<Visit>* visits) const {
  std::array<Step, kDepthMax + 1> steps;
  int depth = 0;
  float reach = 1;
  float value = 0;
  for (NodeIndex node = 0;;) {
    Step& step = steps[depth++] = Choose(pass, node, deal, reach);
    if (step.is_traverser) reach *= step.sampled;
    const PublicEdge& edge = tree_.EdgesOf(node)[step.action];
    if (edge.kind() == EdgeKind::kDecision) {
      node = edge.payload();
      continue;
    }
    TerminalValues(tree_, edge, pass.traverser, *pass.batch, absl::MakeConstSpan(&deal, 1), &value);
    break;
  }
  // On the way back `value` is what the rest of the path is worth: the payoff times, for each of
  // the traverser's own later decisions, strategy over sampled probability.
  for (int d = depth; d-- > 0;) {
    const Step& step = steps[d];
    if (step.is_traverser) {
      visits->push_back(RegretsOf(pass, step, value));
      value *= step.strategy[step.action] / step.sampled;
      continue;
    }
    const PublicNode& node = tree_.nodes()[step.node];
    if (node.player != pass.averaged || !pass.table->layout().HasSums(step.node)) continue;
    const float weight =
        std::min(1 / step.reach, static_cast<float>(kOutcomeWeightMax)) * pass.sum_unit;
    Visit visit = {step.row + step.num_actions, node.num_actions, false, {}};
    for (int a = 0; a < step.num_actions; ++a) {
      visit.added[a] = static_cast<int32_t>(step.strategy[a] * weight + step.dither);
    }
    visits->push_back(visit);
  }
  if (pass.saves()) {
    for (int d = 0; d < depth; ++d) {
      RowSaver(pass.logs, steps[d].node, thread).Save(steps[d].bucket);
    }
  }
  return depth;
}

uint64_t OutcomePassRunner::Run(const Pass& pass, const SideWork& side) {
  (void)side;  // every phase is as wide as the batch, so that no thread waits for long
  const size_t num_chunks = (pass.num_deals + kDealsPerChunk - 1) / kDealsPerChunk;
  visits_.resize(num_chunks);
  std::atomic<uint64_t> touches{0};
  pool_->ForEach(num_chunks, [&](size_t chunk, int thread) {
    visits_[chunk].clear();
    const int first = static_cast<int>(chunk) * kDealsPerChunk;
    const int last = std::min(first + kDealsPerChunk, pass.num_deals);
    uint64_t walked = 0;
    for (int deal = first; deal < last; ++deal) {
      walked += Walk(pass, static_cast<uint16_t>(deal), thread, &visits_[chunk]);
    }
    touches.fetch_add(walked, std::memory_order_relaxed);
  });
  // Integer sums do not depend on their order, so chunks may add side by side.
  pool_->ForEach(num_chunks, [&](size_t chunk, int) {
    for (const Visit& visit : visits_[chunk]) {
      for (int a = 0; a < visit.num_actions; ++a) {
        std::atomic_ref<int32_t>(visit.values[a])
            .fetch_add(visit.added[a], std::memory_order_relaxed);
      }
    }
  });
  // Clamped when all is added; twice is the same as once.
  pool_->ForEach(num_chunks, [&](size_t chunk, int) {
    for (const Visit& visit : visits_[chunk]) {
      if (!visit.is_regret) continue;
      for (int a = 0; a < visit.num_actions; ++a) {
        std::atomic_ref<int32_t> regret(visit.values[a]);
        const int32_t now = regret.load(std::memory_order_relaxed);
        const int32_t clamped = std::clamp(now, pass.regret_floor, kRegretCeiling);
        if (clamped != now) regret.store(clamped, std::memory_order_relaxed);
      }
    }
  });
  return touches.load();
}

}  // namespace nash
