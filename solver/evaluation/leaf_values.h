// The end of a hand, summed over the joint hands of all players. For solver/evaluation only.
#ifndef NASHVILLE_SOLVER_EVALUATION_LEAF_VALUES_H_
#define NASHVILLE_SOLVER_EVALUATION_LEAF_VALUES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/evaluation/hand_space.h"
#include "solver/game/public_tree.h"

namespace nash {

// Thread-compatible; a value that lives as long as one visit of one edge.
class LeafValues {
 public:
  // edge: no decision. All arguments must outlive this.
  LeafValues(const PublicTree& tree, const HandSpace& space, const PublicEdge& edge, int responder);

  // False when all but one have folded, so that the cards do not matter.
  bool is_showdown() const { return is_showdown_; }

  // Adds to values[h], for every hand h of the responder, the sum over all joint hands of the
  // others that share no card with h, `board` and one another, of factor * reach * chips won.
  // strengths: [num_hands], for a showdown. reach: by player, [num_hands]. values: [num_hands].
  void AddTo(CardSet board, absl::Span<const int32_t> strengths,
             const std::vector<std::vector<double>>& reach, double factor,
             std::vector<double>* values) const;

 private:
  struct Sum;  // what the sum over joint hands needs at hand

  double TwoPlayers(const Sum& sum, CardSet used, int32_t strength) const;
  double Multiway(Sum* sum, size_t index, CardSet used, double reach, double chips) const;

  const PublicTree& tree_;
  const HandSpace& space_;
  const int responder_;
  bool is_showdown_ = false;
  double chips_ = 0;  // two players: what the responder wins; at a showdown, if it is the stronger
  const MultiwayTerminal* terminal_ = nullptr;  // three and more players
  // The other players, those in the hand first: once all of their hands are known, so are the
  // chips won.
  std::vector<int> others_;
  size_t num_others_in_hand_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LEAF_VALUES_H_
