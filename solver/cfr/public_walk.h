// The betting of one block of subtrees on one board, all hands of both players: ranges go down,
// values come up, and the rows of the buckets that occur are read and added to.
//
// Public chance sampling: Johanson, Bard, Lanctot, Gibson, Bowling 2012, "Efficient Nash
// equilibrium approximation through Monte Carlo counterfactual regret minimization", section 4. The
// opponent's range is a vector over hands, [hand][lane]; a lane is a betting subtree
// (street_blocks.h). At a node the strategies of the buckets that occur on the board are matched
// once each, [bucket][action][lane]. Regrets need no value of single hands: the hands of a bucket
// share a strategy, so with V[a] the sum of action a's values over the hands of a bucket, the
// bucket's regret is V[a] - sum of strategy[b] V[b].
//
// Thread-compatible: one walk per thread. Walks of different blocks share no row.
#ifndef NASHVILLE_SOLVER_CFR_PUBLIC_WALK_H_
#define NASHVILLE_SOLVER_CFR_PUBLIC_WALK_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "solver/cfr/pass.h"
#include "solver/ranges/board_source.h"
#include "solver/ranges/hand_values.h"
#include "solver/ranges/pack.h"
#include "solver/ranges/street_blocks.h"

namespace nash {

using WalkPack = Pack<float, 8>;

// The buckets of a street that occur on a board, each once.
struct BoardBuckets {
  std::vector<uint32_t> buckets;  // ascending
  std::vector<uint32_t> rank;     // [hands] place in `buckets`, by position
};

class PublicWalk {
 public:
  // streets: outlive us.
  explicit PublicWalk(absl::Span<const StreetBlocks> streets);

  struct At {
    const Pass* pass = nullptr;
    const StreetBlocks* blocks = nullptr;
    const SubtreeBlock* block = nullptr;
    const BoardHands* hands = nullptr;
    const BoardBuckets* buckets = nullptr;
    uint64_t dither_key = 0;  // of this board and traverser
    // What turns a sum over hands into chips a deal: 1 / pairs of hands, and 1 / hands.
    float per_pair = 0;
    float per_hand = 0;
    int thread = 0;
  };
  // Gets the range that a step to the next street is reached with, or the values there. `edge` is
  // the shape's. [hands].
  using TakeReach = absl::FunctionRef<void(uint32_t edge, const WalkPack* reach)>;
  using GiveValues = absl::FunctionRef<void(uint32_t edge, WalkPack* values)>;

  // reach: [hands] the opponent's.
  void Down(const At& at, const WalkPack* reach, TakeReach next);
  // Adds regrets to the traverser's rows and sums to the averaged player's. values: [hands] of the
  // traverser, in chips times the opponent's hands; written.
  void Up(const At& at, const WalkPack* reach, WalkPack* values, GiveValues next);

  // Hands visited at decisions since the last call, empty lanes left out.
  uint64_t TakeVisits();

 private:
  // What a decision on the current path keeps.
  struct Level {
    std::vector<WalkPack> reach;       // [hands] what one action is reached with
    std::vector<WalkPack> values;      // [hands] of one action
    std::vector<WalkPack> strategies;  // [buckets][actions]
    std::vector<WalkPack> sums;        // [buckets][actions] values, or [buckets] reach
  };
  struct Decision {
    uint32_t node;  // of the shape
    int num_actions;
    bool is_own;
  };

  Level& LevelAt(const At& at, int depth, int num_actions);
  void MatchRows(const At& at, const Decision& decision, bool reads_only, Level* level);
  template <int W>
  void MatchLane(const At& at, const Decision& decision, int lane, bool reads_only, Level* level);
  void DownEdge(const At& at, uint32_t edge, const WalkPack* reach, int depth, TakeReach next);
  void UpEdge(const At& at, uint32_t edge, const WalkPack* reach, WalkPack* values, int depth,
              GiveValues next);
  void UpOwn(const At& at, const Decision& decision, const WalkPack* reach, WalkPack* values,
             int depth, GiveValues next);
  void UpOpponent(const At& at, const Decision& decision, const WalkPack* reach, WalkPack* values,
                  int depth, GiveValues next);
  // The values of the hands that end at `edge`, against all of the range.
  void EndValues(const At& at, uint32_t edge, const WalkPack* reach, WalkPack* values);
  void AddRegrets(const At& at, const Decision& decision, const Level& level);
  void AddSums(const At& at, const Decision& decision, const Level& level);

  std::vector<Level> levels_;
  std::vector<WalkPack> scratch_;
  uint64_t visits_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PUBLIC_WALK_H_
