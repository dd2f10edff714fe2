// The way back of a walk: values rise from the ends of hands to the root, and regrets are added.
//
// Lists are visited in the opposite order, so that all children of a list have their values when
// its turn comes. What action a is worth to the i-th deal of a list is found in one of three ways:
//
//   a child that all deals went to    values_[children_[...].values + i]
//   a child that some deals pruned    the same for those that went, spread out; 0 for the others
//   the end of the hand               TerminalValues(), by deal, or one value for all (step 0)
//
// The second and third lie in edge_values_, which is scratch of one list. At a node of another
// player each deal went to one child, in the order of deals, so that each child's values are read
// in one direction (CarrySampled).
//
// Regrets are rounded once, here: floor(regret * scale + dither), which is right on average since
// the dither is uniform. All actions of a row share the dither. It is the low bits of the draw
// whose high bits sample actions (prepared_batch.h), so that rounding and sampling are independent.
// Values stay floats all the way up, in one fixed order of operations.
#include <glog/logging.h>

#include <algorithm>

#include "solver/cfr/external_walk.h"
#include "solver/cfr/lanes.h"
#include "solver/cfr/payoffs.h"
#include "solver/cfr/prepared_batch.h"
#include "solver/cfr/walk_checks.h"

namespace nash {

void ExternalWalk::Backward(const Pass& pass, absl::Span<float> values) {
  CHECK_EQ(values.size(), lists_.front().count);
  for (size_t i = lists_.size(); i-- > 0;) VisitBackward(pass, lists_[i]);
  std::copy_n(values_.begin(), values.size(), values.begin());
}

void ExternalWalk::VisitBackward(const Pass& pass, const WalkList& list) {
  const PublicNode& node = pass.table->layout().tree().nodes()[list.node];
  if (node.player != pass.traverser) return CarrySampled(pass, list);
  WithWidth(node.num_actions, [&]<int W>() { AddRegrets<W>(pass, list); });
}

ExternalWalk::ActionValues ExternalWalk::ValuesOfAction(const Pass& pass, const WalkList& list,
                                                        int action) {
  const PublicTree& tree = pass.table->layout().tree();
  const PublicEdge edge = tree.EdgesOf(list.node)[action];
  const Child child = children_[list.children + action];
  if (edge.kind() == EdgeKind::kDecision && !child.partial) {
    return {values_.data() + child.values, 1};
  }
  GrowTo(edge_values_, size_t{kActionsMax} * list.count);
  float* out = edge_values_.data() + size_t(action) * list.count;
  if (edge.kind() == EdgeKind::kDecision) {
    const float* from = values_.data() + child.values;
    for (uint32_t i = 0; i < list.count; ++i) {
      // Zero is as good as any value: the action has probability 0, and its regret is masked.
      const bool kept = kept_[list.items + i] >> action & 1;
      out[i] = kept ? *from : 0.0f;
      from += kept;
    }
    return {out, 1};
  }
  const bool same_for_all =
      TerminalValues(tree, edge, pass.traverser, *pass.batch, DealsOf(list), out);
  return {out, same_for_all ? 0u : 1u};
}

template <int W>
void ExternalWalk::AddRegrets(const Pass& pass, const WalkList& list) {
  using F = typename Lanes<W>::F;
  using I = typename Lanes<W>::I;
  const PublicNode& node = pass.table->layout().tree().nodes()[list.node];
  const I allowed = MaskOf<W>(node.num_actions);
  static constexpr float kNothing = 0;
  // Before any pointer into it is taken: it may move when it grows.
  GrowTo(edge_values_, size_t{kActionsMax} * list.count);
  std::array<ActionValues, W> of_action;
  for (int a = 0; a < W; ++a) {
    of_action[a] =
        a < node.num_actions ? ValuesOfAction(pass, list, a) : ActionValues{&kNothing, 0};
  }
  const uint32_t* draws = pass.batch->draws(pass.traverser, node.depth);
  const DealNumber* deals = deals_.data() + list.deals;
  float* strategies = strategies_.data() + list.strategies;
  float* values = values_.data() + list.items;
  const bool masks_pruned =
      pass.prunes() && node.street + 1 < pass.table->layout().tree().num_streets();
  for (uint32_t i = 0; i < list.count; ++i) {
    F action_values;
    for (int a = 0; a < W; ++a) action_values[a] = of_action[a].values[i * of_action[a].step];
    const F strategy = LoadFloats<W>(strategies + size_t{i} * W);
    const float value = SumOf(strategy * action_values);
    const F regrets = (action_values - value) * pass.regret_scale + DitherOf(draws[deals[i]]);
    I added = FloorToInts<W>(regrets) & allowed;
    if (masks_pruned) {
      const uint32_t kept = kept_[list.items + i];
      for (int a = 0; a < node.num_actions; ++a) added[a] = (kept >> a & 1) ? added[a] : 0;
    }
    if (additions_ == Additions::kLater) {
      // In the place of the strategy, which has served: AddStored() reads it back as integers.
      StoreFloats<W>(strategies + size_t{i} * W, BitsAsFloats<W>(added));
    } else {
      int32_t* row = rows_[list.items + i];
      DcheckNoWrap<W>(LoadInts<W>(row), added, pass.amplification);
      StoreInts<W>(row, LoadInts<W>(row) + added * pass.amplification);
    }
    values[i] = value;
  }
}

void ExternalWalk::CarrySampled(const Pass& pass, const WalkList& list) {
  const PublicTree& tree = pass.table->layout().tree();
  const absl::Span<const PublicEdge> edges = tree.EdgesOf(list.node);
  // The value of deal i by action a is at[a][i * per_deal[a]]; at[a] then moves by per_visit[a].
  std::array<const float*, kActionsMax> at;
  std::array<uint32_t, kActionsMax> per_deal{};
  std::array<uint32_t, kActionsMax> per_visit{};
  GrowTo(edge_values_, size_t{kActionsMax} * list.count);
  for (size_t a = 0; a < edges.size(); ++a) {
    if (edges[a].kind() == EdgeKind::kDecision) {
      at[a] = values_.data() + children_[list.children + a].values;
      per_visit[a] = 1;
      continue;
    }
    float* out = edge_values_.data() + a * list.count;
    per_deal[a] =
        TerminalValues(tree, edges[a], pass.traverser, *pass.batch, DealsOf(list), out) ? 0 : 1;
    at[a] = out;
  }
  const uint8_t* actions = actions_.data() + list.items;
  float* values = values_.data() + list.items;
  for (uint32_t i = 0; i < list.count; ++i) {
    const int a = actions[i];
    values[i] = at[a][i * per_deal[a]];
    at[a] += per_visit[a];
  }
}

}  // namespace nash
