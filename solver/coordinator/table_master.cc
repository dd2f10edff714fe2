// Bytes of workers come in here, and only here. A unit's delta has bounds that follow from the
// definition alone (LimitsOfUnit): how much a regret can move and a sum grow in so many deals. What
// is outside of them cannot be a unit's and is refused before it touches anything; what several
// units may add within them cannot wrap an int32. A unit that is alone in its round may change a
// regret by anything: there is nothing that it is added to.
//
// Apply() is for rounds that were merged before and read from the log; its two lanes were encoded
// apart. tests/coordinator/table_master_test.cc has what is refused; tests/fuzz has bytes.
#include "solver/coordinator/table_master.h"

#include <algorithm>
#include <utility>

#include "common/status_macros.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/unit_delta.h"

namespace nash {
namespace {

DeltaBounds OneLane(int lane) {
  DeltaBounds bounds;
  bounds.lanes[1 - lane].expected = false;
  return bounds;
}

}  // namespace

DeltaBounds BoundsOfUnit(const CfrOptions& options, const RoundShape& shape) {
  const DeltaLimits limits = LimitsOfUnit(options, shape);
  DeltaBounds bounds;
  if (shape.units > 1) {
    bounds.lanes[kRegretLane].lowest = -static_cast<int32_t>(limits.regret);
    bounds.lanes[kRegretLane].highest = static_cast<int32_t>(limits.regret);
  }
  bounds.lanes[kSumLane].lowest = 0;
  bounds.lanes[kSumLane].highest = static_cast<int32_t>(limits.sum);
  return bounds;
}

uint32_t UnitPartsMax(const TableLayout& layout) {
  // A part ends where one more row would pass one of its limits.
  uint64_t values = 0;
  uint32_t most = 0;  // of a row
  for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
    const uint32_t of_row = layout.ShapeOf(strip).num_values();
    values += layout.BundlesOf(strip) * of_row;
    most = std::max(most, of_row);
  }
  return static_cast<uint32_t>(values / (kDeltaValuesMax - most) + 1 +
                               layout.num_bundles() / kDeltaRowsMax + DeltaSections(layout).size());
}

TableMaster::TableMaster(const CfrOptions& options, const RoundShape& shape, RoundTable* table)
    : table_(table), unit_bounds_(BoundsOfUnit(options, shape)), merger_(table) {}

absl::StatusOr<PartPlace> TableMaster::Check(const EncodedRows& part) const {
  // A codec has compared the checksum; parts that never were on a wire have none that could differ.
  ASSIGN_OR_RETURN(const RowsNamed rows, CheckDelta(part.bytes, merger_.rows(), unit_bounds_));
  return CheckPart(rows, merger_.sections());
}

absl::Status TableMaster::Apply(const MergedPart& part) {
  ASSIGN_OR_RETURN(SparseDelta delta,
                   DecodeDelta(part.regrets.bytes, merger_.rows(), OneLane(kRegretLane)));
  ASSIGN_OR_RETURN(SparseDelta sums,
                   DecodeDelta(part.sums.bytes, merger_.rows(), OneLane(kSumLane)));
  if (delta.rows != sums.rows) {
    return absl::InvalidArgumentError("regrets and sums of a part are of different rows");
  }
  delta.lanes[kSumLane] = std::move(sums.lanes[kSumLane]);
  table_->Apply(delta);
  return absl::OkStatus();
}

}  // namespace nash
