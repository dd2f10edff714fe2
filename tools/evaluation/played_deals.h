// Deals that are played until there are enough, or somebody asks to stop; how far it is.
//
// Not thread-safe: for the thread that plays them.
#ifndef NASHVILLE_TOOLS_EVALUATION_PLAYED_DEALS_H_
#define NASHVILLE_TOOLS_EVALUATION_PLAYED_DEALS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/rng.h"
#include "common/thread_pool.h"
#include "solver/evaluation/head_to_head.h"
#include "solver/game/game_definition.h"
#include "tools/program/progress_line.h"

namespace nash {

struct PlayedDeals {
  uint64_t wanted = 0;
  bool is_all = false;  // all deals of the game are wanted
  DealMean mean;        // of those played so far
  double seconds = 0;

  bool is_complete() const { return mean.deals() == wanted; }
  bool is_exact() const { return is_all && is_complete(); }
  // Half of the 95% interval, in chips. 0 where there is nothing to estimate from. Deals of a game
  // that are played in part are drawn: their order is mixed.
  double half_width_chips() const {
    return is_exact() || mean.deals() < 2 ? 0 : mean.half_width_chips();
  }
};

// The deals of a match. No unit of training is named so: a match deals other cards than a run of
// its seed learnt from.
inline StreamName MatchStream(uint64_t seed) { return {seed, UINT64_MAX, UINT32_MAX}; }

// --deals: a number, all, or empty: all of a game that DrawCards() enumerates, else
// `deals_default`. Error: InvalidArgument, naming the flag.
absl::StatusOr<PlayedDeals> ParseDeals(const std::string& deals, const GameDefinition& game,
                                       uint64_t deals_default);

// Writes what deals [first, first + chips.size()) are worth, on one of the pool's threads.
using DealPlayer = std::function<void(uint32_t first, absl::Span<DealChips> chips, int thread)>;

struct DealSteps {
  size_t deals_per_call = 64;
  size_t calls_per_step = 8;  // of each thread, between two looks at the clock
};

// Adds them up in their order, whoever plays them, and tells of it in a line on stderr. who: whose
// chips they are. Stops early when a stop signal has come.
void PlayUntilDone(const DealPlayer& player, const DealSteps& steps, const std::string& who,
                   ThreadPool* pool, PlayedDeals* played);

// OK if all were played; else Cancelled, saying how many were.
absl::Status CheckAllPlayed(const PlayedDeals& played);

// "+1.234 +- 0.056", or "+1.234000" without an interval.
std::string IntervalText(double value, double half_width);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_PLAYED_DEALS_H_
