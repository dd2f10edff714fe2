// Trains a table round by round: batches of deals, one pass per player and batch, then the round's
// end (schedule.h).
//
// The table after a round depends on the run definition and the round's number only: not on
// threads, not on when a run was interrupted. Thread-compatible: one caller; the pool's threads do
// the work.
#ifndef NASHVILLE_SOLVER_CFR_TRAINER_H_
#define NASHVILLE_SOLVER_CFR_TRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "common/thread_pool.h"
#include "solver/cfr/batch_preparer.h"
#include "solver/cfr/options.h"
#include "solver/cfr/pass_runner.h"
#include "solver/cfr/prepared_batch.h"
#include "solver/cfr/table.h"
#include "solver/cfr/table_snapshot.h"

namespace nash {

// How far a run has come. Part of a checkpoint.
struct Progress {
  uint64_t rounds = 0;
  uint64_t iterations = 0;  // deals; each was traversed once for every player
  uint64_t touches = 0;     // rows visited
};

class Trainer {
 public:
  struct Setup {
    CfrOptions options;
    RoundShape shape;
    uint64_t seed = 0;
    Table* table = nullptr;              // not owned
    const DealSource* source = nullptr;  // not owned
    ThreadPool* pool = nullptr;          // not owned
  };

  // Error: InvalidArgument where values could overflow or the shape is impossible (CheckSchedule).
  static absl::StatusOr<std::unique_ptr<Trainer>> Make(const Setup& setup, const Progress& start);

  // Work of somebody else that is done between batches, when nobody is at the table.
  using Interlude = std::function<void()>;
  // Runs the next round. snapshot: told before rows change; null when none is being taken.
  void RunRound(
      TableSnapshot* snapshot, const Interlude& interlude = [] {});

  const Progress& progress() const { return progress_; }

 private:
  Trainer(const Setup& setup, const Progress& start, int depths);
  Pass MakePass(const PreparedBatch& batch, int traverser, uint64_t iterations,
                TableSnapshot* snapshot) const;
  void RunBatch(uint32_t batch, TableSnapshot* snapshot);
  void EndRound(TableSnapshot* snapshot);
  void StartPreparing(uint64_t round, uint32_t batch, PreparedBatch* out);

  const Setup setup_;
  const PublicTree& tree_;
  Progress progress_;
  std::unique_ptr<PassRunner> runner_;
  BatchPreparer preparer_;
  std::unique_ptr<PreparedBatch> current_;
  std::unique_ptr<PreparedBatch> next_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TRAINER_H_
