// The disk of a simulated coordinator, and the store on it: the real round log on files that lose
// what was not synced.
//
// A crash keeps any beginning of what was not synced, torn anywhere. The disk outlives the
// coordinators that use it; a store does not outlive its coordinator. Checkpoints are simulated.
#ifndef NASHVILLE_TESTS_SIM_SIM_DISK_H_
#define NASHVILLE_TESTS_SIM_SIM_DISK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "solver/checkpoint/round_log.h"
#include "solver/coordinator/round_store.h"
#include "tests/checkpoint/memory_log_files.h"
#include "tests/sim/engine.h"
#include "tests/sim/sim_random.h"

namespace nash {

inline constexpr char kSimFingerprint[] = "00112233445566778899aabbccddeeff";

// Where a coordinator can be killed besides between two events.
enum class KillPoint {
  kNone,
  kBeforeAppend,    // the round is being merged, nothing is written
  kAmidAppend,      // a part of it is written
  kAfterAppend,     // written, not synced, nobody was told
  kAfterSync,       // durable, nobody was told
  kAfterKeep,       // a part was kept, not acknowledged
  kDuringReplay,    // the generation is raised, the log half read
  kBeforeManifest,  // of a checkpoint: its parts are there, it is not
  kAfterManifest,   // the checkpoint is there, the log not cut
};
inline constexpr KillPoint kLastKillPoint = KillPoint::kAfterManifest;

struct SimDisk {
  struct Checkpoint {
    uint64_t rounds = 0;
    std::string table;
    std::vector<EncodedRows> parts;
    uint64_t regret_hash = 0;
    bool is_corrupt = false;
  };
  // The newest are kept, and the newest of those before that could be gone back to.
  static constexpr size_t kCheckpointsKept = 2;

  uint64_t generation = 0;
  uint64_t history = 0;                 // how many times rounds were taken back
  MemoryLogFiles files;                 // of the round log
  std::vector<Checkpoint> checkpoints;  // oldest first; before the first, the table of zeros
  // Of the run, while the coordinator lives that wrote it.
  std::optional<uint64_t> first_checkpoint;

  const Checkpoint* NewestCheckpoint() const;
  // Only with an older one that is good, since the log is cut below that.
  void CorruptNewestCheckpoint();
  // confirmed: rounds that nobody can be caught for any more.
  void AddCheckpoint(Checkpoint checkpoint, uint64_t confirmed);
  // Forgets rounds from `round` on; where there is no table to go back to, from the oldest
  // checkpoint on, or all, while that is the run's first. The log's end is still to be cut. Returns
  // the round.
  uint64_t GoBackTo(uint64_t round);
  // What of the log is kept.
  uint64_t OldestLogged() const;

  bool is_cramped = false;  // so that no round should be begun

  // Room for `bytes` more, and then for none.
  void Fill(uint64_t bytes);
  void Free() { files.room_bytes = std::numeric_limits<uint64_t>::max(); }
  bool is_full() const { return files.room_bytes < std::numeric_limits<uint64_t>::max(); }
  // Power fails.
  void Crash(SimRandom* random);
};

class SimStore : public RoundStore {
 public:
  // Told where we are. True: we were killed there.
  using Reaches = std::function<bool(KillPoint)>;
  // Errors: those of RoundLog::Open().
  static absl::StatusOr<std::unique_ptr<SimStore>> Open(SimDisk* disk, Reaches reaches);

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
  StoredRegrets newest_regrets() const override;
  absl::StatusOr<EncodedRows> ReadStoredRegrets(uint64_t round, uint32_t part) override;

  absl::Status Sync() { return log_->Sync(); }
  // Before a checkpoint of all rounds that are here, which must never be newer than the log.
  absl::Status PrepareCheckpoint();
  // Drops rounds that no kept checkpoint needs.
  absl::Status CutLog();
  uint64_t cut_bytes() const { return log_->cut_bytes(); }

 private:
  SimStore(SimDisk* disk, Reaches reaches, std::unique_ptr<RoundLog> log)
      : disk_(disk), reaches_(std::move(reaches)), log_(std::move(log)) {}

  SimDisk* const disk_;
  const Reaches reaches_;
  const std::unique_ptr<RoundLog> log_;
  bool is_appending_ = false;  // a round is half in the log
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_DISK_H_
