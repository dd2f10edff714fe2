#include "tests/sim/sim_disk.h"

#include <algorithm>
#include <utility>

#include "common/status_macros.h"

namespace nash {

const SimDisk::Checkpoint* SimDisk::NewestCheckpoint() const {
  for (size_t i = checkpoints.size(); i > 0; --i) {
    if (!checkpoints[i - 1].is_corrupt) return &checkpoints[i - 1];
  }
  return nullptr;
}

void SimDisk::CorruptNewestCheckpoint() {
  const size_t all = checkpoints.size();
  if (all >= kCheckpointsKept && !checkpoints[all - 2].is_corrupt) {
    checkpoints[all - 1].is_corrupt = true;
  }
}

void SimDisk::AddCheckpoint(Checkpoint checkpoint, uint64_t confirmed) {
  std::erase_if(checkpoints,
                [&](const Checkpoint& old) { return old.rounds >= checkpoint.rounds; });
  if (checkpoints.empty()) first_checkpoint = checkpoint.rounds;
  checkpoints.push_back(std::move(checkpoint));
  if (checkpoints.size() <= kCheckpointsKept) return;
  size_t needed = 0;
  for (size_t i = 0; i < checkpoints.size(); ++i) {
    if (checkpoints[i].rounds <= confirmed && !checkpoints[i].is_corrupt) needed = i;
  }
  size_t i = 0;
  const size_t recent = checkpoints.size() - kCheckpointsKept;
  std::erase_if(checkpoints, [&](const Checkpoint&) { return i++ < recent && i - 1 != needed; });
}

uint64_t SimDisk::OldestLogged() const {
  const size_t all = checkpoints.size();
  return all < kCheckpointsKept ? 0 : checkpoints[all - kCheckpointsKept].rounds;
}

uint64_t SimDisk::GoBackTo(uint64_t round) {
  const uint64_t logged = OldestLogged();
  if (logged > 0 && checkpoints.front().rounds > round) {
    round = first_checkpoint == checkpoints.front().rounds ? 0 : checkpoints.front().rounds;
  }
  std::erase_if(checkpoints, [round](const Checkpoint& old) { return old.rounds > round; });
  const uint64_t newest = checkpoints.empty() ? 0 : checkpoints.back().rounds;
  if (newest < logged) {  // the log does not go on from it
    files.files.clear();
    files.synced.clear();
    round = newest;
  }
  ++history;
  return round;
}

void SimDisk::Fill(uint64_t bytes) {
  files.room_bytes = bytes;
  for (const auto& [name, content] : files.files) files.room_bytes += content.size();
  files.leaves_half = true;
}

void SimDisk::Crash(SimRandom* random) {
  first_checkpoint.reset();
  for (auto file = files.files.begin(); file != files.files.end();) {
    std::string& written = file->second;
    const std::string& synced = files.synced[file->first];
    const size_t kept =
        std::mismatch(synced.begin(), synced.end(), written.begin(), written.end()).first -
        synced.begin();
    if (kept < synced.size() && random->Happens(0.5)) {
      written = synced;  // it was cut, and that had not reached the disk
    } else {
      written.resize(kept + random->Below(written.size() - kept + 1));
    }
    // What can be read after a crash has reached the disk.
    files.synced[file->first] = written;
    file = written.empty() ? files.files.erase(file) : std::next(file);
  }
}

absl::StatusOr<std::unique_ptr<SimStore>> SimStore::Open(SimDisk* disk, Reaches reaches) {
  // Where there is no log, its rounds were taken back.
  const uint64_t first = disk->checkpoints.empty() ? 0 : disk->checkpoints.back().rounds;
  ASSIGN_OR_RETURN(std::unique_ptr<RoundLog> log,
                   RoundLog::Open({&disk->files, kSimFingerprint, first}));
  return std::unique_ptr<SimStore>(new SimStore(disk, std::move(reaches), std::move(log)));
}

absl::Status SimStore::RoomForRound() {
  if (!disk_->is_cramped) return absl::OkStatus();
  return absl::ResourceExhaustedError("no room for a round and a checkpoint");
}

absl::Status SimStore::AppendPart(const MergedPart& part) {
  if (!is_appending_ && reaches_(KillPoint::kBeforeAppend)) return absl::AbortedError("killed");
  is_appending_ = true;
  RETURN_IF_ERROR(log_->AppendPart(part.regrets, part.sums));
  if (reaches_(KillPoint::kAmidAppend)) return absl::AbortedError("killed");
  return absl::OkStatus();
}

absl::Status SimStore::EndRound(const RoundRecord& record) {
  RETURN_IF_ERROR(log_->EndRound({record.touches, /*iterations=*/0, record.regret_hash}));
  is_appending_ = false;
  reaches_(KillPoint::kAfterAppend);
  return absl::OkStatus();
}

RoundRecord SimStore::Record(uint64_t round) const {
  const RoundTotals& totals = log_->TotalsOf(round);
  return {round, log_->PartsOf(round), totals.regret_hash, totals.touches};
}

absl::StatusOr<EncodedRows> SimStore::ReadRegrets(uint64_t round, uint32_t part) {
  return log_->ReadPart(round, part, /*lane=*/0);
}

absl::StatusOr<MergedPart> SimStore::ReadPart(uint64_t round, uint32_t part) {
  MergedPart rows;
  ASSIGN_OR_RETURN(rows.regrets, log_->ReadPart(round, part, /*lane=*/0));
  ASSIGN_OR_RETURN(rows.sums, log_->ReadPart(round, part, /*lane=*/1));
  return rows;
}

StoredRegrets SimStore::newest_regrets() const {
  const SimDisk::Checkpoint* newest = disk_->NewestCheckpoint();
  if (newest == nullptr) return {};
  return {newest->rounds, static_cast<uint32_t>(newest->parts.size()), newest->regret_hash};
}

absl::StatusOr<EncodedRows> SimStore::ReadStoredRegrets(uint64_t round, uint32_t part) {
  for (const SimDisk::Checkpoint& checkpoint : disk_->checkpoints) {
    if (checkpoint.rounds == round && !checkpoint.is_corrupt && part < checkpoint.parts.size()) {
      return checkpoint.parts[part];
    }
  }
  return absl::NotFoundError("no such regrets");
}

absl::Status SimStore::PrepareCheckpoint() {
  RETURN_IF_ERROR(Sync());
  log_->RollSegment();
  return absl::OkStatus();
}

absl::Status SimStore::CutLog() {
  return log_->DropBelow(std::min(disk_->OldestLogged(), end_round() - 1));
}

}  // namespace nash
