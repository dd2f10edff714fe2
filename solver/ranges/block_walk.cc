// One block: up to P::kLanes betting subtrees of one shape, walked as one.
//
//   Down   reach[hand] of the opponent, from the root to each step to the next street
//   Up     values[hand] of the responder, from there and from the ends back to the root
//
// Each depth has two vectors of [hands]: what the opponent's range is after its action (ReachAt),
// and a second child's values (ValuesAt); the first child writes into the parent's. The ends of a
// node are done together (OwnEnds, AddOpponentEnds): a fold and a showdown share sums over the
// opponent's hands, which are the cost of both. A responder's node does them first and leaves the
// sums of the range (SummedRange) to the nodes below and above. So an opponent's knows the sums of
// all that its range can do but fold, and folds are what is left:
//
//   range         R                   sums known from the responder's node before, or added up once
//   raise         R * p(raise)        known from the responder's node below, which has ends
//   call          R * p(call)         known from the showdown
//   fold          R - raise - call    no sum over hands
//
// At the responder's nodes the opponent's range passes unchanged, and values are the best of the
// children's (responds) or their mean by its own strategy. tests/ranges/block_walk_test.cc compares
// with one subtree and one pair of hands at a time.
#include "solver/ranges/block_walk.h"

#include <algorithm>

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
  return (2 * depths + 1) * (kVectorStride<P> * sizeof(P) + sizeof(CardSums<P>));
}

template <typename P>
BlockWalk<P>::BlockWalk(absl::Span<const StreetBlocks> streets)
    : depths_(DepthOf(streets)),
      memory_((2 * depths_ + 1) * kVectorStride<P>),
      sums_(2 * depths_ + 1) {}

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
  Range range = {reach, &sums_[0]};
  UpEdge(at, 0, &range, values, 0, next);
}

template <typename P>
void BlockWalk<P>::UpEdge(const BlockOnBoard<P>& at, uint32_t edge, Range* range, P* values,
                          int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeEdge& to = shape.edges[edge];
  switch (to.kind) {
    case ShapeEdgeKind::kChild:
      return shape.nodes[to.child].player == at.responder
                 ? UpOwn(at, to.child, range, values, depth, next)
                 : UpOpponent(at, to.child, range, values, depth, next);
    case ShapeEdgeKind::kNextStreet:
      return next(edge, values);
    case ShapeEdgeKind::kFold:
    case ShapeEdgeKind::kShowdown:
      Ends end;
      AddEnd(at, edge, &end.ends);
      return OwnEnds(at, end, range, values);
  }
}

template <typename P>
void BlockWalk<P>::UpOwn(const BlockOnBoard<P>& at, uint32_t node_number, Range* range, P* values,
                         int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeNode& node = shape.nodes[node_number];
  const int n = at.hands->size();
  const Ends ends = EndsOf(at, node);
  bool is_first = !ends.any();
  if (ends.any() && at.responds) OwnEnds(at, ends, range, values);
  if (ends.any() && !at.responds) PlayedEnds(at, node_number, ends, range, values);
  for (int a = 0; a < node.num_actions; ++a) {
    const uint32_t edge = node.first_edge + a;
    if (IsEnd(shape.edges[edge])) continue;
    P* const below = is_first ? values : ValuesAt(depth);
    UpEdge(at, edge, range, below, depth + 1, next);
    if (at.listener != nullptr) at.listener->TakeActionValues(at, node_number, a, below);
    if (!at.responds) {
      const ActionShare<P> plays = ShareOf(at, node_number, a);
      for (int i = 0; i < n; ++i) below[i] = plays.Of(below, i);
    }
    if (!is_first && at.responds) {
      for (int i = 0; i < n; ++i) values[i] = Max(values[i], below[i]);
    } else if (!is_first) {
      for (int i = 0; i < n; ++i) values[i] += below[i];
    }
    is_first = false;
  }
}

template <typename P>
void BlockWalk<P>::UpOpponent(const BlockOnBoard<P>& at, uint32_t node_number, Range* range,
                              P* values, int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeNode& node = shape.nodes[node_number];
  const int n = at.hands->size();
  if (at.listener != nullptr) at.listener->TakeRange(at, node_number, range->reach);
  bool is_first = true;
  bool is_rest_known = true;  // of all that leads on the sums are in SumsOfActions()
  CardSums<P>* const leads_on = SumsOfActions(depth);
  leads_on->Clear();
  for (int a = 0; a < node.num_actions; ++a) {
    const uint32_t edge = node.first_edge + a;
    if (IsEnd(shape.edges[edge])) continue;
    P* const below = is_first ? values : ValuesAt(depth);
    ShareOf(at, node_number, a).TakeFrom(range->reach, n, ReachAt(depth));
    Range shared = {ReachAt(depth), SumsBelow(depth)};
    UpEdge(at, edge, &shared, below, depth + 1, next);
    is_rest_known &= shared.has_sums;
    if (shared.has_sums) leads_on->Add(*shared.sums);
    if (!is_first) {
      for (int i = 0; i < n; ++i) values[i] += below[i];
    }
    is_first = false;
  }
  const Ends ends = EndsOf(at, node);
  if (!ends.any()) return;
  CardSums<P>* rest = nullptr;
  if (ends.ends.has_fold && is_rest_known) {
    rest = SumsBelow(depth);
    HandValues<P>(*at.hands).TakeRest(range, *leads_on, rest);
  }
  AddOpponentEnds(at, node_number, ends, range->reach, rest, is_first, values);
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
  HandValues<P>(*at.hands).OwnEnds(ends.ends, range, scratch(),
                                   [&](int i, const P& v) { values[i] = v; });
}

// One end at a time: each has a probability of its own.
template <typename P>
void BlockWalk<P>::PlayedEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends,
                              Range* range, P* values) {
  const HandValues<P> hands(*at.hands);
  bool is_first = true;
  const auto add = [&](bool is_fold, int action) {
    HandEnds<P> end = ends.ends;
    end.has_fold = is_fold;
    end.has_showdown = !is_fold;
    const ActionShare<P> plays = ShareOf(at, node, action);
    P* const won = scratch();  // of hand i it is used no more once its value is there
    hands.OwnEnds(end, range, won, [&](int i, const P& v) {
      const P weighted = v * plays.ProbabilityOf(i);
      values[i] = is_first ? weighted : values[i] + weighted;
      won[i] = v;
    });
    if (at.listener != nullptr) at.listener->TakeActionValues(at, node, action, won);
    is_first = false;
  };
  if (ends.ends.has_fold) add(true, ends.fold);
  if (ends.ends.has_showdown) add(false, ends.showdown);
}

template <typename P>
void BlockWalk<P>::AddOpponentEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends,
                                   const P* reach, const CardSums<P>* rest, bool is_first,
                                   P* values) {
  const HandValues<P> hands(*at.hands);
  const ActionShare<P> fold = ShareOf(at, node, ends.fold);
  const ActionShare<P> show = ShareOf(at, node, ends.showdown);
  if (is_first) {
    hands.OpponentEnds(ends.ends, reach, fold, show, rest, scratch(),
                       [&](int i, const P& v) { values[i] = v; });
  } else {
    hands.OpponentEnds(ends.ends, reach, fold, show, rest, scratch(),
                       [&](int i, const P& v) { values[i] += v; });
  }
}

template class BlockWalk<Pack<float, 8>>;
template class BlockWalk<Pack<float, 16>>;
template class BlockWalk<Pack<double, 4>>;
template class BlockWalk<Pack<double, 8>>;

}  // namespace nash
