#include "worker/table_replica.h"

#include <utility>
#include <vector>

#include "common/status_macros.h"

namespace nash {

absl::StatusOr<std::unique_ptr<TableReplica>> TableReplica::Make(const TrainingSetup& setup) {
  RETURN_IF_ERROR(CheckTrainingSetup(setup));
  ASSIGN_OR_RETURN(std::unique_ptr<UndoLog> undo,
                   UndoLog::Make(*setup.table, setup.pool->num_threads()));
  return std::unique_ptr<TableReplica>(new TableReplica(setup, std::move(undo)));
}

TableReplica::TableReplica(const TrainingSetup& setup, std::unique_ptr<UndoLog> undo)
    : undo_(std::move(undo)), follower_(setup, 0), runner_(setup, undo_.get()) {}

absl::StatusOr<SparseDelta> TableReplica::DecodeRegrets(const EncodedRows& part,
                                                        const RowSpace& space) const {
  DeltaBounds bounds;
  bounds.lanes[kSumLane].expected = false;
  return DecodeDelta(part.bytes, space, bounds);
}

absl::Status TableReplica::LoadRegrets(const EncodedRows& part) {
  ASSIGN_OR_RETURN(const SparseDelta rows, DecodeRegrets(part, follower_.stored_rows()));
  follower_.LoadRegrets(rows);
  return absl::OkStatus();
}

absl::Status TableReplica::Apply(const EncodedRows& part) {
  ASSIGN_OR_RETURN(const SparseDelta rows, DecodeRegrets(part, follower_.rows()));
  follower_.Apply(rows);
  return absl::OkStatus();
}

std::optional<UnitResult> TableReplica::Run(const UnitName& name,
                                            const std::vector<EncodedRows>* start,
                                            const BetweenBatches& between_batches) {
  std::optional<UnitDelta> delta =
      runner_.Run({name.round, name.unit}, start, std::nullopt, nullptr, between_batches);
  if (!delta.has_value()) return std::nullopt;
  return UnitResult{name, std::move(delta->parts), delta->touches};
}

}  // namespace nash
