// One block: up to P::kLanes betting subtrees of one shape, walked as one.
//
//   Down   reach[hand] of the opponent, from the root to each step to the next street
//   Up     values[hand] of the responder, from there and from the ends back to the root
//
// Each depth has two vectors of [hands]: what the opponent's range is after its action (ReachAt),
// and a second child's values (ValuesAt); the first child writes into the parent's. The ends of a
// node are left for last and done together (AddOwnEnds, AddOpponentEnds): a fold and a showdown
// share sums over the opponent's hands, which are the cost of both.
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
  return (2 * uint64_t(DepthOf(streets)) + 1) * kVectorStride<P> * sizeof(P);
}

template <typename P>
BlockWalk<P>::BlockWalk(absl::Span<const StreetBlocks> streets)
    : depths_(DepthOf(streets)), memory_(BytesNeeded(streets) / sizeof(P)) {}

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
  ActionShare<P> plays = {at.strategies->Rows(at.street, *at.block, to.child), at.buckets,
                          node.num_actions, 0};
  for (; plays.action < node.num_actions; ++plays.action) {
    const uint32_t child = node.first_edge + plays.action;
    if (IsEnd(shape.edges[child])) continue;
    if (node.player == at.responder) {
      DownEdge(at, child, reach, depth + 1, next);
      continue;
    }
    P* const shared = ReachAt(depth);
    plays.TakeFrom(reach, n, shared);
    DownEdge(at, child, shared, depth + 1, next);
  }
}

template <typename P>
void BlockWalk<P>::Up(const BlockOnBoard<P>& at, const P* reach, P* values, GiveValues next) {
  UpEdge(at, 0, reach, values, 0, next);
}

template <typename P>
void BlockWalk<P>::UpEdge(const BlockOnBoard<P>& at, uint32_t edge, const P* reach, P* values,
                          int depth, GiveValues next) {
  const ShapeEdge& to = at.blocks->shape_of(*at.block).edges[edge];
  switch (to.kind) {
    case ShapeEdgeKind::kChild:
      return UpNode(at, to.child, reach, values, depth, next);
    case ShapeEdgeKind::kNextStreet:
      return next(edge, values);
    case ShapeEdgeKind::kFold:
    case ShapeEdgeKind::kShowdown:
      Ends end;
      AddEnd(at, edge, &end.ends);
      return AddOwnEnds(at, end, reach, true, values);
  }
}

template <typename P>
void BlockWalk<P>::UpNode(const BlockOnBoard<P>& at, uint32_t node_number, const P* reach,
                          P* values, int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeNode& node = shape.nodes[node_number];
  const int n = at.hands->size();
  const bool is_own = node.player == at.responder;
  if (at.listener != nullptr && !is_own) at.listener->TakeRange(at, node_number, reach);
  P* const shared = ReachAt(depth);
  bool is_first = true;
  ActionShare<P> plays = {at.strategies->Rows(at.street, *at.block, node_number), at.buckets,
                          node.num_actions, 0};
  for (; plays.action < node.num_actions; ++plays.action) {
    const uint32_t edge = node.first_edge + plays.action;
    if (IsEnd(shape.edges[edge])) continue;
    P* const below = is_first ? values : ValuesAt(depth);
    if (!is_own) plays.TakeFrom(reach, n, shared);
    UpEdge(at, edge, is_own ? reach : shared, below, depth + 1, next);
    if (at.listener != nullptr && is_own) {
      at.listener->TakeActionValues(at, node_number, plays.action, below);
    }
    if (is_own && !at.responds) {
      for (int i = 0; i < n; ++i) below[i] = plays.Of(below, i);
    }
    if (!is_first && is_own && at.responds) {
      for (int i = 0; i < n; ++i) values[i] = Max(values[i], below[i]);
    } else if (!is_first) {
      for (int i = 0; i < n; ++i) values[i] += below[i];
    }
    is_first = false;
  }
  const Ends ends = EndsOf(at, node);
  if (!ends.any()) return;
  if (!is_own) return AddOpponentEnds(at, ends, plays, reach, is_first, values);
  if (!at.responds) return AddPlayedEnds(at, node_number, ends, plays, reach, is_first, values);
  AddOwnEnds(at, ends, reach, is_first, values);
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
void BlockWalk<P>::AddOwnEnds(const BlockOnBoard<P>& at, const Ends& ends, const P* reach,
                              bool is_first, P* values) {
  const HandValues<P> hands(*at.hands);
  if (is_first) {
    hands.OwnEnds(ends.ends, reach, scratch(), [&](int i, const P& v) { values[i] = v; });
  } else {
    hands.OwnEnds(ends.ends, reach, scratch(),
                  [&](int i, const P& v) { values[i] = Max(values[i], v); });
  }
}

// One end at a time: each has a probability of its own.
template <typename P>
void BlockWalk<P>::AddPlayedEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends,
                                 const ActionShare<P>& plays, const P* reach, bool is_first,
                                 P* values) {
  const HandValues<P> hands(*at.hands);
  const auto add = [&](bool is_fold, int action) {
    HandEnds<P> end = ends.ends;
    end.has_fold = is_fold;
    end.has_showdown = !is_fold;
    ActionShare<P> share = plays;
    share.action = action;
    P* const won = scratch();  // of hand i it is used no more once its value is there
    hands.OwnEnds(end, reach, won, [&](int i, const P& v) {
      const P weighted = v * share.ProbabilityOf(i);
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
void BlockWalk<P>::AddOpponentEnds(const BlockOnBoard<P>& at, const Ends& ends,
                                   const ActionShare<P>& plays, const P* reach, bool is_first,
                                   P* values) {
  const HandValues<P> hands(*at.hands);
  ActionShare<P> fold = plays;
  fold.action = ends.fold;
  ActionShare<P> show = plays;
  show.action = ends.showdown;
  if (is_first) {
    hands.OpponentEnds(ends.ends, reach, fold, show, scratch(),
                       [&](int i, const P& v) { values[i] = v; });
  } else {
    hands.OpponentEnds(ends.ends, reach, fold, show, scratch(),
                       [&](int i, const P& v) { values[i] += v; });
  }
}

template class BlockWalk<Pack<float, 8>>;
template class BlockWalk<Pack<float, 16>>;
template class BlockWalk<Pack<double, 4>>;
template class BlockWalk<Pack<double, 8>>;

}  // namespace nash
