// The rounds of a run on disk: the round log and the newest checkpoint of a run folder.
//
//   RUN/rounds/         the round log (docs/formats/round_log.md)
//   RUN/checkpoints/    as without a cluster (docs/formats/checkpoint.md)
//   RUN/generation      how many coordinators this run has had
//
// Whoever owns it holds the run folder's FolderLock. Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_RUN_STORE_H_
#define NASHVILLE_SOLVER_COORDINATOR_RUN_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/checkpoint/round_log.h"
#include "solver/coordinator/checkpoint_regrets.h"
#include "solver/coordinator/round_store.h"

namespace nash {

// One more than the last time, durably.
absl::StatusOr<uint64_t> NextGeneration(const std::string& run_folder);

class RunStore : public RoundStore {
 public:
  struct Options {
    std::string run_folder;
    std::string fingerprint;
    const TableLayout* layout = nullptr;  // not owned
    // The checkpoint that the table was loaded from; 0: none, all zero.
    uint64_t checkpoint_round = 0;
    uint64_t checkpoint_regret_hash = 0;
    uint64_t deals_per_round = 0;
  };
  // Errors: as RoundLog::Open().
  static absl::StatusOr<std::unique_ptr<RunStore>> Open(const Options& options);

  absl::Status AppendPart(const MergedPart& part) override;
  absl::Status EndRound(const RoundRecord& record) override;
  absl::Status CutTo(uint64_t round) override { return log_->CutTo(round); }
  uint64_t first_round() const override { return log_->first_round(); }
  uint64_t end_round() const override { return log_->rounds(); }
  uint64_t durable_rounds() const override { return log_->durable_rounds(); }
  RoundRecord Record(uint64_t round) const override;
  absl::StatusOr<EncodedRows> ReadRegrets(uint64_t round, uint32_t part) override;
  absl::StatusOr<MergedPart> ReadPart(uint64_t round, uint32_t part) override;
  StoredSnapshot newest_snapshot() const override { return snapshot_; }
  absl::StatusOr<EncodedRows> ReadSnapshot(uint64_t round, uint32_t part) override;

  // Makes durable what was appended; cheap where nothing was. Error: Aborted: the process must end.
  absl::Status Sync();
  // Before a checkpoint of the rounds so far is begun: it must never be newer than the log.
  absl::Status PrepareCheckpoint();
  // It is there now: workers join from it, and what no kept checkpoint needs is dropped from the
  // log.
  absl::Status TakeCheckpoint(uint64_t round, uint64_t regret_hash);

  uint64_t log_bytes() const { return log_->bytes(); }
  uint64_t cut_bytes() const { return log_->cut_bytes(); }

 private:
  RunStore(const Options& options, std::unique_ptr<LogFiles> files)
      : options_(options), files_(std::move(files)) {}

  const Options options_;
  const std::unique_ptr<LogFiles> files_;
  std::unique_ptr<RoundLog> log_;
  bool is_appending_ = false;  // a round is half in the log
  StoredSnapshot snapshot_;
  std::map<uint64_t, CheckpointRegrets> open_snapshots_;  // by round
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_RUN_STORE_H_
