#include "solver/evaluation/leaf_terms.h"

#include <bit>

#include "solver/evaluation/hand_space.h"
#include "solver/evaluation/leaf_values.h"

namespace nash {
namespace {

bool IsShowdown(const PublicTree& tree, const PublicEdge& edge) {
  return edge.kind() == EdgeKind::kShowdown ||
         (edge.kind() == EdgeKind::kMultiway &&
          std::popcount(tree.terminals()[edge.payload()].in_hand) > 1);
}

}  // namespace

LeafTerms::LeafTerms(const PublicTree& tree)
    : tree_(tree), of_leaf_(LeafValues::CountTerms(tree.game())), below_(tree.nodes().size()) {
  for (int street = 0; street < tree.num_streets(); ++street) {
    boards_[street] = CountBoards(tree.game(), street);
  }
  // Nodes are in preorder: children come after their parents.
  for (NodeIndex node = static_cast<NodeIndex>(below_.size()); node-- > 0;) {
    for (const PublicEdge& edge : tree.EdgesOf(node)) {
      below_[node] += OnBoard(tree.nodes()[node].street, edge);
    }
  }
}

double LeafTerms::OnBoard(int street, const PublicEdge& edge) const {
  if (edge.kind() == EdgeKind::kDecision) return OnBoard(street, edge.payload());
  if (!IsShowdown(tree_, edge)) return of_leaf_;
  return of_leaf_ * BoardsBetween(street, tree_.num_streets() - 1);
}

}  // namespace nash
