// Merges the deltas of a round's units into the master table.
//
// Parts are added to the table as they come, in any order; the rows' old values are kept aside, so
// that at the round's end the merged delta is what changed, and a round that turns out to hold
// something wrong can be taken back. Sums of a round always fit (unit_delta.h bounds what a unit
// may change), so their order does not matter. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_
#define NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_

#include "solver/cfr/delta_packer.h"
#include "solver/cfr/round_table.h"
#include "solver/cfr/table_snapshot.h"

namespace nash {

class RoundMerger {
 public:
  // undo: of the master's table, for our use alone. Both outlive us.
  RoundMerger(RoundTable* master, TableSnapshot* undo);

  // Adds one part of a unit's delta: each (unit, part) once. Checked before: rows, widths, limits.
  void Add(const SparseDelta& part);
  // Takes back all that was added since the last round's end.
  void RollBack();
  // All parts of all units were added: gives the merged delta, both lanes, in parts; then the
  // master is as if it had applied them (clamps, discounts) and has come one round further.
  void Finish(const PartSink& sink);

 private:
  // Returns by how much the regret hash changes.
  uint64_t FinishSection(NodeIndex begin, NodeIndex end, const PartSink& sink);

  RoundTable* master_;
  TableSnapshot* undo_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_
