// How many terms an exact evaluation sums, in all and below every node: what it will cost, and how
// its work is shared out.
//
// Immutable and thread-safe once built. Memory: 8 bytes a node.
#ifndef NASHVILLE_SOLVER_EVALUATION_LEAF_TERMS_H_
#define NASHVILLE_SOLVER_EVALUATION_LEAF_TERMS_H_

#include <array>
#include <vector>

#include "solver/game/public_tree.h"

namespace nash {

class LeafTerms {
 public:
  // Counts the terms of one player's walk. The tree must outlive this.
  explicit LeafTerms(const PublicTree& tree);

  // The terms of the whole walk. A double, since a game that is too large may have more than 2^64.
  double total() const { return boards_[0] * below_[0]; }
  // The terms of the leaves at and below `node`, whose street is `street` or a later one, on one
  // board of `street`.
  double OnBoard(int street, NodeIndex node) const {
    return BoardsBetween(street, tree_.nodes()[node].street) * below_[node];
  }
  // The same of an edge of a node of `street`.
  double OnBoard(int street, const PublicEdge& edge) const;
  // The terms of one leaf on one board, which is of the last street at a showdown.
  double of_leaf() const { return of_leaf_; }

 private:
  // Boards of `later` for each of `street`.
  double BoardsBetween(int street, int later) const { return boards_[later] / boards_[street]; }

  const PublicTree& tree_;
  double of_leaf_;
  std::array<double, kStreetsMax> boards_{};  // by street
  std::vector<double> below_;                 // by node: on one board of its own street
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LEAF_TERMS_H_
