// What a seat gains by another strategy, the others playing what they play: two strategies in one
// seat, on the same deals and against the same actions of the others.
//
// The seat's own actions are not sampled but followed with their probabilities, and where the
// others act, both strategies meet the same draw. So the difference is luck only where the two
// differ, and its interval is far narrower than that of either (duplicate poker for one seat). Of a
// game whose deals are enumerated the others' actions are followed too, and the result is exact.
//
// Any number of players. Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_EVALUATION_SEAT_GAIN_H_
#define NASHVILLE_SOLVER_EVALUATION_SEAT_GAIN_H_

#include <cstdint>

#include "absl/types/span.h"
#include "common/rng.h"
#include "common/running_moments.h"
#include "solver/evaluation/head_to_head.h"
#include "solver/game/public_tree.h"

namespace nash {

// In one deal, in chips.
struct SeatChips {
  double known = 0;       // by the strategy that all others play too
  double challenger = 0;  // by the other
};

struct SeatMatch {
  const PublicTree* tree = nullptr;  // not owned
  int player = 0;                    // the seat
  Contestant known;                  // in all other seats, and in this one for comparison
  Contestant challenger;
  // Follows all actions of the others, rather than one that is drawn.
  bool follows_all = false;
};

// Plays deals [first_deal, first_deal + chips.size()) of the stream `name`. chips: written. What a
// deal is worth does not depend on how deals are grouped into calls.
void PlaySeat(const SeatMatch& match, const StreamName& name, uint32_t first_deal,
              absl::Span<SeatChips> chips);

// Means over deals with the halves of their 95% intervals, 1.96 standard errors. The order of Add()
// is that of the sums. Thread-compatible.
class SeatGain {
 public:
  void Add(const SeatChips& chips);

  uint64_t deals() const { return gain_.count(); }
  double known() const { return known_.mean(); }
  double challenger() const { return challenger_.mean(); }
  double gain() const { return gain_.mean(); }
  // 0 for less than two deals.
  double known_half_width() const { return known_.HalfWidth95(); }
  double challenger_half_width() const { return challenger_.HalfWidth95(); }
  double gain_half_width() const { return gain_.HalfWidth95(); }

 private:
  RunningMoments known_;
  RunningMoments challenger_;
  RunningMoments gain_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_SEAT_GAIN_H_
