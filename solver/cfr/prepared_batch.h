// A batch of deals with every random draw its traversals need, made ahead of them.
//
// Draws are indexed by deal and by depth in the tree, so that a traversal draws nothing itself. Two
// nodes of one depth share a deal's draw: on any one path all draws are independent, so every
// sampled value keeps its expectation, and values compared at one node share their luck.
// Thread-compatible: Prepare() may run from many threads on different places.
#ifndef NASHVILLE_SOLVER_CFR_PREPARED_BATCH_H_
#define NASHVILLE_SOLVER_CFR_PREPARED_BATCH_H_

#include <cstdint>
#include <vector>

#include "common/rng.h"
#include "solver/game/deal.h"

namespace nash {

// Deals of a batch are numbered by 16 bits while they are traversed.
inline constexpr uint32_t kBatchDealsMax = 1 << 16;

class PreparedBatch {
 public:
  // depths: decisions on the longest path of the tree. capacity: deals, at most kBatchDealsMax.
  PreparedBatch(int num_players, int num_streets, int depths, int capacity);
  static uint64_t BytesNeeded(int num_players, int num_streets, int depths, int capacity);

  // Makes deals [place, place + n): deal i of the batch is deal first_deal + i of the stream.
  // explore_share: the share of deals that ignore pruning.
  void Prepare(const DealSource& source, const StreamName& name, uint32_t first_deal, int place,
               int n, double explore_share);

  const DealBatch& deals() const { return deals_; }
  int capacity() const { return deals_.capacity(); }

  // [capacity] 32 random bits for the decision at `depth` in the pass of `traverser`, by deal.
  const uint32_t* draws(int traverser, int depth) const {
    return draws_.data() + (size_t(traverser) * depths_ + depth) * capacity();
  }
  // [capacity] 1 where the deal ignores pruning.
  const uint8_t* explores() const { return explores_.data(); }
  // Two players: [capacity] +1, 0 or -1: what position 0 gets of an amount at showdown.
  const float* outcomes() const { return outcomes_.data(); }

 private:
  void DrawFor(const StreamName& name, uint32_t first_deal, int place, int n);

  int depths_;
  DealBatch deals_;
  std::vector<uint32_t> draws_;
  std::vector<uint8_t> explores_;
  std::vector<float> outcomes_;
};

// A draw serves twice: its upper 24 bits choose an action, its lower 8 bits round a number.
inline float UniformOf(uint32_t draw) { return static_cast<float>(draw >> 8) * 0x1p-24f; }
// In (0, 1), with mean exactly 1/2: floor(x + dither) is x on average.
inline float DitherOf(uint32_t draw) { return (static_cast<float>(draw & 255) + 0.5f) * 0x1p-8f; }

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PREPARED_BATCH_H_
