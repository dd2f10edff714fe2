// How many visits a subtree will get is guessed, not counted: as if the others played uniformly.
// Then a deal visits, below a node of the traverser, all children, and below any other node one of
// A, each with chance 1/A. From that follow, for each node,
//
//   visits_per_deal[n] = 1 + share * sum of visits_per_deal[child]       leaves to root
//   expected_deals[child] = expected_deals[n] * share                    root to cuts
//
// with share 1 or 1/A. A node is cut where the product of the two is small enough for one walk;
// what lies below a cut is not looked at again. Real strategies are not uniform, so walks come out
// larger or smaller than planned. That costs time and nothing else: cuts change no result, whatever
// they are.
#include "solver/cfr/pass_plan.h"

#include <algorithm>

namespace nash {
namespace {

// A visit takes about 60 bytes of items and a row of 32 to 64: 4096 of them fit 1 MiB.
constexpr float kVisitsPerWalk = 4096;
// Small games are cut too, so that a second thread has something to do.
constexpr float kWalksMin = 8;
constexpr float kVisitsPerWalkMin = 128;

}  // namespace

PassPlan::PassPlan(const PublicTree& tree, int traverser, uint32_t deals)
    : is_cut_(tree.nodes().size()), visits_per_deal_(tree.nodes().size()) {
  const uint32_t num_nodes = static_cast<uint32_t>(tree.nodes().size());
  // Children come after their parent, so one backward sweep sums subtrees.
  for (NodeIndex node = num_nodes; node-- > 0;) {
    const PublicNode& public_node = tree.nodes()[node];
    const float share = public_node.player == traverser ? 1.0f : 1.0f / public_node.num_actions;
    visits_per_deal_[node] = 1;
    for (const PublicEdge& edge : tree.EdgesOf(node)) {
      if (edge.kind() != EdgeKind::kDecision) continue;
      visits_per_deal_[node] += share * visits_per_deal_[edge.payload()];
    }
  }
  const float visits_per_walk =
      std::clamp(visits_per_deal_[0] * deals / kWalksMin, kVisitsPerWalkMin, kVisitsPerWalk);
  std::vector<float> expected_deals(num_nodes);
  expected_deals[0] = static_cast<float>(deals);
  for (NodeIndex node = 0; node < num_nodes;) {
    if (expected_deals[node] * visits_per_deal_[node] <= visits_per_walk) {
      is_cut_[node] = 1;
      node += tree.SubtreeSize(node);
      continue;
    }
    trunk_visits_ += expected_deals[node];
    const PublicNode& public_node = tree.nodes()[node];
    const float share = public_node.player == traverser ? 1.0f : 1.0f / public_node.num_actions;
    for (const PublicEdge& edge : tree.EdgesOf(node)) {
      if (edge.kind() == EdgeKind::kDecision) {
        expected_deals[edge.payload()] = expected_deals[node] * share;
      }
    }
    ++node;
  }
}

}  // namespace nash
