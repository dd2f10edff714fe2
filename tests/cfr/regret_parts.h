// The regrets of a table in parts of its StoredRowSpaceOf(), as deltas from zero: what a checkpoint
// gives those who join (solver/coordinator/checkpoint_regrets.h), without a disk.
#ifndef NASHVILLE_TESTS_CFR_REGRET_PARTS_H_
#define NASHVILLE_TESTS_CFR_REGRET_PARTS_H_

#include <algorithm>

#include "solver/cfr/delta_packer.h"
#include "solver/cfr/table.h"

namespace nash {

inline void ForEachRegretPart(const Table& table, const PartSink& sink) {
  const TableLayout& layout = table.layout();
  DeltaPacker packer(sink);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
      RowRoom room;
      const int32_t* row = table.ReadRow(node, bucket, &room);
      if (std::all_of(row, row + num_actions, [](int32_t x) { return x == 0; })) continue;
      packer.Add(layout.FirstRow(node).value + bucket, row, num_actions, /*has_sums=*/false);
    }
  }
  packer.Finish();
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_REGRET_PARTS_H_
