// How a street is cut up:
//
//     roots of the street      each edge of the street before that goes on
//          |  ShapeOf: who acts, how many actions, what each ends in, as a string in preorder
//          v
//     shapes, and the roots of each
//          |  AddBlock: `lanes` roots of one shape
//          v
//     blocks: nodes, amounts and places of the next street, each [of the shape][lane]
//
// Roots are taken in the order of the edges that lead to them, edge by edge and not lane by lane:
// the lanes of one edge mostly lead to roots of one shape, which then come to lie in one block in
// the same order, so that moving a vector from street to street is one permutation, or two.
//
// The numbers of shapes, blocks and places depend on the tree alone; nothing is kept that a lane
// could be found by but next_places_, which is all that walks need. tests/ranges/block_walk_test.cc
// walks the blocks of several games against recursions on the tree.
#include "solver/ranges/street_blocks.h"

#include <glog/logging.h>

#include <algorithm>
#include <map>

namespace nash {

// A street's roots in, its blocks and the next street's roots out.
class StreetBlocks::Builder {
 public:
  // A decision of this street or a later one, or a hand that is all-in.
  struct Root {
    NodeIndex node = kNoNode;
    int32_t chips = 0;  // all-in: what the weaker hand loses
    // The edge that leads here, in next_places_ of the street before; none of the tree's root.
    size_t from = 0;
  };

  Builder(const PublicTree& tree, int street, StreetBlocks* out)
      : tree_(tree), street_(street), is_last_(street + 1 == tree.num_streets()), out_(out) {}

  // Writes the places of the roots to `places` (next_places_ of the street before).
  std::vector<Root> Run(const std::vector<Root>& roots, std::vector<uint32_t>* places) {
    std::vector<std::vector<size_t>> roots_of_shape;
    for (size_t r = 0; r < roots.size(); ++r) {
      const uint32_t shape = ShapeOf(roots[r]);
      roots_of_shape.resize(std::max<size_t>(roots_of_shape.size(), shape + 1));
      roots_of_shape[shape].push_back(r);
    }
    for (uint32_t shape = 0; shape < roots_of_shape.size(); ++shape) {
      const std::vector<size_t>& members = roots_of_shape[shape];
      for (size_t first = 0; first < members.size(); first += out_->lanes_) {
        const size_t n = std::min<size_t>(members.size() - first, out_->lanes_);
        AddBlock(shape, roots, absl::MakeConstSpan(members).subspan(first, n), places);
      }
    }
    // Edge by edge: the lanes of one edge mostly lead to roots of one shape, which then lie side by
    // side again.
    std::sort(next_roots_.begin(), next_roots_.end(),
              [](const Root& a, const Root& b) { return a.from < b.from; });
    return std::move(next_roots_);
  }

 private:
  // What a root or an edge leads to, seen from this street.
  struct End {
    ShapeEdgeKind kind;
    uint8_t folder = 0;
    NodeIndex node = kNoNode;  // kChild, and kNextStreet unless all-in
    int32_t chips = 0;
  };

  End EndOf(const Root& root) const {
    if (root.node == kNoNode) return ShowdownOf(root.chips);
    return DecisionOf(root.node);
  }
  End EndOf(const PublicEdge& edge) const {
    switch (edge.kind()) {
      case EdgeKind::kDecision:
        return DecisionOf(edge.payload());
      case EdgeKind::kFold:
        return {ShapeEdgeKind::kFold, static_cast<uint8_t>(edge.payload()), kNoNode,
                edge.amount_chips};
      case EdgeKind::kShowdown:
        return ShowdownOf(edge.amount_chips);
      case EdgeKind::kMultiway:
        break;
    }
    LOG(FATAL) << "a hand of three and more players";
  }
  End DecisionOf(NodeIndex node) const {
    const bool is_here = tree_.nodes()[node].street == street_;
    return {is_here ? ShapeEdgeKind::kChild : ShapeEdgeKind::kNextStreet, 0, node, 0};
  }
  End ShowdownOf(int32_t chips) const {
    return {is_last_ ? ShapeEdgeKind::kShowdown : ShapeEdgeKind::kNextStreet, 0, kNoNode, chips};
  }

  // The shape's number; a new one where there is none like it.
  uint32_t ShapeOf(const Root& root) {
    std::string signature;
    AppendSignature(EndOf(root), &signature);
    const auto [it, is_new] = shape_numbers_.try_emplace(signature, out_->shapes_.size());
    if (is_new) {
      SubtreeShape shape;
      shape.edges.emplace_back();
      AddToShape(EndOf(root), 0, 0, &shape);
      out_->shapes_.push_back(std::move(shape));
    }
    return it->second;
  }

  // Equal for equal shapes and no others: it says of each end in preorder what it is.
  void AppendSignature(const End& end, std::string* signature) const {
    signature->push_back(static_cast<char>(end.kind));
    signature->push_back(static_cast<char>(end.folder));
    if (end.kind != ShapeEdgeKind::kChild) return;
    const PublicNode& node = tree_.nodes()[end.node];
    signature->push_back(static_cast<char>(node.player));
    signature->push_back(static_cast<char>(node.num_actions));
    for (const PublicEdge& edge : tree_.EdgesOf(end.node)) AppendSignature(EndOf(edge), signature);
  }

  void AddToShape(const End& end, size_t edge, int depth, SubtreeShape* shape) const {
    shape->depth = std::max(shape->depth, depth);
    shape->edges[edge] = {end.kind, end.folder, 0};
    if (end.kind != ShapeEdgeKind::kChild) return;
    const PublicNode& node = tree_.nodes()[end.node];
    const size_t first_edge = shape->edges.size();
    shape->edges[edge].child = static_cast<uint32_t>(shape->nodes.size());
    shape->nodes.push_back({static_cast<uint32_t>(first_edge), node.num_actions, node.player});
    shape->edges.resize(first_edge + node.num_actions);
    for (int a = 0; a < node.num_actions; ++a) {
      AddToShape(EndOf(tree_.EdgesOf(end.node)[a]), first_edge + a, depth + 1, shape);
    }
  }

  void AddBlock(uint32_t shape_number, const std::vector<Root>& roots,
                absl::Span<const size_t> members, std::vector<uint32_t>* places) {
    const SubtreeShape& shape = out_->shapes_[shape_number];
    const size_t lanes = out_->lanes_;
    block_ = {shape_number, static_cast<int>(members.size()),
              static_cast<uint32_t>(out_->nodes_.size() / lanes),
              static_cast<uint32_t>(out_->chips_.size() / lanes)};
    const uint32_t first_place = static_cast<uint32_t>(out_->blocks_.size() * lanes);
    out_->blocks_.push_back(block_);
    out_->nodes_.resize(out_->nodes_.size() + shape.nodes.size() * lanes, kNoNode);
    out_->chips_.resize(out_->chips_.size() + shape.edges.size() * lanes);
    out_->next_places_.resize(out_->chips_.size(), kNoPlace);
    for (size_t lane = 0; lane < members.size(); ++lane) {
      const Root& root = roots[members[lane]];
      if (places != nullptr) (*places)[root.from] = first_place + static_cast<uint32_t>(lane);
      FillLane(shape, EndOf(root), 0, lane);
    }
    out_->num_nodes_ += shape.nodes.size() * members.size();
    out_->num_edges_ += (shape.edges.size() - 1) * members.size();
    out_->num_block_edges_ += shape.edges.size() - 1;
  }

  void FillLane(const SubtreeShape& shape, const End& end, size_t edge, size_t lane) {
    const size_t at = (block_.first_edge + edge) * out_->lanes_ + lane;
    out_->chips_[at] = end.chips;
    if (end.kind == ShapeEdgeKind::kNextStreet) {
      next_roots_.push_back({end.node, end.chips, at});
    }
    if (end.kind != ShapeEdgeKind::kChild) return;
    const uint32_t child = shape.edges[edge].child;
    out_->nodes_[(block_.first_node + child) * out_->lanes_ + lane] = end.node;
    for (int a = 0; a < shape.nodes[child].num_actions; ++a) {
      FillLane(shape, EndOf(tree_.EdgesOf(end.node)[a]), shape.nodes[child].first_edge + a, lane);
    }
  }

  const PublicTree& tree_;
  const int street_;
  const bool is_last_;
  StreetBlocks* const out_;
  std::map<std::string, uint32_t> shape_numbers_;
  SubtreeBlock block_{};
  std::vector<Root> next_roots_;
};

std::vector<StreetBlocks> StreetBlocks::Build(const PublicTree& tree, int lanes) {
  CHECK_EQ(tree.num_players(), 2);
  std::vector<StreetBlocks> streets;
  std::vector<Builder::Root> roots = {{0, 0, 0}};
  for (int s = 0; s < tree.num_streets(); ++s) {
    StreetBlocks street(lanes);
    roots = Builder(tree, s, &street).Run(roots, s == 0 ? nullptr : &streets.back().next_places_);
    streets.push_back(std::move(street));
  }
  return streets;
}

uint64_t StreetBlocks::bytes() const {
  return nodes_.size() * sizeof(NodeIndex) + chips_.size() * sizeof(int32_t) +
         next_places_.size() * sizeof(uint32_t);
}

}  // namespace nash
