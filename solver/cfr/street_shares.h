// How threads share a street's blocks, in training by boards: block by block, or, where a street
// has too few of them for its threads, by branches of blocks (public_walk.h).
//
//     river, 33 blocks     threads take blocks
//     preflop, 1 block     threads take what follows its first call, its first raise, ...; who ends
//                          the last of these does the first decision itself
//
// Shares of most work come first: the last ones to be taken are small, and threads end together.
// What comes of a walk does not depend on its shares. Immutable, thread-safe.
#ifndef NASHVILLE_SOLVER_CFR_STREET_SHARES_H_
#define NASHVILLE_SOLVER_CFR_STREET_SHARES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/ranges/street_blocks.h"

namespace nash {

class StreetShares {
 public:
  static constexpr int kWholeBlock = -1;
  struct Share {
    uint32_t block;
    int branch;      // an action of the block's first decision, or kWholeBlock
    uint32_t edges;  // actions that it visits, as a measure of its work
  };

  StreetShares(const StreetBlocks& street, int threads);

  absl::Span<const Share> shares() const { return shares_; }
  // 0 where a block is not split.
  uint32_t num_branches(uint32_t block) const { return branches_[block]; }
  // Vectors over hands that branches need for what they are worth, and whose is whose.
  uint32_t num_vectors() const { return num_vectors_; }
  uint32_t vector_of(uint32_t block, int branch) const { return first_vector_[block] + branch; }

 private:
  std::vector<Share> shares_;
  std::vector<uint32_t> branches_, first_vector_;  // by block
  uint32_t num_vectors_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_STREET_SHARES_H_
