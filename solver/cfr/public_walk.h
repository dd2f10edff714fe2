// The betting of one block of subtrees on one board, all hands of both players: the opponent's
// range goes down, the traverser's values come up, and the rows of the buckets that occur are read
// and added to.
//
// Public chance sampling: Johanson, Bard, Lanctot, Gibson, Bowling 2012, "Efficient Nash
// equilibrium approximation through Monte Carlo counterfactual regret minimization", section 4. The
// opponent's range is a vector over hands, [hand][lane]; a lane is a betting subtree
// (street_blocks.h). At a node the strategies of the buckets that occur on the board are matched
// once each, [bucket][action][lane]. Regrets need no value of single hands: the hands of a bucket
// share a strategy, so with V[a] the sum of action a's values over the hands of a bucket, the
// bucket's regret is V[a] - sum of strategy[b] V[b].
//
// One walk could learn both players and would read each row once instead of twice. It is no faster
// but for tables that come from memory, and learns much more slowly: a player that answers to what
// the other has just learned needs less than half of the boards (docs/measurements/public.md).
//
// Thread-compatible: one walk per thread. Walks of different blocks share no row.
#ifndef NASHVILLE_SOLVER_CFR_PUBLIC_WALK_H_
#define NASHVILLE_SOLVER_CFR_PUBLIC_WALK_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "solver/cfr/lane_rows.h"
#include "solver/cfr/pass.h"
#include "solver/ranges/board_source.h"
#include "solver/ranges/hand_values.h"
#include "solver/ranges/pack.h"
#include "solver/ranges/street_blocks.h"

namespace nash {

using WalkPack = Pack<float, LaneRows::kLanes>;

// The buckets of a street that occur on a board, each once.
struct BoardBuckets {
  std::vector<uint32_t> buckets;  // ascending
  std::vector<uint32_t> rank;     // [hands] place in `buckets`, by position
  std::vector<uint32_t> order;    // [hands] positions, by bucket and ascending within one
  std::vector<uint32_t> ends;     // [buckets] in `order`

  // Calls visit(d, positions) for each d of `buckets`. Bucket by bucket a strategy is read once and
  // a sum stays in a register; hand by hand each addition would wait for the one before it, to the
  // same place in memory.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    const uint32_t* begin = order.data();
    for (size_t d = 0; d < buckets.size(); ++d) {
      const uint32_t* const end = order.data() + ends[d];
      visit(d, absl::Span<const uint32_t>(begin, end - begin));
      begin = end;
    }
  }
};

class PublicWalk {
 public:
  // streets: outlive us.
  explicit PublicWalk(absl::Span<const StreetBlocks> streets);
  // Of one walk, for subtrees of `depth` decisions on a path.
  static uint64_t BytesNeeded(int depth, int hands_max, int actions_max);

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

  // The same of one branch, an action of the block's first decision that leads on below it, so that
  // threads can share a block: DownBranch() of all branches is Down(). UpBranch() of all of them,
  // then UpFirst() with what they wrote, is Up(), to the last bit. branch_values(action): [hands].
  void DownBranch(const At& at, int action, const WalkPack* reach, TakeReach next);
  void UpBranch(const At& at, int action, const WalkPack* reach, WalkPack* values, GiveValues next);
  void UpFirst(const At& at, const WalkPack* reach,
               absl::FunctionRef<const WalkPack*(int action)> branch_values, WalkPack* values);

  // Hands visited at decisions since the last call, empty lanes left out.
  uint64_t TakeVisits();

 private:
  using Range = SummedRange<WalkPack>;
  // What a decision on the current path keeps.
  struct Level {
    WalkPack* reach = nullptr;         // [hands] what one action is reached with
    WalkPack* values = nullptr;        // [hands] of one action
    std::vector<WalkPack> strategies;  // [buckets][actions]
    std::vector<WalkPack> sums;        // [buckets][actions] values, or [buckets] reach
  };
  // A decision of the shape, on the board.
  struct Decision {
    const ShapeNode* node;
    Level* level;
    LaneRows rows;
    bool is_own;  // the traverser's
  };

  Decision DecisionOf(const At& at, uint32_t edge, int depth);
  // The opponent's range below one of its actions.
  const WalkPack* Below(const At& at, const Decision& decision, int action, const WalkPack* reach);
  void DownEdge(const At& at, uint32_t edge, const WalkPack* reach, int depth, TakeReach next);
  void UpEdge(const At& at, uint32_t edge, const WalkPack* reach, WalkPack* values, int depth,
              GiveValues next);
  // The first decision, matched where the opponent acts, so that Below() knows its actions.
  Decision FirstDecision(const At& at);
  // below(action): the values of an action that leads on; may use the level's vectors.
  template <typename ValuesBelow>
  void UpDecision(const At& at, const Decision& decision, const WalkPack* reach,
                  const ValuesBelow& below, WalkPack* values);
  void SaveRows(const At& at, const Decision& decision) const;
  // The sums of the opponent's range, by bucket.
  void Average(const At& at, const Decision& decision, const WalkPack* reach);
  // Writes what the ends of a decision are worth to `values`. False where there is none.
  bool UpEnds(const At& at, const Decision& decision, const WalkPack* reach, WalkPack* values);
  // Adds what the values below one action are worth before it, or writes them.
  template <bool kIsFirst>
  void UpAction(const At& at, const Decision& decision, int action, const WalkPack* below,
                WalkPack* values);

  std::vector<WalkPack> vectors_;  // of the levels
  std::vector<Level> levels_;
  CardSums<WalkPack> range_sums_, fold_sums_, show_sums_;
  uint64_t visits_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PUBLIC_WALK_H_
