// What a round's units start from.
//
// With lag 0 all rounds before. With lag 1 all but the last, of which a unit knows only what its
// own line did: the unit of the same number. So the units of a round can begin while the round
// before is still being merged, or run by others. Every meet_every rounds the lines meet: that
// round starts from all rounds before it, and a run can be left and taken up there. Thread-safe:
// pure functions.
#ifndef NASHVILLE_SOLVER_CFR_LINES_H_
#define NASHVILLE_SOLVER_CFR_LINES_H_

#include <cstdint>

#include "solver/cfr/options.h"

namespace nash {

// Whether the round that follows `rounds` complete ones starts from all of them.
inline bool IsMeeting(const RoundShape& shape, uint64_t rounds) {
  return rounds % shape.meet_every == 0;
}

// The last meeting that is not after `rounds`.
inline uint64_t MeetingBefore(const RoundShape& shape, uint64_t rounds) {
  return rounds - rounds % shape.meet_every;
}

// The first meeting that is not before `rounds`.
inline uint64_t MeetingAfter(const RoundShape& shape, uint64_t rounds) {
  return MeetingBefore(shape, rounds + shape.meet_every - 1);
}

// How many rounds the table has merged that round `round` starts from. The units of a round that is
// no meeting also start from their line's delta of the round before.
inline uint64_t BaseOf(const RoundShape& shape, uint64_t round) {
  return IsMeeting(shape, round) ? round : round - 1;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LINES_H_
