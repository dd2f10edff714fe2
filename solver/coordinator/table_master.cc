#include "solver/coordinator/table_master.h"

#include <algorithm>
#include <utility>

#include "common/checksum.h"
#include "common/status_macros.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/unit_delta.h"

namespace nash {
namespace {

EncodedRows EncodeRows(const SparseDelta& delta, const RowSpace& rows) {
  EncodedRows encoded;
  encoded.bytes = EncodeDelta(delta, rows);
  encoded.checksum = Checksum64Of(encoded.bytes);
  return encoded;
}

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
  const uint64_t by_values = layout.num_values() / (kDeltaValuesMax - 2 * kActionsMax) + 1;
  return static_cast<uint32_t>(by_values + layout.num_rows() / kDeltaRowsMax +
                               SectionsOf(layout).size());
}

TableMaster::TableMaster(const CfrOptions& options, const RoundShape& shape, RoundTable* table,
                         TableSnapshot* undo)
    : table_(table),
      rows_(RowSpaceOf(table->table().layout())),
      unit_bounds_(BoundsOfUnit(options, shape)),
      merger_(table, undo) {}

absl::StatusOr<SparseDelta> TableMaster::Decode(const EncodedRows& part) const {
  // A codec has compared the checksum; parts that never were on a wire have none that could differ.
  ASSIGN_OR_RETURN(SparseDelta delta, DecodeDelta(part.bytes, rows_, unit_bounds_));
  if (delta.rows.empty()) return absl::InvalidArgumentError("a part without rows");
  return delta;
}

std::vector<MergedPart> TableMaster::Finish() {
  std::vector<MergedPart> parts;
  SparseDelta lane;
  merger_.Finish([&](const SparseDelta& part) {
    MergedPart merged;
    lane.rows = part.rows;
    lane.lanes[kRegretLane] = part.lanes[kRegretLane];
    lane.lanes[kSumLane].clear();
    merged.regrets = EncodeRows(lane, rows_);
    lane.lanes[kRegretLane].clear();
    lane.lanes[kSumLane] = part.lanes[kSumLane];
    merged.sums = EncodeRows(lane, rows_);
    parts.push_back(std::move(merged));
  });
  return parts;
}

absl::Status TableMaster::Apply(const MergedPart& part) {
  ASSIGN_OR_RETURN(SparseDelta delta, DecodeDelta(part.regrets.bytes, rows_, OneLane(kRegretLane)));
  ASSIGN_OR_RETURN(SparseDelta sums, DecodeDelta(part.sums.bytes, rows_, OneLane(kSumLane)));
  if (delta.rows != sums.rows) {
    return absl::InvalidArgumentError("regrets and sums of a part are of different rows");
  }
  delta.lanes[kSumLane] = std::move(sums.lanes[kSumLane]);
  table_->Apply(delta);
  return absl::OkStatus();
}

}  // namespace nash
