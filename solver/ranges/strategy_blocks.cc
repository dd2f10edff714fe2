// Probabilities are asked for in the tree's terms (node, bucket) and stored in the walk's:
//
//   packs   street 0: block 0: node 0: [bucket][action], node 1 ... | block 1 ... | street 1 ...
//   lane k  of a pack is the node of the block's k-th subtree
//
// Empty lanes stay zero: a walk computes them like any other, and nothing is read from them. Blocks
// are filled side by side, since each has memory of its own.
#include "solver/ranges/strategy_blocks.h"

#include <array>

#include "common/status_macros.h"

namespace nash {
namespace {

// Packs of all nodes of the blocks, and where each node's begin.
uint64_t PlaceNodes(absl::Span<const StreetBlocks> streets, absl::Span<const uint32_t> num_buckets,
                    std::vector<std::vector<uint64_t>>* first_rows) {
  uint64_t packs = 0;
  for (size_t s = 0; s < streets.size(); ++s) {
    first_rows->emplace_back();
    for (const SubtreeBlock& block : streets[s].blocks()) {
      for (const ShapeNode& node : streets[s].shape_of(block).nodes) {
        first_rows->back().push_back(packs);
        packs += uint64_t{num_buckets[s]} * node.num_actions;
      }
    }
  }
  return packs;
}

}  // namespace

template <typename P>
uint64_t StrategyBlocks<P>::BytesNeeded(absl::Span<const StreetBlocks> streets,
                                        absl::Span<const uint32_t> num_buckets) {
  std::vector<std::vector<uint64_t>> first_rows;
  return PlaceNodes(streets, num_buckets, &first_rows) * sizeof(P);
}

template <typename P>
absl::StatusOr<StrategyBlocks<P>> StrategyBlocks<P>::Make(absl::Span<const StreetBlocks> streets,
                                                          absl::Span<const uint32_t> num_buckets) {
  std::vector<std::vector<uint64_t>> first_rows;
  const uint64_t packs = PlaceNodes(streets, num_buckets, &first_rows);
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Make(packs * sizeof(P)));
  return StrategyBlocks(std::move(first_rows), {num_buckets.begin(), num_buckets.end()},
                        std::move(memory));
}

template <typename P>
void StrategyBlocks<P>::Fill(absl::Span<const StreetBlocks> streets,
                             const FillProbabilities& probabilities, ThreadPool* pool) {
  for (int s = 0; s < static_cast<int>(streets.size()); ++s) {
    const StreetBlocks& blocks = streets[s];
    pool->ForEach(blocks.blocks().size(),
                  [&](size_t b, int) { FillBlock(blocks, s, blocks.blocks()[b], probabilities); });
  }
}

template <typename P>
void StrategyBlocks<P>::FillBlock(const StreetBlocks& blocks, int street, const SubtreeBlock& block,
                                  const FillProbabilities& probabilities) {
  for (uint32_t n = 0; n < blocks.shape_of(block).nodes.size(); ++n) {
    FillNode(blocks, street, block, n, probabilities);
  }
}

template <typename P>
void StrategyBlocks<P>::FillNode(const StreetBlocks& blocks, int street, const SubtreeBlock& block,
                                 uint32_t node, const FillProbabilities& probabilities) {
  const int num_actions = blocks.shape_of(block).nodes[node].num_actions;
  P* const rows = values() + first_rows_[street][block.first_node + node];
  std::array<double, kActionsMax> row;
  const absl::Span<double> actions = absl::MakeSpan(row.data(), num_actions);
  for (int lane = 0; lane < block.num_lanes; ++lane) {
    const NodeIndex public_node = blocks.nodes(block, node)[lane];
    for (uint32_t bucket = 0; bucket < num_buckets_[street]; ++bucket) {
      probabilities(public_node, bucket, actions);
      for (int a = 0; a < num_actions; ++a) {
        rows[size_t{bucket} * num_actions + a].Set(lane,
                                                   static_cast<typename P::Scalar>(actions[a]));
      }
    }
  }
}

template class StrategyBlocks<Pack<float, 16>>;
template class StrategyBlocks<Pack<double, 8>>;

}  // namespace nash
