#include "solver/evaluation/call_down.h"

#include <bit>

namespace nash {

int CallEdgeOf(const PublicTree& tree, NodeIndex node) {
  return tree.LabelsOf(node)[0] == kFoldLabel ? 1 : 0;
}

const PublicEdge& CalledEnd(const PublicTree& tree, const PublicEdge& edge) {
  const PublicEdge* at = &edge;
  while (at->kind() == EdgeKind::kDecision) {
    at = &tree.EdgesOf(at->payload())[CallEdgeOf(tree, at->payload())];
  }
  return *at;
}

int StreetAfter(const PublicTree& tree, int street, const PublicEdge& edge) {
  switch (edge.kind()) {
    case EdgeKind::kDecision:
      return tree.nodes()[edge.payload()].street;
    case EdgeKind::kFold:
      return street;
    case EdgeKind::kMultiway:  // or all but one have folded
      if (std::has_single_bit(tree.terminals()[edge.payload()].in_hand)) return street;
      break;
    case EdgeKind::kShowdown:
      break;
  }
  return tree.num_streets() - 1;
}

}  // namespace nash
