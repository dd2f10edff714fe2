// Draws are laid out by traverser, depth and deal, so that a node's draws are one array by deal:
//
//   draws_[(traverser * depths + depth) * capacity + deal]
//
// A block of random bits gives four draws: of four neighbouring depths of one deal. They are
// numbered by (traverser, depth / 4), with kBlocksPerTraverser for each traverser whatever the
// tree's depth, so that a deal's draws do not change when an action menu gets deeper.
//
// explore_share is compared in 64 bits, so that a share of 1 explores every deal. At showdown two
// players have one comparison for all passes (outcomes_).
#include "solver/cfr/prepared_batch.h"

#include <algorithm>
#include <tuple>

#include "solver/game/public_tree.h"

namespace nash {
namespace {

// Draws that one block of random bits gives.
constexpr int kDrawsPerBlock = std::tuple_size_v<RandomBlock>;
// Blocks of one traverser's draws, one draw for each depth.
constexpr uint32_t kBlocksPerTraverser = 64;
static_assert(kBlocksPerTraverser * kDrawsPerBlock == kDepthMax + 1,
              "no two traversers share a block, and no block is left out");

}  // namespace

PreparedBatch::PreparedBatch(int num_players, int num_streets, int depths, int capacity)
    : depths_(depths),
      deals_(num_players, num_streets, capacity),
      draws_(size_t(num_players) * depths * capacity),
      explores_(capacity),
      outcomes_(num_players == 2 ? capacity : 0) {}

uint64_t PreparedBatch::BytesNeeded(int num_players, int num_streets, int depths, int capacity) {
  const uint64_t bytes_per_deal = DealBatch::BytesPerDeal(num_players, num_streets) +
                                  num_players * depths * sizeof(draws_[0]) + sizeof(explores_[0]) +
                                  sizeof(outcomes_[0]);
  return bytes_per_deal * capacity;
}

void PreparedBatch::Prepare(const DealSource& source, const StreamName& name, uint32_t first_deal,
                            int place, int n, double explore_share) {
  source.Fill(name, first_deal + place, n, place, &deals_);
  DrawFor(name, first_deal, place, n);
  const uint64_t explore_below =
      static_cast<uint64_t>(explore_share * 0x1p32);  // a share of 1: all
  for (int i = place; i < place + n; ++i) {
    explores_[i] = Draw(name, DrawPurpose::kExploration, first_deal + i, 0)[0] < explore_below;
  }
  if (deals_.num_players() != 2) return;
  const int32_t* mine = deals_.strengths(0);
  const int32_t* theirs = deals_.strengths(1);
  for (int i = place; i < place + n; ++i) {
    outcomes_[i] = static_cast<float>((mine[i] > theirs[i]) - (mine[i] < theirs[i]));
  }
}

void PreparedBatch::DrawFor(const StreamName& name, uint32_t first_deal, int place, int n) {
  for (int traverser = 0; traverser < deals_.num_players(); ++traverser) {
    for (int depth = 0; depth < depths_; depth += kDrawsPerBlock) {
      const int count = std::min(depths_ - depth, kDrawsPerBlock);
      uint32_t* out = draws_.data() + (size_t(traverser) * depths_ + depth) * capacity();
      const uint32_t block_index = traverser * kBlocksPerTraverser + depth / kDrawsPerBlock;
      for (int i = place; i < place + n; ++i) {
        const RandomBlock block = Draw(name, DrawPurpose::kSampling, first_deal + i, block_index);
        for (int d = 0; d < count; ++d) out[size_t(d) * capacity() + i] = block[d];
      }
    }
  }
}

}  // namespace nash
