// One walk of the betting of one block of subtrees, on one board: ranges down, values up.
//
// The opponent plays stored strategies. The responder takes, for each hand, the best of its
// actions, or plays stored strategies as well. Depth first; what is in use at a time is two vectors
// for each decision of the path, which a core's second-level cache holds.
//
// No allocation once made. Thread-compatible: holds scratch, one per thread.
#ifndef NASHVILLE_SOLVER_RANGES_BLOCK_WALK_H_
#define NASHVILLE_SOLVER_RANGES_BLOCK_WALK_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "solver/ranges/board_hands.h"
#include "solver/ranges/hand_values.h"
#include "solver/ranges/pack.h"
#include "solver/ranges/strategy_blocks.h"
#include "solver/ranges/street_blocks.h"

namespace nash {

template <typename P>
struct BlockOnBoard;

// Is told what a walk finds at each decision: for who learns from it.
template <typename P>
class WalkListener {
 public:
  virtual ~WalkListener() = default;
  // At a decision of the responder, action by action: what each hand wins by it, in chips times the
  // opponent's reach. values: [hands].
  virtual void TakeActionValues(const BlockOnBoard<P>& at, uint32_t node, int action,
                                const P* values) = 0;
  // At a decision of the opponent: with what probability it comes there. reach: [hands].
  virtual void TakeRange(const BlockOnBoard<P>& at, uint32_t node, const P* reach) = 0;
};

// A block, its strategies, and the hands of the board it is walked on. Nothing is owned.
template <typename P>
struct BlockOnBoard {
  const StreetBlocks* blocks = nullptr;
  const SubtreeBlock* block = nullptr;
  const StrategyBlocks<P>* strategies = nullptr;
  int street = 0;
  const BoardHands* hands = nullptr;  // sorted by strength on the last street
  const uint32_t* buckets = nullptr;  // [hands]
  int responder = 0;
  bool responds = false;  // else it plays its stored strategy
  // The chance of a pair of hands, and given them of the board and all that it stands for.
  double weight = 1;
  WalkListener<P>* listener = nullptr;  // or null; needs !responds
};

template <typename P>
class BlockWalk {
 public:
  // What a step to the next street does: `edge` is the shape's. reach, values: [hands].
  using TakeReach = absl::FunctionRef<void(uint32_t edge, const P* reach)>;
  using GiveValues = absl::FunctionRef<void(uint32_t edge, P* values)>;

  // Makes room for the shapes of these streets.
  explicit BlockWalk(absl::Span<const StreetBlocks> streets);
  static uint64_t BytesNeeded(absl::Span<const StreetBlocks> streets);

  // Hands the opponent's range at each step to the next street to `next`. reach: [hands].
  void Down(const BlockOnBoard<P>& at, const P* reach, TakeReach next);
  // values: [hands] of the responder against the range, in chips times reach; written. `next` gives
  // those at steps to the next street. reach must not overlap values.
  void Up(const BlockOnBoard<P>& at, const P* reach, P* values, GiveValues next);

 private:
  struct Ends;
  using Range = SummedRange<P>;

  // Of parts of the opponent's range at one of its decisions.
  struct DecisionSums {
    CardSums<P> below;     // of the action that is walked, then of folds
    CardSums<P> leads_on;  // of all actions that lead on
    CardSums<P> shows;
  };

  // The vectors of a decision of the path.
  P* ReachAt(int depth) { return memory_.data() + 2 * depth * kVectorStride<P>; }
  P* ValuesAt(int depth) { return ReachAt(depth) + kVectorStride<P>; }
  P* scratch() { return ReachAt(depths_); }

  void DownEdge(const BlockOnBoard<P>& at, uint32_t edge, const P* reach, int depth,
                TakeReach next);
  // best: where values are kept that are greater than those there, while `values` is scratch; or
  // null.
  void UpEdge(const BlockOnBoard<P>& at, uint32_t edge, Range* range, P* values, P* best, int depth,
              GiveValues next);
  void UpOwn(const BlockOnBoard<P>& at, uint32_t node, Range* range, P* values, int depth,
             GiveValues next);
  void UpOpponent(const BlockOnBoard<P>& at, uint32_t node, Range* range, P* values, P* best,
                  int depth, GiveValues next);
  Ends EndsOf(const BlockOnBoard<P>& at, const ShapeNode& node) const;
  void AddEnd(const BlockOnBoard<P>& at, uint32_t edge, HandEnds<P>* ends) const;
  void OwnEnds(const BlockOnBoard<P>& at, const Ends& ends, Range* range, P* values);
  void PlayedEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends, Range* range,
                  P* values);
  // Adds the values below an action times its probability, or writes them.
  void AddPlayed(const BlockOnBoard<P>& at, uint32_t node, int action, const P* below,
                 bool is_first, P* values) const;
  void AddOpponentEnds(const BlockOnBoard<P>& at, uint32_t node, const Ends& ends, const P* reach,
                       const DecisionSums& sums, bool is_first, P* values, P* best);
  static void KeepBest(const P* values, P* best, int n);
  ActionShare<P> ShareOf(const BlockOnBoard<P>& at, uint32_t node, int action) const;

  int depths_;
  std::vector<P> memory_;
  std::vector<DecisionSums> sums_;  // by depth
  CardSums<P> root_sums_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_BLOCK_WALK_H_
