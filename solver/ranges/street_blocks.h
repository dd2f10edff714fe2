// The betting subtrees of each street, grouped by shape into blocks that go side by side.
//
// A street's subtrees mostly have one of a few shapes (who acts, how many actions, where it folds,
// shows down or goes on to the next street) and differ in amounts only. Roots of one shape are
// put into blocks of `lanes` subtrees; the last block of a shape has empty lanes. A hand that is
// all-in early is a root of every later street: a shape with no decision.
//
// A root's *place* is its block times the lanes plus its lane; vectors by root lie so. Blocks of a
// street name the places of the next street that their edges lead to. A function of the tree and
// the lanes alone. Immutable once built, thread-safe. Memory: some 12 bytes an edge and lane.
#ifndef NASHVILLE_SOLVER_RANGES_STREET_BLOCKS_H_
#define NASHVILLE_SOLVER_RANGES_STREET_BLOCKS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "solver/game/public_tree.h"

namespace nash {

inline constexpr NodeIndex kNoNode = UINT32_MAX;
inline constexpr uint32_t kNoPlace = UINT32_MAX;

enum class ShapeEdgeKind : uint8_t { kChild, kFold, kShowdown, kNextStreet };

struct ShapeEdge {
  ShapeEdgeKind kind;
  uint8_t folder;  // kFold: the position that folds
  uint32_t child;  // kChild: a node of the shape
};

// Whether a decision or a later street follows, and not the end of the hand.
inline bool LeadsOn(const ShapeEdge& edge) {
  return edge.kind == ShapeEdgeKind::kChild || edge.kind == ShapeEdgeKind::kNextStreet;
}

struct ShapeNode {
  uint32_t first_edge;
  uint8_t num_actions;
  uint8_t player;
};

// Nodes in depth-first preorder. Edge 0 leads to the first node; a shape without decisions has
// no other. A node has at most one fold, and at most one showdown or step to the next street.
struct SubtreeShape {
  std::vector<ShapeNode> nodes;
  std::vector<ShapeEdge> edges;
  int depth = 0;  // decisions on the longest path
};

struct SubtreeBlock {
  uint32_t shape;
  int num_lanes;        // in use; the others have no node, amounts of 0 and no next place
  uint32_t first_node;  // in nodes, times lanes
  uint32_t first_edge;  // in edges, times lanes
};

// One street.
class StreetBlocks {
 public:
  int lanes() const { return lanes_; }
  absl::Span<const SubtreeShape> shapes() const { return shapes_; }
  absl::Span<const SubtreeBlock> blocks() const { return blocks_; }
  const SubtreeShape& shape_of(const SubtreeBlock& block) const { return shapes_[block.shape]; }
  // [lanes] nodes of the public tree side by side; kNoNode in an empty lane.
  const NodeIndex* nodes(const SubtreeBlock& block, int node) const {
    return nodes_.data() + size_t{block.first_node + static_cast<uint32_t>(node)} * lanes_;
  }
  // [lanes] what the folder, or the weaker hand at a showdown, loses.
  const int32_t* chips(const SubtreeBlock& block, int edge) const {
    return chips_.data() + size_t{block.first_edge + static_cast<uint32_t>(edge)} * lanes_;
  }
  // [lanes] places of the next street that an edge of kind kNextStreet leads to.
  const uint32_t* next_places(const SubtreeBlock& block, int edge) const {
    return next_places_.data() + size_t{block.first_edge + static_cast<uint32_t>(edge)} * lanes_;
  }
  // Decision nodes and actions of all blocks: of the tree, and of blocks with full lanes.
  uint64_t num_nodes() const { return num_nodes_; }
  uint64_t num_edges() const { return num_edges_; }
  uint64_t num_block_nodes() const { return nodes_.size() / lanes_; }
  // Actions of the nodes of blocks: what one hand costs on one board of the street.
  uint64_t num_block_edges() const { return num_block_edges_; }
  uint64_t bytes() const;

  // The blocks of every street: [num_streets]. Needs a tree of two players.
  static std::vector<StreetBlocks> Build(const PublicTree& tree, int lanes);

 private:
  class Builder;
  explicit StreetBlocks(int lanes) : lanes_(lanes) {}

  int lanes_;
  std::vector<SubtreeShape> shapes_;
  std::vector<SubtreeBlock> blocks_;
  std::vector<NodeIndex> nodes_;
  std::vector<int32_t> chips_;
  std::vector<uint32_t> next_places_;
  uint64_t num_nodes_ = 0;
  uint64_t num_edges_ = 0;
  uint64_t num_block_edges_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_STREET_BLOCKS_H_
