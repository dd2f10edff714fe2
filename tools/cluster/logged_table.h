// The table of a run as a coordinator has it: in memory, in the round log and in checkpoints.
//
// The log grows by much more than the table in an hour, so checkpoints are written not only when
// their time has come but also when the log has grown by half of what it may take, and when the
// disk is nearly full (solver/coordinator/log_room.h): then the log goes, and training goes on.
//
// Thread-compatible. Memory: none beside the table's but for a few sections of a round that is
// being merged (round_merger.h).
#ifndef NASHVILLE_TOOLS_CLUSTER_LOGGED_TABLE_H_
#define NASHVILLE_TOOLS_CLUSTER_LOGGED_TABLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "common/thread_pool.h"
#include "solver/cfr/round_table.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/run_store.h"
#include "solver/coordinator/table_master.h"
#include "tools/stored/loaded_run.h"
#include "tools/training/checkpoint_keeper.h"
#include "tools/training/run_folder.h"
#include "tools/training/run_reporter.h"
#include "tools/training/training_loop.h"

namespace nash {

class LoggedTable {
 public:
  // table holds the end of round `progress`->rounds, whose checkpoint the folder holds (0: none).
  // progress is kept up to date. All outlive us.
  LoggedTable(const LoopOptions& limits, const LoadedRun& run, ThreadPool* pool, Table* table,
              const RunFolder& folder, RunReporter* reporter, Progress* progress);

  // Opens the round log and replays what it has besides. To be called first.
  absl::Status Open();

  RunStore* store() { return store_.get(); }
  const RunStore& store() const { return *store_; }
  TableMaster* master() { return &master_; }
  const TableMaster& master() const { return master_; }

  // The store has come to `rounds`: what is new is taken into progress and checkpoints.
  absl::Status TakeRounds(uint64_t rounds);
  // A turn of syncing and of writing a checkpoint; of making room, where the disk has none.
  absl::Status Step();
  // Nothing of rounds before this one can turn out to be wrong any more: what is older need not be
  // kept to go back to.
  void set_confirmed_rounds(uint64_t rounds) { keeper_.set_confirmed_round(rounds); }
  // What Sync() took so far.
  double sync_seconds() const { return sync_seconds_; }
  CheckpointSample checkpoints() const { return keeper_.sample(); }
  bool is_writing() const { return keeper_.is_writing(); }
  // Merging changes the table, and a checkpoint reads it: one after the other takes no copies.
  absl::Status FinishWriting() { return keeper_.FinishWriting(); }
  // The last checkpoint, where the run can be taken up from one.
  absl::Status Finish();

 private:
  absl::Status OpenStore();
  absl::Status ReplayLog();
  // The table is at the end of this round, and the log has it.
  absl::Status TakeRound(uint64_t round);
  absl::Status BeginCheckpoint();
  void TellRoom();
  void TellRate();
  absl::Status MakeRoom();

  const LoadedRun& run_;
  const RoundShape shape_;
  const std::string folder_;
  const uint64_t log_bytes_max_;
  const double checkpoint_every_seconds_;
  RunReporter* const reporter_;
  Progress* const progress_;
  RoundTable followed_;
  TableMaster master_;
  CheckpointKeeper keeper_;
  std::unique_ptr<RunStore> store_;
  uint64_t checkpoint_regret_hash_ = 0;        // of the one that is being written
  std::optional<double> first_round_seconds_;  // when the first round had come
  uint64_t first_round_bytes_ = 0;             // that the log had by then
  bool has_told_rate_ = false;
  double sync_seconds_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_LOGGED_TABLE_H_
