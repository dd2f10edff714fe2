// Packs changed rows, in order, into the parts of a delta. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_
#define NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_

#include <cstdint>
#include <functional>

#include "common/sparse_delta.h"
#include "solver/cfr/row_shape.h"
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
  // kActions: num_actions, where the caller's loop is compiled for it (row_shape.h); 0: any.
  template <int kActions = 0>
  void Add(RowIndex row, const int32_t* values, uint32_t num_actions, bool has_sums) {
    const uint32_t n = kActions > 0 ? kActions : num_actions;
    if (num_rows_ == kDeltaRowsMax ||
        num_regrets_ + num_sums_ + n * (has_sums ? 2 : 1) > kDeltaValuesMax) {
      Finish();
    }
    part_.rows[num_rows_++] = row.value;
    int32_t* const regrets = part_.lanes[kRegretLane].data() + num_regrets_;
    ForValues<kActions>(n, [&](uint32_t a) { regrets[a] = values[a]; });
    num_regrets_ += n;
    if (!has_sums) return;
    int32_t* const sums = part_.lanes[kSumLane].data() + num_sums_;
    ForValues<kActions>(n, [&](uint32_t a) { sums[a] = values[n + a]; });
    num_sums_ += n;
  }
  // Gives away the last part, if it has any row.
  void Finish();

 private:
  // Makes room for the largest part.
  void Begin();

  const PartSink sink_;
  SparseDelta part_;
  size_t num_rows_ = 0;  // of the part, and its values by lane
  size_t num_regrets_ = 0;
  size_t num_sums_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_
