// One block: up to P::kLanes betting subtrees of one shape, walked as one.
//
//   Down   reach[hand] of the opponent, from the root to each step to the next street
//   Up     values[hand] of the responder, from there and from the ends back to the root
//
// Each depth has two vectors of [hands]: what the opponent's range is after its action (ReachAt),
// and a second child's values (ValuesAt); the first child writes into the parent's. The ends of a
// node are done together (OwnEnds, AddOpponentEnds), from sums of the parts of the opponent's range
// (DecisionSums):
//
//   raise         R * p(raise)        added up while this part is taken
//   call          R * p(call)         added up, not stored
//   fold          R - raise - call    no sum over hands
//
// so that a range has its sums (SummedRange) wherever the responder acts on it. An opponent's node
// writes last of all, and what it writes is compared there and then with the best that the
// responder has had before: no pass over hands for that. At the responder's nodes the opponent's
// range passes unchanged, and values are the best of the children's (responds) or their mean by its
// own strategy. tests/ranges/block_walk_test.cc compares with one subtree and one pair of hands at
// a time.
#include "solver/ranges/block_walk.h"

#include <algorithm>
#include <limits>

namespace nash {
namespace {

int DepthOf(absl::Span<const StreetBlocks> streets) {
  int depth = 0;
  for (const StreetBlocks& street : streets) {
    for (const SubtreeShape& shape : street.shapes()) depth = std::max(depth, shape.depth);
  }
  return depth;
}

bool IsEnd(const ShapeEdge& edge) {
  return edge.kind == ShapeEdgeKind::kFold || edge.kind == ShapeEdgeKind::kShowdown;
}

}  // namespace

// The ends among the actions of a node, and which actions they are.
template <typename P>
struct BlockWalk<P>::Ends {
  HandEnds<P> ends;
  int fold = 0;
  int showdown = 0;
  bool any() const { return ends.has_fold || ends.has_showdown; }
};

template <typename P>
uint64_t BlockWalk<P>::BytesNeeded(absl::Span<const StreetBlocks> streets) {
  const uint64_t depths = DepthOf(streets);
  return (2 * depths + 1) * kVectorStride<P> * sizeof(P) + depths * sizeof(DecisionSums) +
         sizeof(CardSums<P>);
}

template <typename P>
BlockWalk<P>::BlockWalk(absl::Span<const StreetBlocks> streets)
    : depths_(DepthOf(streets)), memory_((2 * depths_ + 1) * kVectorStride<P>), sums_(depths_) {}

template <typename P>
void BlockWalk<P>::Down(const BlockOnBoard<P>& at, const P* reach, TakeReach next) {
  DownEdge(at, 0, reach, 0, next);
}

template <typename P>
void BlockWalk<P>::DownEdge(const BlockOnBoard<P>& at, uint32_t edge, const P* reach, int depth,
                            TakeReach next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeEdge& to = shape.edges[edge];
  if (to.kind == ShapeEdgeKind::kNextStreet) return next(edge, reach);
  if (to.kind != ShapeEdgeKind::kChild) return;
  const ShapeNode& node = shape.nodes[to.child];
  const int n = at.hands->size();
  for (int a = 0; a < node.num_actions; ++a) {
    const uint32_t child = node.first_edge + a;
    if (IsEnd(shape.edges[child])) continue;
    if (node.player == at.responder) {
      DownEdge(at, child, reach, depth + 1, next);
      continue;
    }
    P* const shared = ReachAt(depth);
    ShareOf(at, to.child, a).TakeFrom(reach, n, shared);
    DownEdge(at, child, shared, depth + 1, next);
  }
}

template <typename P>
void BlockWalk<P>::Up(const BlockOnBoard<P>& at, const P* reach, P* values, GiveValues next) {
  Range range = {reach, &root_sums_};
  UpEdge(at, 0, &range, values, nullptr, 0, next);
}

template <typename P>
void BlockWalk<P>::UpEdge(const BlockOnBoard<P>& at, uint32_t edge, Range* range, P* values,
                          P* best, int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeEdge& to = shape.edges[edge];
  switch (to.kind) {
    case ShapeEdgeKind::kChild:
      if (shape.nodes[to.child].player != at.responder) {
        return UpOpponent(at, to.child, range, values, best, depth, next);
      }
      UpOwn(at, to.child, range, values, depth, next);
      break;
    case ShapeEdgeKind::kNextStreet:
      next(edge, values);
      break;
    case ShapeEdgeKind::kFold:
    case ShapeEdgeKind::kShowdown:
      Ends end;
      AddEnd(at, edge, &end.ends);
      OwnEnds(at, end, range, values);
  }
  KeepBest(values, best, at.hands->size());
}

template <typename P>
void BlockWalk<P>::UpOwn(const BlockOnBoard<P>& at, uint32_t node_number, Range* range, P* values,
                         int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeNode& node = shape.nodes[node_number];
  const Ends ends = EndsOf(at, node);
  bool is_first = !ends.any();
  if (ends.any() && at.responds) OwnEnds(at, ends, range, values);
  if (ends.any() && !at.responds) PlayedEnds(at, node_number, ends, range, values);
  for (int a = 0; a < node.num_actions; ++a) {
    const uint32_t edge = node.first_edge + a;
    if (IsEnd(shape.edges[edge])) continue;
    P* const below = is_first ? values : ValuesAt(depth);
    UpEdge(at, edge, range, below, at.responds && !is_first ? values : nullptr, depth + 1, next);
    if (at.listener != nullptr) at.listener->TakeActionValues(at, node_number, a, below);
    if (!at.responds) AddPlayed(at, node_number, a, below, is_first, values);
    is_first = false;
  }
}

template <typename P>
void BlockWalk<P>::UpOpponent(const BlockOnBoard<P>& at, uint32_t node_number, Range* range,
                              P* values, P* best, int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeNode& node = shape.nodes[node_number];
  const int n = at.hands->size();
  const HandValues<P> hands(*at.hands);
  const Ends ends = EndsOf(at, node);
  if (at.listener != nullptr) at.listener->TakeRange(at, node_number, range->reach);
  DecisionSums& sums = sums_[depth];
  bool is_first = true;
  for (int a = 0; a < node.num_actions; ++a) {
    const uint32_t edge = node.first_edge + a;
    if (IsEnd(shape.edges[edge])) continue;
    P* const below = is_first ? values : ValuesAt(depth);
    Range shared = {ReachAt(depth), &sums.below, true};
    hands.TakeShare(ShareOf(at, node_number, a), range->reach, ReachAt(depth), shared.sums);
    if (is_first) {
      sums.leads_on = *shared.sums;
    } else {
      sums.leads_on.Add(*shared.sums);
    }
    UpEdge(at, edge, &shared, below, nullptr, depth + 1, next);
    if (!is_first) {
      for (int i = 0; i < n; ++i) values[i] += below[i];
    }
    is_first = false;
  }
  if (!ends.any()) return KeepBest(values, best, n);
  if (ends.ends.has_showdown) {
    hands.AddUpShare(ShareOf(at, node_number, ends.showdown), range->reach, &sums.shows);
  }
  if (ends.ends.has_fold) {
    hands.AddUp(range);
    sums.below = *range->sums;
    if (!is_first) sums.below.Subtract(sums.leads_on);
    if (ends.ends.has_showdown) sums.below.Subtract(sums.shows);
  }
  AddOpponentEnds(at, node_number, ends, range->reach, sums, is_first, values, best);
}

template <typename P>
ActionShare<P> BlockWalk<P>::ShareOf(const BlockOnBoard<P>& at, uint32_t node, int action) const {
  return ActionShare<P>(at.strategies->Rows(at.street, *at.block, node), at.buckets,
                        at.blocks->shape_of(*at.block).nodes[node].num_actions, action);
}

template <typename P>
typename BlockWalk<P>::Ends BlockWalk<P>::EndsOf(const BlockOnBoard<P>& at,
                                                 const ShapeNode& node) const {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  Ends ends;
  for (int a = 0; a < node.num_actions; ++a) {
    const uint32_t edge = node.first_edge + a;
    if (!IsEnd(shape.edges[edge])) continue;
    AddEnd(at, edge, &ends.ends);
    (shape.edges[edge].kind == ShapeEdgeKind::kFold ? ends.fold : ends.showdown) = a;
  }
  return ends;
}

template <typename P>
void BlockWalk<P>::AddEnd(const BlockOnBoard<P>& at, uint32_t edge, HandEnds<P>* ends) const {
  const ShapeEdge& end = at.blocks->shape_of(*at.block).edges[edge];
  const P chips = P::From(at.blocks->chips(*at.block, edge));
  if (end.kind == ShapeEdgeKind::kShowdown) {
    ends->has_showdown = true;
    ends->showdown_chips = chips;
    return;
  }
  ends->has_fold = true;
  ends->fold_chips = end.folder == at.responder ? P::Zero() - chips : chips;
}

template <typename P>
void BlockWalk<P>::OwnEnds(const BlockOnBoard<P>& at, const Ends& ends, Range* range, P* values) {
  HandValues<P>(*at.hands).OwnEnds(ends.ends, range, [&](int i, const P& v) { values[i] = v; });
}

// One end at a time: each has a probability of its own.
template <typename P>
void BlockWalk<P>::PlayedEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends,
                              Range* range, P* values) {
  bool is_first = true;
  const auto add = [&](bool is_fold, int action) {
    Ends end = ends;
    end.ends.has_fold = is_fold;
    end.ends.has_showdown = !is_fold;
    P* const won = scratch();
    OwnEnds(at, end, range, won);
    AddPlayed(at, node, action, won, is_first, values);
    if (at.listener != nullptr) at.listener->TakeActionValues(at, node, action, won);
    is_first = false;
  };
  if (ends.ends.has_fold) add(true, ends.fold);
  if (ends.ends.has_showdown) add(false, ends.showdown);
}

template <typename P>
void BlockWalk<P>::AddPlayed(const BlockOnBoard<P>& at, uint32_t node, int action, const P* below,
                             bool is_first, P* values) const {
  const ActionShare<P> plays = ShareOf(at, node, action);
  for (int i = 0, n = at.hands->size(); i < n; ++i) {
    const P played = plays.Of(below, i);
    values[i] = is_first ? played : values[i] + played;
  }
}

// Whether something is there to add to or to be better than: a vector of one pack stands for none,
// so that the long code of OpponentEnds is there once.
template <typename P>
void BlockWalk<P>::AddOpponentEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends,
                                   const P* reach, const DecisionSums& sums, bool is_first,
                                   P* values, P* best) {
  const P nothing = P::Zero();
  const P lowest = P::Broadcast(-std::numeric_limits<typename P::Scalar>::infinity());
  const P* const others = is_first ? &nothing : values;
  const P* const least = best == nullptr ? &lowest : best;
  P* const to = best == nullptr ? values : best;
  const int in_others = is_first ? 0 : ~0;
  const int in_least = best == nullptr ? 0 : ~0;
  HandValues<P>(*at.hands).OpponentEnds(
      ends.ends, reach, ShareOf(at, node, ends.fold), sums.below, ShareOf(at, node, ends.showdown),
      sums.shows, [=](int i, const P& v) NASH_INLINE_LAMBDA {
        to[i] = Max(least[i & in_least], others[i & in_others] + v);
      });
}

template <typename P>
void BlockWalk<P>::KeepBest(const P* values, P* best, int n) {
  if (best == nullptr) return;
  for (int i = 0; i < n; ++i) best[i] = Max(best[i], values[i]);
}

template class BlockWalk<Pack<float, 16>>;
template class BlockWalk<Pack<double, 8>>;

}  // namespace nash
