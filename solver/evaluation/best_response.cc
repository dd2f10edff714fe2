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
// A walk is made three times over the same few nodes near the root: to find the parts that are to
// be walked on their own, on the threads of the pool to walk those parts, and to put their values
// together. The parts follow from the tree alone, so each sum is made in one order whatever the
// number of threads. No suits are merged and no board is sampled: exact and slow, for small games.
// tests/evaluation compares the results with an explicit game tree.
#include "solver/evaluation/best_response.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "solver/evaluation/leaf_values.h"

namespace nash {
namespace {

// Parts of one walk, about: enough to keep many threads busy to the end.
constexpr double kPartsAimed = 256;
// What is smaller than this share of a part is not worth one; it is walked when parts are put
// together.
constexpr double kSmallestShare = 1.0 / 16;
// Threads tell the counter after so many terms.
constexpr uint64_t kTermsPerReport = 1 << 16;

// Chips by hand of the responder, times the others' reach probabilities: summed over the joint
// hands of the others, not yet divided by their number.
struct HandValues {
  HandValues() = default;
  explicit HandValues(size_t num_hands) : policy(num_hands), best(num_hands) {}
  void Add(const HandValues& other, double factor) {
    for (size_t h = 0; h < policy.size(); ++h) policy[h] += factor * other.policy[h];
    for (size_t h = 0; h < best.size(); ++h) best[h] += factor * other.best[h];
  }
  std::vector<double> policy;
  std::vector<double> best;
};

// By player and hand: the product of the probabilities of the player's actions so far. The
// responder's own stays 1.
using Reach = std::vector<std::vector<double>>;

// A place among the cards that have been dealt.
struct Place {
  int street;
  uint32_t board;
};

// What lies below a node or an edge on boards [first, last) of a street, to be walked on its own.
struct Part {
  enum class Kind { kNode, kEdge, kRunOut };
  Kind kind;
  int street;
  uint32_t first, last;  // one board for kEdge
  NodeIndex node;        // kNode
  PublicEdge edge;       // the others; kRunOut: a showdown whose board is dealt up to `street`
  Reach reach;
  HandValues values;  // once it was walked
};

class Walk {
 public:
  enum class Mode {
    kAll,     // walks everything
    kPlan,    // lists the parts, and returns zeros
    kGather,  // takes the parts' values, in the order in which they were listed
  };

  Walk(const ResponseSetup& setup, int responder, Reach reach, int thread, StageCounter* counter)
      : tree_(setup.tree),
        space_(setup.space),
        policy_(setup.policy),
        terms_(setup.terms),
        responder_(responder),
        last_street_(setup.tree.num_streets() - 1),
        thread_(thread),
        counter_(counter),
        reach_(std::move(reach)) {}
  ~Walk() { counter_->Add(uncounted_, thread_); }

  HandValues Root() { return Boards(0, 0, space_.num_boards(0), 0); }

  // parts: written by kPlan; its values are taken by kGather.
  HandValues Root(Mode mode, double part_terms, std::vector<Part>* parts) {
    mode_ = mode;
    part_terms_ = part_terms;
    parts_ = parts;
    return Root();
  }

  HandValues WalkPart(const Part& part) {
    if (part.kind == Part::Kind::kNode) {
      return Boards(part.street, part.first, part.last, part.node);
    }
    if (part.kind == Part::Kind::kEdge) return Edge({part.street, part.first}, part.edge);
    HandValues values(space_.num_hands());
    const LeafValues leaf(tree_, space_, part.edge, responder_);
    for (uint32_t b = part.first; b < part.last; ++b) {
      RunOut({part.street, b}, space_.board_probability(part.street), leaf, &values.policy);
    }
    values.best = values.policy;
    return values;
  }

 private:
  // Deals boards [first, last) of `street` and goes on to `node`, on this street or a later one.
  HandValues Boards(int street, uint32_t first, uint32_t last, NodeIndex node) {
    HandValues values(space_.num_hands());
    const double terms = terms_.OnBoard(street, node);
    if (mode_ == Mode::kAll || terms > part_terms_) {
      for (uint32_t b = first; b < last; ++b) {
        values.Add(Enter({street, b}, node), space_.board_probability(street));
      }
    } else {
      AddParts({Part::Kind::kNode, street, first, last, node, {}, {}, {}}, terms, &values);
    }
    return values;
  }

  // Adds what lies below `all`, cut by boards; `terms` are those of one board.
  void AddParts(const Part& all, double terms, HandValues* values) {
    const auto step = static_cast<uint32_t>(std::clamp(part_terms_ / terms, 1.0, 1e9));
    for (uint32_t b = all.first; b < all.last; b += std::min(step, all.last - b)) {
      if (mode_ == Mode::kGather) {
        values->Add((*parts_)[next_part_++].values, 1);
        continue;
      }
      Part& part = parts_->emplace_back(all);
      part.first = b;
      part.last = b + std::min(step, all.last - b);
      part.reach = reach_;
    }
  }

  HandValues Enter(Place at, NodeIndex node) {
    if (tree_.nodes()[node].street > at.street) {
      const uint32_t children = space_.children_per_board(at.street);
      return Boards(at.street + 1, at.board * children, (at.board + 1) * children, node);
    }
    return tree_.nodes()[node].player == responder_ ? OwnNode(at, node) : OthersNode(at, node);
  }

  HandValues Edge(Place at, const PublicEdge& edge) {
    if (mode_ != Mode::kAll) return EdgeInParts(at, edge);
    if (edge.kind() == EdgeKind::kDecision) return Enter(at, edge.payload());
    HandValues values(space_.num_hands());
    const LeafValues leaf(tree_, space_, edge, responder_);
    if (leaf.is_showdown()) {
      RunOut(at, 1, leaf, &values.policy);
    } else {
      AddLeaf(at, 1, leaf, &values.policy);
    }
    values.best = values.policy;
    return values;
  }

  HandValues EdgeInParts(Place at, const PublicEdge& edge) {
    const double terms = terms_.OnBoard(at.street, edge);
    const bool is_decision = edge.kind() == EdgeKind::kDecision;
    HandValues values(space_.num_hands());
    if (terms > part_terms_ && is_decision) return Enter(at, edge.payload());
    if (terms < part_terms_ * kSmallestShare) {
      if (mode_ == Mode::kPlan) return values;
      mode_ = Mode::kAll;
      values = Edge(at, edge);
      mode_ = Mode::kGather;
      return values;
    }
    if (terms > part_terms_ && terms > terms_.of_leaf()) {
      const uint32_t children = space_.children_per_board(at.street);
      AddParts({Part::Kind::kRunOut,
                at.street + 1,
                at.board * children,
                (at.board + 1) * children,
                0,
                edge,
                {},
                {}},
               terms / children, &values);
    } else {
      AddParts({Part::Kind::kEdge, at.street, at.board, at.board + 1, 0, edge, {}, {}}, terms,
               &values);
    }
    return values;
  }

  // Deals what is left of the board, in order of streets; `probability` is that of the boards so
  // far.
  void RunOut(Place at, double probability, const LeafValues& leaf, std::vector<double>* values) {
    if (at.street == last_street_) return AddLeaf(at, probability, leaf, values);
    const uint32_t children = space_.children_per_board(at.street);
    for (uint32_t b = at.board * children; b < (at.board + 1) * children; ++b) {
      RunOut({at.street + 1, b}, probability * space_.board_probability(at.street + 1), leaf,
             values);
    }
  }

  void AddLeaf(Place at, double probability, const LeafValues& leaf, std::vector<double>* values) {
    leaf.AddTo(at.street, at.board, reach_, probability, values);
    Count(terms_.of_leaf());
  }

  void Count(double terms) {
    uncounted_ += static_cast<uint64_t>(terms);
    if (uncounted_ < kTermsPerReport) return;
    counter_->Add(uncounted_, thread_);
    uncounted_ = 0;
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
      if (is_reached) {
        values.Add(Edge(at, edges[a]), 1);
      } else if (mode_ != Mode::kPlan) {
        Count(terms_.OnBoard(at.street, edges[a]));
      }
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
  const LeafTerms& terms_;
  const int responder_;
  const int last_street_;
  const int thread_;
  StageCounter* const counter_;
  Reach reach_;
  uint64_t uncounted_ = 0;
  Mode mode_ = Mode::kAll;
  double part_terms_ = 0;
  std::vector<Part>* parts_ = nullptr;  // not owned
  size_t next_part_ = 0;                // kGather
};

HandValues WalkInParts(const ResponseSetup& setup, int player, ThreadPool* pool,
                       StageCounter* counter) {
  const Reach start(setup.tree.num_players(), std::vector<double>(setup.space.num_hands(), 1.0));
  const double part_terms = std::max(setup.terms.total() / kPartsAimed, setup.part_terms_min);
  std::vector<Part> parts;
  Walk(setup, player, start, 0, counter).Root(Walk::Mode::kPlan, part_terms, &parts);
  pool->ForEach(parts.size(), [&](size_t i, int thread) {
    Part& part = parts[i];
    part.values = Walk(setup, player, std::move(part.reach), thread, counter).WalkPart(part);
  });
  return Walk(setup, player, start, 0, counter).Root(Walk::Mode::kGather, part_terms, &parts);
}

}  // namespace

ResponseValues EvaluatePlayer(const ResponseSetup& setup, int player, ThreadPool* pool,
                              StageCounter* counter) {
  const HandValues root = WalkInParts(setup, player, pool, counter);
  const double joint_hands = CountJointHands(setup.tree.game());
  ResponseValues values;
  values.policy_chips = setup.tree.OwnChips(player);
  values.best_response_chips = setup.tree.OwnChips(player);
  for (double chips : root.policy) values.policy_chips += chips / joint_hands;
  for (double chips : root.best) values.best_response_chips += chips / joint_hands;
  return values;
}

}  // namespace nash
