// Packs changed rows, in order, into the parts of a delta. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_
#define NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_

#include <cstdint>
#include <functional>

#include "common/sparse_delta.h"
#include "solver/cfr/table_layout.h"

namespace nash {

// Lanes of a delta.
inline constexpr int kRegretLane = 0;
inline constexpr int kSumLane = 1;

// Takes the next part of a delta; rows ascend from part to part.
using PartSink = std::function<void(const SparseDelta& part)>;

// Rows and widths of a layout, as deltas need them.
RowSpace RowSpaceOf(const TableLayout& layout);

class DeltaPacker {
 public:
  explicit DeltaPacker(PartSink sink);

  // values: [num_actions] regrets, then as many sums or none. Rows ascend from call to call.
  void Add(RowIndex row, const int32_t* values, uint32_t num_actions, bool has_sums);
  // Gives away the last part, if it has any row.
  void Finish();

 private:
  const PartSink sink_;
  SparseDelta part_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_
