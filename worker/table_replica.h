// A worker's table: follows rounds, runs units.
//
// Thread-compatible: what follows rounds and Run() are never called at the same time.
#ifndef NASHVILLE_WORKER_TABLE_REPLICA_H_
#define NASHVILLE_WORKER_TABLE_REPLICA_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sparse_delta_codec.h"
#include "solver/cfr/round_table.h"
#include "solver/cfr/unit_runner.h"
#include "worker/unit_outbox.h"

namespace nash {

class TableReplica {
 public:
  // setup.table is all zero. What the setup names outlives us.
  // Errors: InvalidArgument (CheckTrainingSetup); ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<TableReplica>> Make(const TrainingSetup& setup);

  // See HugeArray::TakePages(): of the memory for rows to take back.
  void TakePages(size_t part, size_t num_parts) { undo_->TakePages(part, num_parts); }

  uint64_t rounds() const { return follower_.rounds(); }
  uint64_t regret_hash() const { return follower_.regret_hash(); }
  void Clear(uint64_t rounds) { follower_.Clear(rounds); }
  // Error: InvalidArgument; the table is untouched then.
  absl::Status LoadRegrets(const EncodedRows& part);
  absl::Status Apply(const EncodedRows& part);
  void EndRound() { follower_.EndRound(); }

  // Whether parts that came may be given to Run(). Error: InvalidArgument.
  absl::Status CheckStart(const std::vector<EncodedRows>& start) const {
    return runner_.CheckStart(start);
  }
  // start: as UnitRunner's. Nothing where the between_batches said to stop.
  std::optional<UnitResult> Run(const UnitName& name, const std::vector<EncodedRows>* start,
                                const BetweenBatches& between_batches);

  const RowSpace& rows() const { return runner_.rows(); }
  // As UnitTraverser's.
  double prepare_waited_seconds() const { return runner_.prepare_waited_seconds(); }

 private:
  TableReplica(const TrainingSetup& setup, std::unique_ptr<UndoLog> undo);
  absl::StatusOr<SparseDelta> DecodeRegrets(const EncodedRows& part, const RowSpace& space) const;

  const std::unique_ptr<UndoLog> undo_;
  RoundTable follower_;
  UnitRunner runner_;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_TABLE_REPLICA_H_
