// Trains until a target, a signal or an error; reports and checkpoints on the way.
#ifndef NASHVILLE_TOOLS_TRAINING_TRAINING_LOOP_H_
#define NASHVILLE_TOOLS_TRAINING_TRAINING_LOOP_H_

#include <cstdint>

#include "absl/status/status.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "tools/stored/loaded_run.h"
#include "tools/training/metrics_server.h"
#include "tools/training/run_folder.h"
#include "tools/training/tensorboard_writer.h"
#include "tools/training/training_report.h"
#include "tools/training/yardstick.h"

namespace nash {

struct LoopOptions {
  uint64_t until_iterations = 0;   // of the whole run; 0: no limit
  uint64_t until_rounds = 0;       // of the whole run; 0: no limit
  double time_budget_seconds = 0;  // of this process; 0: no limit
  double checkpoint_every_seconds = 600;
  double report_every_seconds = 10;
  uint64_t round_log_bytes_max = 0;  // of a coordinator; 0: as suits the table
  // Not owned; null: training waits while a checkpoint is written.
  UndoLog* checkpoint_log = nullptr;
  const BucketDealSource* deals = nullptr;   // not owned; whose lookups are reported
  YardstickOptions yardstick;                // that measures the run while it trains
  MetricsServer* metrics_server = nullptr;   // not owned; null: none
  TensorBoardWriter* tensorboard = nullptr;  // the same
  const MemoryPlan* memory_plan = nullptr;   // not owned; null: none is told of
};

// Iterations that the run is to have, with lag up to a meeting (lines.h); 0: no limit.
uint64_t TargetIterations(const LoopOptions& options, const RoundShape& shape);
// What the progress line counts up to.
TrainingTarget TargetOf(const LoopOptions& options, const RoundShape& shape);

// Runs rounds until a limit is reached or a stop signal came (stop_signals.h), with lag on to the
// next meeting, then writes a last checkpoint. See checkpoint_keeper.h for those on the way.
absl::Status TrainUntil(const LoopOptions& options, const LoadedRun& run, ThreadPool* pool,
                        Trainer* trainer, Table* table, RunFolder* folder);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_TRAINING_LOOP_H_
