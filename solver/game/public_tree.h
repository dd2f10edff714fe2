// The public tree: every betting sequence of a game under an action menu, as flat arrays.
//
// No cards are in it: a chance event is a change of street from a node to its child. Nodes are
// decisions, in depth-first preorder, so a subtree is the contiguous range
// [node, node + subtree_size(node)). Terminals are not nodes; they live in the edges.
// Immutable and thread-safe once built. Cost: 8 bytes a node and 8 bytes an edge in the hot arrays,
// plus 8 bytes a node and 4 bytes an edge that only printing, layouts and lookups by betting
// sequence read; terminals of three and more players are few, as they are shared.
#ifndef NASHVILLE_SOLVER_GAME_PUBLIC_TREE_H_
#define NASHVILLE_SOLVER_GAME_PUBLIC_TREE_H_

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/game/action_menu.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr int kActionsMax = 2 + kBetSizesMax;  // at one node: fold, call and raises
inline constexpr int kDepthMax = 255;                 // decisions on one path
inline constexpr uint32_t kNodesMax = uint32_t{1} << 30;

using NodeIndex = uint32_t;

// Labels of actions: fold, check or call, and raise to a total of `label` chips (what the player
// will have put in over the whole hand, as ACPC writes no-limit raises; also kept for limit games,
// where the text form omits the number).
using ActionLabel = int32_t;
inline constexpr ActionLabel kFoldLabel = -1;
inline constexpr ActionLabel kCallLabel = 0;

enum class EdgeKind : uint32_t {
  kDecision = 0,  // payload: the child's NodeIndex
  kFold = 1,      // two players only; payload: the position that folded
  kShowdown = 2,  // two players only; payload unused
  kMultiway = 3,  // three and more players; payload: index into terminals()
};

struct PublicNode {
  uint32_t first_edge;
  uint8_t num_actions;  // 1 to kActionsMax
  uint8_t player;       // position that acts
  uint8_t street;
  uint8_t depth;  // decisions before this one
};
static_assert(sizeof(PublicNode) == 8);

struct PublicEdge {
  uint32_t target;  // kind in the top two bits, payload in the rest
  // Of two players. kFold: what the folder loses; kShowdown: what the loser loses; but for
  // PublicTree::OwnChips(), where antes differ.
  int32_t amount_chips;

  EdgeKind kind() const { return static_cast<EdgeKind>(target >> 30); }
  uint32_t payload() const { return target & ((uint32_t{1} << 30) - 1); }
};
static_assert(sizeof(PublicEdge) == 8);

// The end of a hand of three and more players. Hands that end alike share one.
struct MultiwayTerminal {
  std::array<int32_t, kPlayersMax> spent_chips{};  // bet, by position: without dead chips
  uint16_t in_hand = 0;                            // bit p: position p has not folded
  friend bool operator==(const MultiwayTerminal&, const MultiwayTerminal&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const MultiwayTerminal& t) {
    return H::combine(std::move(h), t.spent_chips, t.in_hand);
  }
};

// Chips won (negative: lost) by `player` at `terminal` of `game`, given strengths by position (the
// higher wins). The first pot is that of the dead chips, which everyone left in the hand plays for;
// side pots by equal contributions; a pot is split exactly among its winners.
double MultiwayValue(const GameDefinition& game, const MultiwayTerminal& terminal, int player,
                     absl::Span<const int32_t> strengths);

class PublicTree {
 public:
  // Builds the tree. Errors: InvalidArgument for a menu that CheckActionMenu() refuses or that
  // passes kDepthMax; ResourceExhausted beyond `nodes_max` nodes, with the remedy.
  static absl::StatusOr<PublicTree> Build(const GameDefinition& game, const ActionMenu& menu,
                                          uint32_t nodes_max = kNodesMax);

  int num_players() const { return game_.num_players; }
  int num_streets() const { return game_.num_streets; }
  const GameDefinition& game() const { return game_; }
  // What `player` wins by every end of the hand on top of what the edge says: half of what the
  // other antes more. Zero but for two players with different antes. Being always the same, it
  // changes no regret and no best response; whoever tells a player's winnings adds it.
  int32_t OwnChips(int player) const {
    if (game_.num_players != 2) return 0;
    return (game_.dead_chips[1 - player] - game_.dead_chips[player]) / 2;
  }

  // The root is node 0.
  absl::Span<const PublicNode> nodes() const { return nodes_; }
  absl::Span<const PublicEdge> edges() const { return edges_; }
  absl::Span<const MultiwayTerminal> terminals() const { return terminals_; }
  // [num_actions] edges of one node, fold first, then call, then raises in ascending order.
  absl::Span<const PublicEdge> EdgesOf(NodeIndex node) const {
    return edges().subspan(nodes_[node].first_edge, nodes_[node].num_actions);
  }
  absl::Span<const ActionLabel> LabelsOf(NodeIndex node) const {
    return absl::MakeConstSpan(labels_).subspan(nodes_[node].first_edge, nodes_[node].num_actions);
  }
  // Nodes of the subtree rooted at `node`, itself included.
  uint32_t SubtreeSize(NodeIndex node) const { return subtree_sizes_[node]; }

  // The betting before `node` in ACPC notation, streets separated by '/': "cr300c/r600".
  std::string Betting(NodeIndex node) const;
  // The node reached by `betting`. Error: NotFound, naming the first action not in the tree and
  // those that are.
  absl::StatusOr<NodeIndex> FindNode(absl::string_view betting) const;
  // One action as text: "f", "c", "r300" (no-limit) or "r" (limit).
  std::string ActionName(ActionLabel label) const;

  // Hot and cold bytes together.
  uint64_t bytes() const;

 private:
  class Builder;

  PublicTree() = default;
  // The node that `edge` belongs to.
  NodeIndex OwnerOf(uint32_t edge) const;
  std::string ActionNames(NodeIndex node) const;

  GameDefinition game_;
  std::vector<PublicNode> nodes_;
  std::vector<PublicEdge> edges_;
  std::vector<MultiwayTerminal> terminals_;
  std::vector<ActionLabel> labels_;      // by edge
  std::vector<uint32_t> parent_edges_;   // by node; the root has none
  std::vector<uint32_t> subtree_sizes_;  // by node
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_PUBLIC_TREE_H_
