// Merges the deltas of a round's units into the master table.
//
// Parts are added to the table as they come, in any order; the rows' old values are kept aside, so
// that at the round's end the merged delta is what changed, and a round that turns out to hold
// something wrong can be taken back. Sums of a round always fit (unit_runner.h bounds what a unit
// may change), so their order does not matter. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_
#define NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "common/sparse_delta.h"
#include "solver/cfr/round_table.h"

namespace nash {

// Takes the next part of a delta; rows ascend from part to part.
using PartSink = std::function<void(const SparseDelta& part)>;

// The most that one unit may add to one value, in either direction, so that no sum of a round can
// pass int32: what a border checks. With one unit any regret will do.
struct DeltaLimits {
  uint32_t regret = 0;  // of the magnitude
  uint32_t sum = 0;     // sums are never negative
};
DeltaLimits LimitsOfUnit(const RoundShape& shape);

class RoundMerger {
 public:
  // master outlives us. Memory: rows that a round changes, as they were.
  explicit RoundMerger(RoundTable* master);
  ~RoundMerger();

  // Adds one part of a unit's delta: each (unit, part) once. Checked before: rows, widths, limits.
  void Add(const SparseDelta& part);
  // Takes back all that was added since the last round's end.
  void RollBack();
  // All parts of all units were added: gives the merged delta, both lanes, in parts; then the
  // master is as if it had applied them (clamps, discounts) and has come one round further.
  void Finish(const PartSink& sink);

 private:
  struct State;
  RoundTable* master_;
  std::unique_ptr<State> state_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_
