// The disk of a simulated coordinator, and the store on it.
//
// What is written is volatile until a sync has finished; a crash keeps any beginning of what was
// not synced. The disk outlives the coordinators that use it; a store does not outlive its
// coordinator.
#ifndef NASHVILLE_TESTS_SIM_SIM_DISK_H_
#define NASHVILLE_TESTS_SIM_SIM_DISK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "solver/coordinator/round_store.h"
#include "tests/sim/engine.h"
#include "tests/sim/sim_random.h"

namespace nash {

// Where a coordinator can be killed besides between two events.
enum class KillPoint {
  kNone,
  kBeforeAppend,    // the round is merged, nothing is written
  kAfterAppend,     // written, not synced, nobody was told
  kAfterSync,       // durable, nobody was told
  kAfterAdd,        // a part was added to the table, not acknowledged
  kDuringReplay,    // the generation is raised, the log half read
  kBeforeManifest,  // of a checkpoint: its parts are there, it is not
  kAfterManifest,   // the checkpoint is there, the log not cut
};

struct SimDisk {
  struct LoggedRound {
    RoundRecord record;
    std::vector<MergedPart> parts;
  };
  struct Checkpoint {
    uint64_t rounds = 0;
    std::string table;
    std::vector<EncodedRows> parts;
    uint64_t regret_hash = 0;
    bool is_corrupt = false;
  };
  // The newest are kept.
  static constexpr size_t kCheckpointsKept = 2;

  uint64_t generation = 0;
  uint64_t first_round = 0;
  std::vector<LoggedRound> log;
  uint64_t durable_rounds = 0;
  std::vector<Checkpoint> checkpoints;  // oldest first; before the first, the table of zeros
  bool is_full = false;

  uint64_t end_round() const { return first_round + log.size(); }
  const Checkpoint* NewestCheckpoint() const {
    for (size_t i = checkpoints.size(); i > 0; --i) {
      if (!checkpoints[i - 1].is_corrupt) return &checkpoints[i - 1];
    }
    return nullptr;
  }
  // Power fails.
  void Crash(SimRandom* random) {
    const uint64_t unsynced = end_round() - durable_rounds;
    log.resize(log.size() - random->Below(unsynced + 1));
    durable_rounds = end_round();  // what can be read after a crash has reached the disk
  }
  // Only with an older one that is good, since the log is cut below that.
  void CorruptNewestCheckpoint() {
    if (checkpoints.size() == kCheckpointsKept && !checkpoints[0].is_corrupt) {
      checkpoints[1].is_corrupt = true;
    }
  }
  void AddCheckpoint(Checkpoint checkpoint) {
    checkpoints.push_back(std::move(checkpoint));
    if (checkpoints.size() > kCheckpointsKept) checkpoints.erase(checkpoints.begin());
  }
  void CutLog() {
    if (checkpoints.size() < kCheckpointsKept) return;
    const uint64_t rounds = checkpoints[0].rounds;
    log.erase(log.begin(), log.begin() + static_cast<int64_t>(rounds - first_round));
    first_round = rounds;
  }
};

class SimStore : public RoundStore {
 public:
  // reaches: told where we are; true: we were killed there.
  SimStore(SimDisk* disk, std::function<bool(KillPoint)> reaches)
      : disk_(disk), reaches_(std::move(reaches)) {}

  absl::Status Append(const RoundRecord& record, const std::vector<MergedPart>& parts) override {
    if (disk_->is_full) return absl::ResourceExhaustedError("round log: no space left");
    if (reaches_(KillPoint::kBeforeAppend)) return absl::AbortedError("killed");
    disk_->log.push_back({record, parts});
    reaches_(KillPoint::kAfterAppend);
    return absl::OkStatus();
  }
  uint64_t first_round() const override { return disk_->first_round; }
  uint64_t end_round() const override { return disk_->end_round(); }
  uint64_t durable_rounds() const override { return disk_->durable_rounds; }
  RoundRecord Record(uint64_t round) const override { return At(round).record; }
  absl::StatusOr<EncodedRows> ReadRegrets(uint64_t round, uint32_t part) override {
    return At(round).parts.at(part).regrets;
  }
  absl::StatusOr<MergedPart> ReadPart(uint64_t round, uint32_t part) override {
    return At(round).parts.at(part);
  }
  StoredSnapshot newest_snapshot() const override {
    const SimDisk::Checkpoint* newest = disk_->NewestCheckpoint();
    if (newest == nullptr) return {};
    return {newest->rounds, static_cast<uint32_t>(newest->parts.size()), newest->regret_hash};
  }
  absl::StatusOr<EncodedRows> ReadSnapshot(uint64_t round, uint32_t part) override {
    for (const SimDisk::Checkpoint& checkpoint : disk_->checkpoints) {
      if (checkpoint.rounds == round && !checkpoint.is_corrupt && part < checkpoint.parts.size()) {
        return checkpoint.parts[part];
      }
    }
    return absl::NotFoundError("no such snapshot");
  }

 private:
  const SimDisk::LoggedRound& At(uint64_t round) const {
    return disk_->log.at(round - disk_->first_round);
  }
  SimDisk* disk_;
  std::function<bool(KillPoint)> reaches_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_DISK_H_
