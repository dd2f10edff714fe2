// The rounds of a run on disk: the round log and the newest checkpoint of a run folder.
//
//   RUN/rounds/         the round log (docs/formats/round_log.md)
//   RUN/checkpoints/    as without a cluster (docs/formats/checkpoint.md)
//   RUN/generation      how many coordinators this run has had
//   RUN/taken_back      what the last of them that caught a worker went back to (taken_back.h)
//
// Whoever owns it holds the run folder's FolderLock. Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_RUN_STORE_H_
#define NASHVILLE_SOLVER_COORDINATOR_RUN_STORE_H_

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/checkpoint/round_log.h"
#include "solver/coordinator/checkpoint_regrets.h"
#include "solver/coordinator/log_room.h"
#include "solver/coordinator/round_store.h"

namespace nash {

// How many coordinators the run has had: the last one's generation.
absl::StatusOr<uint64_t> LastGeneration(const std::string& run_folder);
// One more than the last time, durably. What was to be taken back is forgotten: see taken_back.h.
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
    // Rounds from here on are taken back, if any are.
    std::optional<uint64_t> back_to;
    uint64_t deals_per_round = 0;
    // How large the log may get, about, before a checkpoint is due.
    uint64_t log_bytes_max = std::numeric_limits<uint64_t>::max();
    uint64_t rounds_per_checkpoint_min = 1;  // with lag they are of meetings only
    // Of reading the log that is there.
    ProgressCallback progress = [](const StageProgress&) {};
  };
  // Errors: as RoundLog::Open().
  static absl::StatusOr<std::unique_ptr<RunStore>> Open(const Options& options);

  absl::Status RoomForRound() override;
  absl::Status AppendPart(const MergedPart& part) override;
  absl::Status EndRound(const RoundRecord& record) override;
  absl::Status CutTo(uint64_t round) override { return log_->CutTo(round); }
  uint64_t first_round() const override { return log_->first_round(); }
  uint64_t end_round() const override { return log_->rounds(); }
  uint64_t durable_rounds() const override { return log_->durable_rounds(); }
  RoundRecord Record(uint64_t round) const override;
  absl::StatusOr<EncodedRows> ReadRegrets(uint64_t round, uint32_t part) override;
  absl::StatusOr<MergedPart> ReadPart(uint64_t round, uint32_t part) override;
  StoredRegrets newest_regrets() const override { return newest_regrets_; }
  absl::StatusOr<EncodedRows> ReadStoredRegrets(uint64_t round, uint32_t part) override;

  // Makes durable what was appended; cheap where nothing was. Error: Aborted: the process must end.
  absl::Status Sync();
  // Before a checkpoint of the rounds so far is begun: it must never be newer than the log.
  absl::Status PrepareCheckpoint();
  // It is there now: workers join from it, and what no kept checkpoint needs is dropped from the
  // log.
  absl::Status TakeCheckpoint(uint64_t round, uint64_t regret_hash);

  // Whether the log takes so much room that a checkpoint should be written now (log_room.h).
  bool IsCheckpointDue() const;
  // Whether the disk had no room when something was appended last, or asked for.
  bool is_short_of_room() const { return is_short_of_room_; }
  // Drops from the log what is older than the newest checkpoint, where that makes room. A
  // checkpoint that is found damaged later has no older one to fall back to then. Returns how many
  // bytes went.
  absl::StatusOr<uint64_t> DropToNewestCheckpoint();

  // Where the run can go back to, if rounds from `round` on are worth nothing: there, or to the
  // oldest checkpoint; to the beginning while that is the first of all.
  absl::StatusOr<uint64_t> WayBackTo(uint64_t round) const;

  uint64_t log_bytes() const { return log_->bytes(); }
  // By this process, whether they are kept or not.
  uint64_t appended_bytes() const { return appended_bytes_; }
  uint64_t cut_bytes() const { return log_->cut_bytes(); }

 private:
  RunStore(const Options& options, std::unique_ptr<LogFiles> files);

  absl::Status OpenLog();
  LogUse Use() const;
  absl::Status Noted(const absl::Status& status);

  const Options options_;
  const LogLimits limits_;
  const std::unique_ptr<LogFiles> files_;
  std::unique_ptr<RoundLog> log_;
  bool is_appending_ = false;  // a round is half in the log
  bool is_short_of_room_ = false;
  uint64_t large_round_bytes_ = 0;  // of the largest since the start, and those that were there
  uint64_t appended_bytes_ = 0;
  StoredRegrets newest_regrets_;
  std::optional<uint64_t> first_checkpoint_;            // of the run, where we saw it
  std::map<uint64_t, CheckpointRegrets> open_regrets_;  // by round
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_RUN_STORE_H_
