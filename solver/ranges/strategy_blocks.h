// The probabilities of all actions, laid out as blocks are walked: [bucket][action][lane] a node.
//
// Thread-compatible; once filled, const member functions are thread-safe. Memory: BytesNeeded(),
// on 2 MB pages where the system gives them.
#ifndef NASHVILLE_SOLVER_RANGES_STRATEGY_BLOCKS_H_
#define NASHVILLE_SOLVER_RANGES_STRATEGY_BLOCKS_H_

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "common/thread_pool.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/pack.h"
#include "solver/ranges/street_blocks.h"

namespace nash {

// Writes the probabilities of the actions of an infoset: [num_actions], each >= 0, sum 1. Is called
// from many threads.
using FillProbabilities =
    std::function<void(NodeIndex node, uint32_t bucket, absl::Span<double> probabilities)>;

template <typename P>
class StrategyBlocks {
 public:
  // num_buckets: [streets.size()].
  static uint64_t BytesNeeded(absl::Span<const StreetBlocks> streets,
                              absl::Span<const uint32_t> num_buckets);
  // Zeros. Error: ResourceExhausted, with what is needed and what there is.
  static absl::StatusOr<StrategyBlocks> Make(absl::Span<const StreetBlocks> streets,
                                             absl::Span<const uint32_t> num_buckets);
  // streets: those of Make(). Empty lanes stay zero.
  void Fill(absl::Span<const StreetBlocks> streets, const FillProbabilities& probabilities,
            ThreadPool* pool);
  // Of one block.
  void FillBlock(const StreetBlocks& blocks, int street, const SubtreeBlock& block,
                 const FillProbabilities& probabilities);

  // [bucket][action] of a node of a block.
  const P* Rows(int street, const SubtreeBlock& block, uint32_t node) const {
    return values() + first_rows_[street][block.first_node + node];
  }
  P* MutableRows(int street, const SubtreeBlock& block, uint32_t node) {
    return values() + first_rows_[street][block.first_node + node];
  }

 private:
  StrategyBlocks(std::vector<std::vector<uint64_t>> first_rows, std::vector<uint32_t> num_buckets,
                 HugeArray memory)
      : first_rows_(std::move(first_rows)),
        num_buckets_(std::move(num_buckets)),
        memory_(std::move(memory)) {}
  P* values() const { return reinterpret_cast<P*>(memory_.data()); }
  void FillNode(const StreetBlocks& blocks, int street, const SubtreeBlock& block, uint32_t node,
                const FillProbabilities& probabilities);

  std::vector<std::vector<uint64_t>> first_rows_;  // by street and node of its blocks; in packs
  std::vector<uint32_t> num_buckets_;
  HugeArray memory_;  // P[]
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_STRATEGY_BLOCKS_H_
