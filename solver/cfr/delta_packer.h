// Packs changed bundles, in order, into the parts of a delta: bundles (table_layout.h) are what a
// delta calls rows. Thread-compatible.
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

// Bundles of a layout, as deltas need them: a block for each strip.
RowSpace RowSpaceOf(const TableLayout& layout);
// Rows of a layout, in the canonical order, as stored regrets come to who joins: a block for each
// node. Without lanes it is the same.
RowSpace StoredRowSpaceOf(const TableLayout& layout);

class DeltaPacker {
 public:
  explicit DeltaPacker(PartSink sink);

  // values: [num_regrets] regrets, then as many sums or none. Rows ascend from call to call.
  // kCount: what the caller's loop over regrets is compiled for (row_shape.h).
  template <int kCount = kAnyCount>
  void Add(uint64_t row, const int32_t* values, uint32_t num_regrets, bool has_sums) {
    const uint32_t n = kCount > 0 ? kCount : num_regrets;
    const Place place = next();
    CopyValues<kCount>(values, n, place.regrets);
    if (has_sums) CopyValues<kCount>(values + n, n, place.sums);
    Take(row, n, has_sums);
  }

  // The same in two steps, for who writes the values here at once: where those of the next row go,
  // with room for any bundle.
  struct Place {
    int32_t* regrets;
    int32_t* sums;
  };
  Place next() {
    return {part_.lanes[kRegretLane].data() + num_regrets_,
            part_.lanes[kSumLane].data() + num_sums_};
  }
  // What was written there is a row of the delta.
  void Take(uint64_t row, uint32_t num_regrets, bool has_sums) {
    const size_t num_sums = has_sums ? num_regrets : 0;
    if (num_rows_ == kDeltaRowsMax ||
        num_regrets_ + num_sums_ + num_regrets + num_sums > kDeltaValuesMax) {
      StartNextPart(num_regrets, num_sums);
    }
    part_.rows[num_rows_++] = row;
    num_regrets_ += num_regrets;
    num_sums_ += num_sums;
  }
  // Gives away the last part, if it has any row.
  void Finish();

 private:
  // Makes room for the largest part, and for a row that it has no place for.
  void Begin();
  // Gives away the part, and makes the row that was written behind it the first of the next.
  void StartNextPart(size_t num_regrets, size_t num_sums);

  const PartSink sink_;
  SparseDelta part_;
  size_t num_rows_ = 0;  // of the part, and its values by lane
  size_t num_regrets_ = 0;
  size_t num_sums_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_PACKER_H_
