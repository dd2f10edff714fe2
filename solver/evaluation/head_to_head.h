// Two strategies against each other: what the first wins, in expectation, given the cards.
//
// Every deal is played twice, with the seats exchanged and the same cards for each seat (duplicate
// poker), and not by sampled actions: a walk of the public tree weights every end of the hand by
// the probability that the two play to it, so that only the cards are left to chance, and of these
// what the board brings can be taken off. The control
// of both kinds of luck is what matches between programs strive for (Billings & Kan 2006, "A tool
// for the direct assessment of poker decisions"; Zinkevich and others 2006, "Optimal unbiased
// estimators for evaluating agent performance"); with both strategies known no estimate is needed.
//
// Two players only. Each contestant has buckets of its own; they share the tree.
#ifndef NASHVILLE_SOLVER_EVALUATION_HEAD_TO_HEAD_H_
#define NASHVILLE_SOLVER_EVALUATION_HEAD_TO_HEAD_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/rng.h"
#include "common/running_moments.h"
#include "solver/evaluation/policy.h"
#include "solver/game/deal.h"
#include "solver/game/public_tree.h"

namespace nash {

// Neither is owned.
struct Contestant {
  const Policy* policy = nullptr;
  // The cards of a deal must depend on its name only, as BucketDealSource's do: both contestants
  // are then dealt the same.
  const DealSource* deals = nullptr;
};

// What the first contestant wins in one deal, in chips: in position 0, then in position 1.
using DealChips = std::array<double, 2>;

// OK if the trees have the same decisions and actions, in games with the same rules.
// Error: FailedPrecondition, with the first difference.
absl::Status CheckSameBetting(const PublicTree& a, const PublicTree& b);

// The number of deals of a game that DrawCards() enumerates rather than draws; 0 of a larger one.
// The first so many deals of any stream are all deals, once each.
uint32_t CountEnumeratedDeals(const GameDefinition& game);

// Whether what the board brought is taken off (board_luck.h), by terms whose mean is zero: then
// fewer deals do. Over all deals of a small game nothing changes.
enum class LuckOfBoard { kLeft, kTakenOff };

// Plays deals [first_deal, first_deal + chips.size()) of the stream `name`. chips: [deals],
// written. What a deal is worth does not depend on how deals are grouped into calls. Needs a tree
// for two players. Visits each decision at most four times a deal (two seatings, and once for each
// of the deals that reach it); those that no deal reaches are left out. Memory: a few MB at most.
// Thread-safe.
void PlayDeals(const PublicTree& tree, const std::array<Contestant, 2>& contestants,
               const StreamName& name, uint32_t first_deal, LuckOfBoard luck,
               absl::Span<DealChips> chips);

// Mean and spread of what deals were worth. The order of Add() is that of the sums: the same
// order, the same result to the last bit.
class DealMean {
 public:
  void Add(const DealChips& chips);

  uint64_t deals() const { return pairs_.count(); }
  // Mean over both seats, and in each, in chips. Need deals() > 0.
  double chips() const { return pairs_.mean(); }
  double chips_in(int position) const { return position_sums_[position] / pairs_.count(); }
  // Half the width of the 95% confidence interval of chips(), for independent deals: 1.96 standard
  // errors of the mean over deals, each the mean of its two seatings. Needs deals() > 1.
  double half_width_chips() const;

 private:
  RunningMoments pairs_;  // of deals: the mean of both seatings
  std::array<double, 2> position_sums_{};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_HEAD_TO_HEAD_H_
