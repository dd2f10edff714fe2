// A vector form of the walk: at each node reach_[p][h] is the chance with which player p plays to
// it holding h, and what comes back is, for each hand of the responder, the payoff times the
// others' reach, summed over their hands. Two vectors come back together, one for the policy and
// one for the best response, since they differ only at the responder's own nodes, where the first
// takes the mean over actions and the second the maximum.
//
// The maximum is taken hand by hand and is right: which action is best for a hand depends only on
// what lies below, and all that the responder cannot see is summed over before.
//
// Its own reach stays 1, as it multiplies nothing. Chance comes in where streets change: values of
// all boards are added, each with its probability, and a leaf before the last street deals out the
// rest of the board (RunOut). Hands that share cards with the board or with each other are left out
// at the leaves (leaf_values.h); up in the tree they are carried along with value 0.
//
// No suits are merged and no board is sampled: exact and slow, for small games. Sums are in one
// order, so that a value is the same to the last bit on every machine.
#include "solver/evaluation/best_response.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "solver/evaluation/leaf_values.h"

namespace nash {
namespace {

// Chips by hand of the responder, times the others' reach probabilities: summed over the joint
// hands of the others, not yet divided by their number.
struct HandValues {
  explicit HandValues(size_t num_hands) : policy(num_hands), best(num_hands) {}
  void Add(const HandValues& other, double factor) {
    for (size_t h = 0; h < policy.size(); ++h) policy[h] += factor * other.policy[h];
    for (size_t h = 0; h < best.size(); ++h) best[h] += factor * other.best[h];
  }
  std::vector<double> policy;
  std::vector<double> best;
};

class Walk {
 public:
  Walk(const PublicTree& tree, const HandSpace& space, const Policy& policy, int responder)
      : tree_(tree),
        space_(space),
        policy_(policy),
        responder_(responder),
        last_street_(tree.num_streets() - 1),
        reach_(tree.num_players(), std::vector<double>(space.num_hands(), 1.0)) {}

  HandValues Root() { return Boards(0, 0, space_.num_boards(0), 0); }

 private:
  // A place among the cards that have been dealt.
  struct Place {
    int street;
    uint32_t board;
  };

  // Deals boards [first, last) of `street` and goes on to `node`, on this street or a later one.
  HandValues Boards(int street, uint32_t first, uint32_t last, NodeIndex node) {
    HandValues values(space_.num_hands());
    for (uint32_t b = first; b < last; ++b) {
      values.Add(Enter({street, b}, node), space_.board_probability(street));
    }
    return values;
  }

  HandValues Enter(Place at, NodeIndex node) {
    if (tree_.nodes()[node].street > at.street) {
      const uint32_t children = space_.children_per_board(at.street);
      return Boards(at.street + 1, at.board * children, (at.board + 1) * children, node);
    }
    return tree_.nodes()[node].player == responder_ ? OwnNode(at, node) : OthersNode(at, node);
  }

  HandValues Edge(Place at, const PublicEdge& edge) {
    if (edge.kind() == EdgeKind::kDecision) return Enter(at, edge.payload());
    HandValues values(space_.num_hands());
    const LeafValues leaf(tree_, space_, edge, responder_);
    if (leaf.is_showdown()) {
      RunOut(at, 1, leaf, &values.policy);
    } else {
      leaf.AddTo(at.street, at.board, reach_, 1, &values.policy);
    }
    values.best = values.policy;
    return values;
  }

  // Deals what is left of the board, in order of streets; `probability` is that of the boards so
  // far.
  void RunOut(Place at, double probability, const LeafValues& leaf, std::vector<double>* values) {
    if (at.street == last_street_) {
      leaf.AddTo(at.street, at.board, reach_, probability, values);
      return;
    }
    const uint32_t children = space_.children_per_board(at.street);
    for (uint32_t b = at.board * children; b < (at.board + 1) * children; ++b) {
      RunOut({at.street + 1, b}, probability * space_.board_probability(at.street + 1), leaf,
             values);
    }
  }

  HandValues OwnNode(Place at, NodeIndex node) {
    const std::vector<double> probabilities = NodeProbabilities(at, node);
    const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
    HandValues values(space_.num_hands());
    for (size_t a = 0; a < edges.size(); ++a) {
      const HandValues child = Edge(at, edges[a]);
      for (size_t h = 0; h < values.policy.size(); ++h) {
        values.policy[h] += probabilities[h * edges.size() + a] * child.policy[h];
        values.best[h] = a == 0 ? child.best[h] : std::max(values.best[h], child.best[h]);
      }
    }
    return values;
  }

  HandValues OthersNode(Place at, NodeIndex node) {
    const std::vector<double> probabilities = NodeProbabilities(at, node);
    const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
    const int player = tree_.nodes()[node].player;
    const std::vector<double> reach = reach_[player];
    HandValues values(space_.num_hands());
    for (size_t a = 0; a < edges.size(); ++a) {
      bool is_reached = false;
      for (size_t h = 0; h < reach.size(); ++h) {
        reach_[player][h] = reach[h] * probabilities[h * edges.size() + a];
        is_reached |= reach_[player][h] > 0;
      }
      // What an opponent never plays to is worth nothing to anyone.
      if (is_reached) values.Add(Edge(at, edges[a]), 1);
    }
    reach_[player] = reach;
    return values;
  }

  // [num_hands][num_actions] of the player who acts; zeros for hands that the board rules out.
  std::vector<double> NodeProbabilities(Place at, NodeIndex node) const {
    const size_t num_actions = tree_.nodes()[node].num_actions;
    const absl::Span<const uint32_t> buckets = space_.buckets(at.street, at.board);
    std::vector<double> probabilities(num_actions * buckets.size());
    for (size_t h = 0; h < buckets.size(); ++h) {
      if (buckets[h] == kNoBucket) continue;
      policy_.Probabilities(node, buckets[h],
                            absl::MakeSpan(probabilities).subspan(h * num_actions, num_actions));
    }
    return probabilities;
  }

  const PublicTree& tree_;
  const HandSpace& space_;
  const Policy& policy_;
  const int responder_;
  const int last_street_;
  // By player and hand: the product of the probabilities of the player's actions so far. The
  // responder's own stays 1.
  std::vector<std::vector<double>> reach_;
};

}  // namespace

ResponseValues EvaluatePlayer(const PublicTree& tree, const HandSpace& space, const Policy& policy,
                              int player) {
  const HandValues root = Walk(tree, space, policy, player).Root();
  const double joint_hands = CountJointHands(tree.game());
  ResponseValues values;
  for (double chips : root.policy) values.policy_chips += chips / joint_hands;
  for (double chips : root.best) values.best_response_chips += chips / joint_hands;
  return values;
}

}  // namespace nash
