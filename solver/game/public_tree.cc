// What people and tools ask of a tree: names of actions and betting sequences, in both directions,
// as the ACPC server writes them ("cr300c/cc"). Nothing here is asked for during training.
//
// A node's sequence is found by climbing: each node knows the edge that leads to it, and an edge's
// owner is found by bisection, since edges are numbered in the order of their nodes. FindNode()
// goes down and names the first action that is not there, with those that are.
#include "solver/game/public_tree.h"

#include <glog/logging.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace nash {

NodeIndex PublicTree::OwnerOf(uint32_t edge) const {
  // Edges are numbered in the order of their nodes.
  const auto after =
      std::upper_bound(nodes_.begin(), nodes_.end(), edge,
                       [](uint32_t e, const PublicNode& node) { return e < node.first_edge; });
  return static_cast<NodeIndex>(after - nodes_.begin() - 1);
}

std::string PublicTree::ActionName(ActionLabel label) const {
  if (label == kFoldLabel) return "f";
  if (label == kCallLabel) return "c";
  return game_.betting == BettingKind::kLimit ? "r" : absl::StrCat("r", label);
}

std::string PublicTree::ActionNames(NodeIndex node) const {
  return absl::StrJoin(LabelsOf(node), ", ", [this](std::string* out, ActionLabel label) {
    absl::StrAppend(out, ActionName(label));
  });
}

std::string PublicTree::Betting(NodeIndex node) const {
  CHECK_LT(node, nodes_.size());
  std::vector<std::string> parts;  // from the node up
  while (node != 0) {
    const uint32_t edge = parent_edges_[node];
    const NodeIndex parent = OwnerOf(edge);
    if (nodes_[parent].street != nodes_[node].street) parts.push_back("/");
    parts.push_back(ActionName(labels_[edge]));
    node = parent;
  }
  std::reverse(parts.begin(), parts.end());
  return absl::StrJoin(parts, "");
}

absl::StatusOr<NodeIndex> PublicTree::FindNode(absl::string_view betting) const {
  NodeIndex node = 0;
  bool new_street = false;  // a '/' is due before the next action; at the end it may be left out
  size_t end = 0;
  for (size_t at = 0; at < betting.size(); at = end) {
    end = at + 1;
    while (end < betting.size() && absl::ascii_isdigit(betting[end])) ++end;
    const absl::string_view action = betting.substr(at, end - at);
    const auto refuse = [&](absl::string_view why) {
      return absl::NotFoundError(absl::StrCat("betting \"", absl::CEscape(betting), "\": found \"",
                                              absl::CEscape(action), "\" after \"",
                                              absl::CEscape(betting.substr(0, at)), "\", ", why));
    };
    if (new_street) {
      if (action != "/") return refuse("expected / (a new street)");
      new_street = false;
      continue;
    }
    const absl::Span<const ActionLabel> labels = LabelsOf(node);
    const auto label = std::find_if(labels.begin(), labels.end(),
                                    [&](ActionLabel l) { return ActionName(l) == action; });
    if (label == labels.end()) {
      return refuse(absl::StrCat("expected one of ", ActionNames(node)));
    }
    const PublicEdge& edge = EdgesOf(node)[label - labels.begin()];
    if (edge.kind() != EdgeKind::kDecision) {
      return refuse("which ends the hand: no decision follows");
    }
    new_street = nodes_[edge.payload()].street != nodes_[node].street;
    node = edge.payload();
  }
  return node;
}

uint64_t PublicTree::bytes() const {
  return nodes_.size() * (sizeof(PublicNode) + sizeof(uint32_t) + sizeof(uint32_t)) +
         edges_.size() * (sizeof(PublicEdge) + sizeof(ActionLabel)) +
         terminals_.size() * sizeof(MultiwayTerminal);
}

}  // namespace nash
