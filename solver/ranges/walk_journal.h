// Where a walk over all boards keeps how far it is, so that a process that is killed can go on.
#ifndef NASHVILLE_SOLVER_RANGES_WALK_JOURNAL_H_
#define NASHVILLE_SOLVER_RANGES_WALK_JOURNAL_H_

#include <cstdint>
#include <vector>

namespace nash {

// A walk that begins here comes to the same bits as one that was never broken off. It fits only the
// walk that it was taken of: same game, strategies, responder and release.
struct WalkState {
  uint64_t steps = 0;          // boards of the first street with cards that are done
  uint64_t boards = 0;         // as told to the walk's progress
  std::vector<double> values;  // the sum of what they gave: [block][hand][lane] of their roots
};

// Called by the thread that walks.
class WalkJournal {
 public:
  virtual ~WalkJournal() = default;
  // Where to begin, or null.
  virtual const WalkState* Begin() = 0;
  // Whether the state after the boards that are done by now is wanted: copying it takes time.
  virtual bool IsDue() = 0;
  virtual void Save(const WalkState& state) = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_WALK_JOURNAL_H_
