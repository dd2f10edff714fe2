#include "solver/cfr/street_shares.h"

#include <algorithm>

namespace nash {
namespace {

// With fewer blocks a thread than that, the last of them leave others waiting.
constexpr size_t kBlocksPerThread = 4;

// Actions from `edge` on, itself left out.
uint32_t EdgesBelow(const SubtreeShape& shape, uint32_t edge) {
  if (shape.edges[edge].kind != ShapeEdgeKind::kChild) return 0;
  const ShapeNode& node = shape.nodes[shape.edges[edge].child];
  uint32_t edges = node.num_actions;
  for (int a = 0; a < node.num_actions; ++a) edges += EdgesBelow(shape, node.first_edge + a);
  return edges;
}

}  // namespace

StreetShares::StreetShares(const StreetBlocks& street, int threads) {
  const bool splits = threads > 1 && street.blocks().size() < kBlocksPerThread * threads;
  for (uint32_t block = 0; block < street.blocks().size(); ++block) {
    const SubtreeShape& shape = street.shape_of(street.blocks()[block]);
    branches_.push_back(0);
    first_vector_.push_back(num_vectors_);
    if (splits && !shape.nodes.empty()) {
      const ShapeNode& first = shape.nodes[0];
      for (int a = 0; a < first.num_actions; ++a) {
        if (!LeadsOn(shape.edges[first.first_edge + a])) continue;
        shares_.push_back({block, a, EdgesBelow(shape, first.first_edge + a)});
        ++branches_.back();
      }
      num_vectors_ += first.num_actions;
    }
    if (branches_.back() == 0) shares_.push_back({block, kWholeBlock, EdgesBelow(shape, 0)});
  }
  std::stable_sort(shares_.begin(), shares_.end(),
                   [](const Share& a, const Share& b) { return a.edges > b.edges; });
}

}  // namespace nash
