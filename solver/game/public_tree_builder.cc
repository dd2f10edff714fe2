// PublicTree::Build(): plays every betting sequence, in preorder.
//
//   Visit(state)     appends a node and room for all its edges, then follows each
//   Follow(edge)     an end of the hand fills in the edge; anything else is a child: Visit()
//
// Preorder is what makes a subtree a range of nodes, and edges of a node neighbours: they are made
// together before the first child is visited. A child's number is known before it is visited, as it
// is the next one. The builder holds no state of the betting but the recursion's: a BettingState is
// copied for each action.
//
// Ends with three and more players need the chips of each, and are shared: many sequences end with
// the same chips and the same players in the hand. Their numbers are given in the order in which
// they are met, so that nothing depends on the hash map. With two players two numbers say all, and
// stand in the edge.
//
// Limits are looked at before each node, since a menu may describe more nodes than there is memory:
// the error then names the limit. Nothing here knows of cards, rows or memory layout.
// public_tree_test.cc counts known trees, public_tree_walk_test.cc plays every path with a slow,
// separate program of the rules (slow_hand.h).
#include <glog/logging.h>

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/public_tree.h"

namespace nash {
namespace {

constexpr uint32_t kPayloadMax = (uint32_t{1} << 30) - 1;

// Room that is asked for at once: memory that nobody writes takes none, while arrays that grow are
// written twice.
constexpr size_t kRoomNodes = size_t{1} << 20;
constexpr size_t kRoomEdges = 3 * kRoomNodes;

uint32_t TargetOf(EdgeKind kind, uint32_t payload) {
  DCHECK_LE(payload, kPayloadMax);
  return (static_cast<uint32_t>(kind) << 30) | payload;
}

}  // namespace

class PublicTree::Builder {
 public:
  // All must outlive the builder.
  Builder(const ActionMenu& menu, uint32_t nodes_max, PublicTree* tree)
      : menu_(menu), nodes_max_(std::min(nodes_max, kNodesMax)), tree_(*tree) {
    tree_.nodes_.reserve(kRoomNodes);
    tree_.parent_edges_.reserve(kRoomNodes);
    tree_.subtree_sizes_.reserve(kRoomNodes);
    tree_.edges_.reserve(kRoomEdges);
    tree_.labels_.reserve(kRoomEdges);
  }

  // Appends the subtree of `state`, which is not over and is reached by `parent_edge`.
  absl::Status Visit(const BettingState& state, uint32_t parent_edge, int depth);

 private:
  absl::Status CheckLimits(NodeIndex node, int depth) const;
  // Fills in one edge of `node`, and appends what is below it.
  absl::Status Follow(const BettingState& after, NodeIndex node, uint32_t edge, ActionLabel label);
  PublicEdge EndOfHand(const BettingState& after);

  const ActionMenu& menu_;
  const uint32_t nodes_max_;
  PublicTree& tree_;
  absl::flat_hash_map<MultiwayTerminal, uint32_t> terminal_indices_;
};

absl::Status PublicTree::Builder::CheckLimits(NodeIndex node, int depth) const {
  if (node >= nodes_max_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the action menu gives a tree of more than ", nodes_max_,
                     " nodes, which is the limit: offer fewer sizes or lower raises_max"));
  }
  if (depth >= kDepthMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the action menu allows more than ", kDepthMax,
                     " decisions in one hand, which is the limit: lower raises_max"));
  }
  // Every node adds at most kActionsMax edges and terminals.
  if (tree_.edges_.size() + kActionsMax > UINT32_MAX ||
      tree_.terminals_.size() + kActionsMax > kPayloadMax) {
    return absl::ResourceExhaustedError(
        "the action menu gives more ends of hands than the tree can number: offer fewer sizes or "
        "lower raises_max");
  }
  return absl::OkStatus();
}

absl::Status PublicTree::Builder::Visit(const BettingState& state, uint32_t parent_edge,
                                        int depth) {
  const NodeIndex node = static_cast<NodeIndex>(tree_.nodes_.size());
  RETURN_IF_ERROR(CheckLimits(node, depth));
  const RaiseTotals raises(tree_.game_, menu_, state);
  const bool can_fold = state.CanFold();
  const int num_actions = (can_fold ? 2 : 1) + static_cast<int>(raises.chips().size());
  uint32_t edge = static_cast<uint32_t>(tree_.edges_.size());
  tree_.nodes_.push_back({edge, static_cast<uint8_t>(num_actions),
                          static_cast<uint8_t>(state.player()),
                          static_cast<uint8_t>(state.street()), static_cast<uint8_t>(depth)});
  tree_.parent_edges_.push_back(parent_edge);
  tree_.subtree_sizes_.push_back(0);
  tree_.edges_.resize(edge + num_actions);
  tree_.labels_.resize(edge + num_actions);
  if (can_fold) {
    BettingState after = state;
    after.Fold();
    RETURN_IF_ERROR(Follow(after, node, edge++, kFoldLabel));
  }
  BettingState after = state;
  after.Call();
  RETURN_IF_ERROR(Follow(after, node, edge++, kCallLabel));
  for (int32_t total_chips : raises.chips()) {
    after = state;
    after.RaiseTo(total_chips);
    RETURN_IF_ERROR(Follow(after, node, edge++, total_chips));
  }
  tree_.subtree_sizes_[node] = static_cast<uint32_t>(tree_.nodes_.size()) - node;
  return absl::OkStatus();
}

absl::Status PublicTree::Builder::Follow(const BettingState& after, NodeIndex node, uint32_t edge,
                                         ActionLabel label) {
  tree_.labels_[edge] = label;
  if (after.is_over()) {
    tree_.edges_[edge] = EndOfHand(after);
    return absl::OkStatus();
  }
  const NodeIndex child = static_cast<NodeIndex>(tree_.nodes_.size());
  tree_.edges_[edge] = {TargetOf(EdgeKind::kDecision, child), 0};
  return Visit(after, edge, tree_.nodes_[node].depth + 1);
}

PublicEdge PublicTree::Builder::EndOfHand(const BettingState& after) {
  const int num_players = tree_.num_players();
  if (num_players > 2) {
    MultiwayTerminal terminal;
    for (int p = 0; p < num_players; ++p) terminal.spent_chips[p] = after.spent_chips(p);
    terminal.in_hand = after.in_hand();
    // Numbered as they are met, so the hash map's order is never seen.
    const uint32_t next = static_cast<uint32_t>(tree_.terminals_.size());
    const auto [found, is_new] = terminal_indices_.try_emplace(terminal, next);
    if (is_new) tree_.terminals_.push_back(terminal);
    const uint32_t index = found->second;
    return {TargetOf(EdgeKind::kMultiway, index), 0};
  }
  // With d0 and d1 dead chips the winner of m bet chips gets m + d_other and the loser loses m +
  // d_own: half the sum in the edge, half the difference in OwnChips(), for a split pot too.
  const auto dead_chips = static_cast<int32_t>(tree_.game_.DeadChips() / 2);
  constexpr uint16_t kBoth = 0b11;
  if (after.in_hand() == kBoth) {
    // What one player put in beyond the other goes back.
    return {TargetOf(EdgeKind::kShowdown, 0),
            std::min(after.spent_chips(0), after.spent_chips(1)) + dead_chips};
  }
  const int folder = after.in_hand() == 0b01 ? 1 : 0;
  return {TargetOf(EdgeKind::kFold, folder), after.spent_chips(folder) + dead_chips};
}

absl::StatusOr<PublicTree> PublicTree::Build(const GameDefinition& game, const ActionMenu& menu,
                                             uint32_t nodes_max) {
  RETURN_IF_ERROR(CheckActionMenu(menu, game.num_streets));
  if (game.DeadChips() != 0) RETURN_IF_ERROR(CheckDeadChips(game));
  PublicTree tree;
  tree.game_ = game;
  const BettingState root(&tree.game_);
  if (root.is_over()) {
    return absl::InvalidArgumentError(
        "the blinds take every stack, so that nobody has a decision: raise a stack");
  }
  RETURN_IF_ERROR(Builder(menu, nodes_max, &tree).Visit(root, 0, 0));
  return tree;
}

}  // namespace nash
