// How a decision of a block is visited, on the way up:
//
//     range of the opponent              the rows of the buckets on the board
//     reach [hand][lane]                 [bucket][value][lane]
//          |                                  |  MatchRows: regret matching, once a bucket
//          v                                  v
//     for each action a:                 strategies [bucket][action][lane]
//       opponent's node: reach * strategy -> below -> values are added up
//       own node:        reach            -> below -> values * strategy are added up,
//                                                     sums[bucket][a] += values of its hands
//          |                                  |
//          v                                  v
//     values [hand][lane]                AddRegrets / AddSums: rounded once for each row and board
//
// Folds and showdowns of an own node go the way of values below an action, bucket by bucket: added
// to a bucket's sum hand by hand, each would wait for the one before it. An opponent's have no
// vectors: what they are worth goes into the values above in the loop that computes it
// (hand_values.h).
//
// Everything by hand is a loop over aligned vectors of eight lanes, everything by bucket is in
// lane_rows.h. Sums over hands are in the order of positions and lanes never meet, so a result
// depends on the board and the table alone. Tested against sums over all pairs of hands in
// tests/cfr/public_pass_runner_test.cc.
#include "solver/cfr/public_walk.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "solver/cfr/row_saver.h"

namespace nash {
namespace {

static_assert(WalkPack::kLanes == LaneRows::kLanes);

int DepthOf(absl::Span<const StreetBlocks> streets) {
  int depth = 0;
  for (const StreetBlocks& street : streets) {
    for (const SubtreeShape& shape : street.shapes()) depth = std::max(depth, shape.depth);
  }
  return depth;
}

void GrowTo(size_t size, std::vector<WalkPack>* packs) {
  if (packs->size() < size) packs->resize(size);
}

const float* Floats(const std::vector<WalkPack>& packs) {
  return reinterpret_cast<const float*>(packs.data());
}
float* Floats(std::vector<WalkPack>* packs) { return reinterpret_cast<float*>(packs->data()); }

}  // namespace

PublicWalk::PublicWalk(absl::Span<const StreetBlocks> streets) : levels_(DepthOf(streets) + 1) {
  vectors_.resize(levels_.size() * 2 * kVectorStride<WalkPack>);
  WalkPack* next = vectors_.data();
  const auto take = [&next] { return std::exchange(next, next + kVectorStride<WalkPack>); };
  for (Level& level : levels_) {
    level.reach = take();
    level.values = take();
  }
}

uint64_t PublicWalk::BytesNeeded(int depth, int hands_max, int actions_max) {
  const uint64_t levels = depth + 1;
  return sizeof(WalkPack) *
         (levels * 2 * kVectorStride<WalkPack> + levels * 2 * uint64_t(hands_max) * actions_max);
}

uint64_t PublicWalk::TakeVisits() { return std::exchange(visits_, 0); }

PublicWalk::Decision PublicWalk::DecisionOf(const At& at, uint32_t edge, int depth) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const uint32_t number = shape.edges[edge].child;
  const ShapeNode& node = shape.nodes[number];
  Level& level = levels_[depth];
  const size_t num_rows = at.buckets->buckets.size() * node.num_actions;
  GrowTo(num_rows, &level.strategies);
  GrowTo(num_rows, &level.sums);
  const LaneRows rows(*at.pass, at.blocks->nodes(*at.block, number), at.buckets->buckets);
  return {&node, &level, rows, node.player == at.pass->traverser};
}

const WalkPack* PublicWalk::Below(const At& at, const Decision& decision, int action,
                                  const WalkPack* reach) {
  if (decision.is_own) return reach;
  WalkPack* const out = decision.level->reach;
  const int num_actions = decision.node->num_actions;
  const WalkPack* const strategies = decision.level->strategies.data() + action;
  at.buckets->ForEach([&](size_t d, absl::Span<const uint32_t> hands) {
    const WalkPack plays = strategies[d * num_actions];
    for (const uint32_t i : hands) out[i] = reach[i] * plays;
  });
  return out;
}

void PublicWalk::Down(const At& at, const WalkPack* reach, TakeReach next) {
  DownEdge(at, 0, reach, 0, next);
}

void PublicWalk::DownEdge(const At& at, uint32_t edge, const WalkPack* reach, int depth,
                          TakeReach next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  if (shape.edges[edge].kind == ShapeEdgeKind::kNextStreet) return next(edge, reach);
  if (shape.edges[edge].kind != ShapeEdgeKind::kChild) return;
  const Decision decision = DecisionOf(at, edge, depth);
  if (!decision.is_own) MatchRows(decision.rows, Floats(&decision.level->strategies));
  for (int a = 0; a < decision.node->num_actions; ++a) {
    const uint32_t child = decision.node->first_edge + a;
    if (shape.edges[child].kind == ShapeEdgeKind::kFold) continue;
    DownEdge(at, child, Below(at, decision, a, reach), depth + 1, next);
  }
}

void PublicWalk::Up(const At& at, const WalkPack* reach, WalkPack* values, GiveValues next) {
  UpEdge(at, 0, reach, values, 0, next);
}

void PublicWalk::UpEdge(const At& at, uint32_t edge, const WalkPack* reach, WalkPack* values,
                        int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  if (shape.edges[edge].kind == ShapeEdgeKind::kNextStreet) return next(edge, values);
  if (shape.edges[edge].kind == ShapeEdgeKind::kShowdown) {
    // Of the whole subtree: hands that are all-in. Decisions look after their own ends.
    HandEnds<WalkPack> ends;
    ends.has_showdown = true;
    ends.showdown_chips = WalkPack::From(at.blocks->chips(*at.block, edge));
    Range range = {reach, &range_sums_};
    return HandValues<WalkPack>(*at.hands).OwnEnds(
        ends, &range, [&](int i, const WalkPack& v) { values[i] = v; });
  }
  const Decision decision = DecisionOf(at, edge, depth);
  const auto below = [&](int action) {
    WalkPack* const out = decision.level->values;
    UpEdge(at, decision.node->first_edge + action, Below(at, decision, action, reach), out,
           depth + 1, next);
    return out;
  };
  UpDecision(at, decision, reach, below, values);
}

template <typename ValuesBelow>
void PublicWalk::UpDecision(const At& at, const Decision& decision, const WalkPack* reach,
                            const ValuesBelow& below, WalkPack* values) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeNode& node = *decision.node;
  visits_ += uint64_t(at.hands->size()) * at.block->num_lanes;
  SaveRows(at, decision);
  MatchRows(decision.rows, Floats(&decision.level->strategies));
  if (node.player == at.pass->averaged && decision.rows.has_sums) Average(at, decision, reach);
  bool is_first = !UpEnds(at, decision, reach, values);
  for (int a = 0; a < node.num_actions; ++a) {
    if (!LeadsOn(shape.edges[node.first_edge + a])) continue;
    const WalkPack* const values_below = below(a);
    if (std::exchange(is_first, false)) {
      UpAction<true>(at, decision, a, values_below, values);
    } else {
      UpAction<false>(at, decision, a, values_below, values);
    }
  }
  if (!decision.is_own) return;
  AddRegrets(decision.rows, Floats(decision.level->strategies), Floats(decision.level->sums),
             at.per_pair * at.pass->regret_scale, at.dither_key);
}

PublicWalk::Decision PublicWalk::FirstDecision(const At& at) {
  const Decision decision = DecisionOf(at, 0, 0);
  if (!decision.is_own) MatchRows(decision.rows, Floats(&decision.level->strategies));
  return decision;
}

void PublicWalk::DownBranch(const At& at, int action, const WalkPack* reach, TakeReach next) {
  const Decision first = FirstDecision(at);
  DownEdge(at, first.node->first_edge + action, Below(at, first, action, reach), 1, next);
}

void PublicWalk::UpBranch(const At& at, int action, const WalkPack* reach, WalkPack* values,
                          GiveValues next) {
  const Decision first = FirstDecision(at);
  UpEdge(at, first.node->first_edge + action, Below(at, first, action, reach), values, 1, next);
}

void PublicWalk::UpFirst(const At& at, const WalkPack* reach,
                         absl::FunctionRef<const WalkPack*(int action)> branch_values,
                         WalkPack* values) {
  UpDecision(at, DecisionOf(at, 0, 0), reach, branch_values, values);
}

void PublicWalk::SaveRows(const At& at, const Decision& decision) const {
  if (!at.pass->saves() || !(decision.is_own || decision.node->player == at.pass->averaged)) return;
  RowSaver saver(at.pass->logs, decision.rows.nodes[0], at.thread);  // with those beside it
  if (!saver.saves()) return;
  for (const uint32_t bucket : at.buckets->buckets) saver.Save(bucket);
}

void PublicWalk::Average(const At& at, const Decision& decision, const WalkPack* reach) {
  WalkPack* const sums = decision.level->sums.data();
  at.buckets->ForEach([&](size_t d, absl::Span<const uint32_t> hands) {
    WalkPack sum = WalkPack::Zero();
    for (const uint32_t i : hands) sum += reach[i];
    sums[d] = sum;
  });
  AddSums(decision.rows, Floats(decision.level->strategies), Floats(decision.level->sums),
          at.per_hand * at.pass->sum_unit, at.dither_key);
}

bool PublicWalk::UpEnds(const At& at, const Decision& decision, const WalkPack* reach,
                        WalkPack* values) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const int num_actions = decision.node->num_actions;
  HandEnds<WalkPack> ends;
  int fold = 0, show = 0;
  for (int a = 0; a < num_actions; ++a) {
    const uint32_t edge = decision.node->first_edge + a;
    const WalkPack chips = WalkPack::From(at.blocks->chips(*at.block, edge));
    if (shape.edges[edge].kind == ShapeEdgeKind::kFold) {
      ends.has_fold = true;
      ends.fold_chips = decision.is_own ? WalkPack::Zero() - chips : chips;
      fold = a;
    } else if (shape.edges[edge].kind == ShapeEdgeKind::kShowdown) {
      ends.has_showdown = true;
      ends.showdown_chips = chips;
      show = a;
    }
  }
  if (!ends.has_fold && !ends.has_showdown) return false;
  const HandValues<WalkPack> hand_values(*at.hands);
  const WalkPack* const strategies = decision.level->strategies.data();
  const uint32_t* const rank = at.buckets->rank.data();
  if (!decision.is_own) {
    const ActionShare<WalkPack> folds(strategies, rank, num_actions, fold);
    const ActionShare<WalkPack> shows(strategies, rank, num_actions, show);
    if (ends.has_fold) hand_values.AddUpShare(folds, reach, &fold_sums_);
    if (ends.has_showdown) hand_values.AddUpShare(shows, reach, &show_sums_);
    hand_values.OpponentEnds(ends, reach, folds, fold_sums_, shows, show_sums_,
                             [&](int i, const WalkPack& v) NASH_INLINE_LAMBDA { values[i] = v; });
    return true;
  }
  // Neither is in use at a decision of the traverser before its actions are walked.
  WalkPack* const folded = decision.level->values;
  WalkPack* const shown = decision.level->reach;
  Range range = {reach, &range_sums_};
  hand_values.EachOwnEnd(ends, &range,
                         [&]<bool kFold, bool kShow>(int i, const WalkPack& of_fold,
                                                     const WalkPack& of_show) NASH_INLINE_LAMBDA {
                           if constexpr (kFold) folded[i] = of_fold;
                           if constexpr (kShow) shown[i] = of_show;
                         });
  if (ends.has_fold) UpAction<true>(at, decision, fold, folded, values);
  if (ends.has_showdown && ends.has_fold) UpAction<false>(at, decision, show, shown, values);
  if (ends.has_showdown && !ends.has_fold) UpAction<true>(at, decision, show, shown, values);
  return true;
}

template <bool kIsFirst>
void PublicWalk::UpAction(const At& at, const Decision& decision, int action, const WalkPack* below,
                          WalkPack* values) {
  if (!decision.is_own) {
    for (int i = 0, n = at.hands->size(); i < n; ++i) {
      values[i] = kIsFirst ? below[i] : values[i] + below[i];
    }
    return;
  }
  const int num_actions = decision.node->num_actions;
  const WalkPack* const strategies = decision.level->strategies.data() + action;
  WalkPack* const sums = decision.level->sums.data() + action;
  at.buckets->ForEach([&](size_t d, absl::Span<const uint32_t> hands) {
    const WalkPack plays = strategies[d * num_actions];
    WalkPack sum = WalkPack::Zero();
    for (const uint32_t i : hands) {
      const WalkPack value = below[i];
      sum += value;
      const WalkPack played = plays * value;
      values[i] = kIsFirst ? played : values[i] + played;
    }
    sums[d * num_actions] = sum;
  });
}

}  // namespace nash
