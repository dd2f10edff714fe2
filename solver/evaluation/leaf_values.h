// The end of a hand, summed over the joint hands of all players. For solver/evaluation only.
#ifndef NASHVILLE_SOLVER_EVALUATION_LEAF_VALUES_H_
#define NASHVILLE_SOLVER_EVALUATION_LEAF_VALUES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "solver/evaluation/hand_space.h"
#include "solver/game/public_tree.h"

namespace nash {

// Two players with one or two hole cards: time linear in the number of hands, by sums over all
// hands less those that share a card (Johanson et al. 2011, s. 3.3). Otherwise one term for each
// joint hand. Thread-compatible; a value that lives as long as one visit of one edge.
class LeafValues {
 public:
  // edge: no decision. All arguments must outlive this.
  LeafValues(const PublicTree& tree, const HandSpace& space, const PublicEdge& edge, int responder);

  // False when all but one have folded, so that the cards do not matter.
  bool is_showdown() const { return is_showdown_; }

  // Adds to values[h], for every hand h of the responder, the sum over all joint hands of the
  // others that share no card with h, the board and one another, of factor * reach * chips won.
  // board: of the last street for a showdown. reach: by player, [num_hands]. values: [num_hands].
  void AddTo(int street, uint32_t board, const std::vector<std::vector<double>>& reach,
             double factor, std::vector<double>* values) const;

  // The number of terms that AddTo() sums.
  static double CountTerms(const GameDefinition& game);

 private:
  struct JointHands;  // a sum over joint hands in progress

  void AddFold(CardSet board, const std::vector<double>& reach, double factor,
               std::vector<double>* values) const;
  void AddShowdown(uint32_t board, const std::vector<double>& reach, double factor,
                   std::vector<double>* values) const;
  double TwoPlayers(const JointHands& joint, CardSet used, int32_t strength) const;
  double Multiway(JointHands* joint, size_t index, CardSet used, double reach, double chips) const;

  const PublicTree& tree_;
  const HandSpace& space_;
  const int responder_;
  bool is_showdown_ = false;
  double chips_ = 0;  // two players: what the responder wins; at a showdown, if it is the stronger
  const MultiwayTerminal* terminal_ = nullptr;  // three and more players
  // The other players, those in the hand first: once all of their hands are known, so are the
  // chips won.
  std::array<int, kPlayersMax> others_{};
  size_t num_others_ = 0;
  size_t num_others_in_hand_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LEAF_VALUES_H_
