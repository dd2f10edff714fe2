// Best responses in heads-up games of any size, by ranges: exact, or a lower bound from some
// boards.
//
// The responder knows its cards and the board, not just its bucket, and answers with the actions of
// the menu: exact for the game "real cards, this menu", a lower bound for the game without a menu.
// A lower bound that is cheaper plays the policy before street `from` and answers after it: boards
// are drawn up to that street and the later ones enumerated. Nothing is chosen before the drawn
// cards are known, so that the mean over boards is without bias (docs/measurements/ranges.md). What
// a response wins is compared with nothing: what the two seats win together by the policy is zero,
// board by board.
//
// Thread-compatible. The same bits for any number of threads.
#ifndef NASHVILLE_SOLVER_EVALUATION_RANGE_RESPONSE_H_
#define NASHVILLE_SOLVER_EVALUATION_RANGE_RESPONSE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/card_model.h"
#include "solver/ranges/response_walk.h"

namespace nash {

// Two players with one or two hole cards.
bool CanWalkRanges(const GameDefinition& game);

// A responder's share of the work that is done, from 0 to 1.
using WalkProgress = std::function<void(double share)>;

struct BoardSample {
  int street = 0;  // boards are drawn up to it, and answered from it on
  uint32_t num_boards = 0;
  uint64_t seed = 1;
};

// By board: what best responses of position 0 and of position 1 win.
using BoardChips = std::array<double, 2>;

// The mean of chips over boards with its 95% interval.
struct ChipsInterval {
  double mean = 0;
  double half_width = 0;
};
// Of what both positions win, divided by two: the exploitability. Needs two boards at least.
ChipsInterval ExploitabilityOf(const std::vector<BoardChips>& boards);

// Actions times hands times boards of one responder's walk: over all boards, and over those that
// are drawn.
double CountSlots(const PublicTree& tree, const CardModel& cards);
double CountSlots(const PublicTree& tree, const BoardSample& drawn);

// P: what it counts in, ResponsePack or FastResponsePack (response_walk.h).
template <typename P>
class RangeResponse {
 public:
  // Arguments must outlive this. Needs CanWalkRanges().
  // Error: ResourceExhausted, with what is needed and what there is.
  static absl::StatusOr<std::unique_ptr<RangeResponse>> Make(const PublicTree& tree,
                                                             const CardModel& cards,
                                                             const Policy& policy,
                                                             ThreadPool* pool);

  // Memory that Make() and walks by so many threads take: of all boards or of drawn ones, whichever
  // is more.
  static uint64_t BytesNeeded(const PublicTree& tree, const CardModel& cards, int num_threads);

  // Exactly, over all boards: what `player` wins who answers from `from_street` on and plays the
  // policy before; from street 0: a best response. From the number of streets: the value of the
  // policy. journal: or null.
  double Response(int player, int from_street, const WalkProgress& progress,
                  WalkJournal* journal = nullptr);

  // What best responses win on each board. stops: asked between some boards; once it says so, those
  // walked so far are all, two at least.
  std::vector<BoardChips> OnBoards(
      const BoardSample& boards, const WalkProgress& progress,
      const std::function<bool()>& stops = [] { return false; });

 private:
  RangeResponse(const PublicTree& tree, const CardModel& cards, ThreadPool* pool,
                std::vector<StreetBlocks> streets, StrategyBlocks<P> strategies)
      : tree_(tree),
        cards_(cards),
        pool_(pool),
        streets_(std::move(streets)),
        strategies_(std::move(strategies)),
        boards_(tree.game(), cards.SuitsAreAlike()) {}

  ResponseWalkSetup<P> SetupOf(int player, int from_street) const;

  const PublicTree& tree_;
  const CardModel& cards_;
  ThreadPool* const pool_;
  const std::vector<StreetBlocks> streets_;
  const StrategyBlocks<P> strategies_;
  const SuitBoards boards_;
  uint64_t num_progress_boards_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_RANGE_RESPONSE_H_
