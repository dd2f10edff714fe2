// The log and the checkpoints are one history: a round stays in the log until two checkpoints are
// newer.
//
//   rounds       ... 40  41  42  43  44  45     log: from the oldest checkpoint that is kept
//   checkpoints      ^           ^              fewer than two: the log begins with round 0
//
// So a newest checkpoint that turns out to be damaged costs a replay, not a run. Before a round is
// stored, RoomForRound() looks whether the next rounds and a checkpoint have room (log_room.h):
// training pauses before a round is half written. DropToNewestCheckpoint() gives the replay up for
// room. Workers that join are sent parts of the newest checkpoint's file: no copy of the regrets is
// held for them. tests/coordinator/run_store_test.cc
#include "solver/coordinator/run_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/cfr/delta_packer.h"
#include "solver/checkpoint/checkpoint_folder.h"

namespace nash {

absl::StatusOr<uint64_t> LastGeneration(const std::string& run_folder) {
  const std::string path = JoinPath(run_folder, "generation");
  uint64_t generation = 0;
  if (!FileExists(path)) return generation;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  if (!absl::SimpleAtoi(absl::StripSuffix(text, "\n"), &generation)) {
    return absl::DataLossError(
        absl::StrCat(path,
                     ": holds no number; write into it one that is higher than any "
                     "\"generation\" that the coordinators of this run have printed"));
  }
  return generation;
}

absl::StatusOr<uint64_t> NextGeneration(const std::string& run_folder) {
  ASSIGN_OR_RETURN(const uint64_t last, LastGeneration(run_folder));
  const uint64_t generation = last + 1;
  RETURN_IF_ERROR(
      WriteFileAtomically(JoinPath(run_folder, "generation"), absl::StrCat(generation, "\n")));
  return generation;
}

RunStore::RunStore(const Options& options, std::unique_ptr<LogFiles> files)
    : options_(options),
      limits_{options.log_bytes_max, options.layout->num_values() * sizeof(int32_t)},
      files_(std::move(files)) {}

absl::StatusOr<std::unique_ptr<RunStore>> RunStore::Open(const Options& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<LogFiles> files,
                   OpenLogFolder(JoinPath(options.run_folder, "rounds")));
  std::unique_ptr<RunStore> store(new RunStore(options, std::move(files)));
  RETURN_IF_ERROR(store->OpenLog());
  // A run that one process has trained further than the log goes, and that a cluster goes on with.
  if (store->log_->rounds() < options.checkpoint_round) {
    RETURN_IF_ERROR(store->log_->DropBelow(options.checkpoint_round));
  }
  store->newest_regrets_.round = options.checkpoint_round;
  store->newest_regrets_.regret_hash = options.checkpoint_regret_hash;
  store->newest_regrets_.parts =
      options.checkpoint_round == 0 ? 0 : CheckpointRegrets::PartsOf(*options.layout);
  for (uint64_t round = store->first_round(); round < store->end_round(); ++round) {
    store->large_round_bytes_ = std::max(store->large_round_bytes_, store->log_->BytesOf(round));
  }
  return store;
}

absl::Status RunStore::OpenLog() {
  const RoundLog::Options open = {files_.get(), options_.fingerprint, options_.checkpoint_round,
                                  options_.progress};
  ASSIGN_OR_RETURN(log_, RoundLog::Open(open));
  if (!options_.back_to.has_value()) return absl::OkStatus();
  if (log_->first_round() <= options_.checkpoint_round) {
    return log_->CutTo(std::max(*options_.back_to, log_->first_round()));
  }
  // It does not go on from the checkpoint that there is. The newest files first: what a crash
  // leaves has no gap, and is taken back at the next start.
  log_.reset();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->List());
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    RETURN_IF_ERROR(files_->Remove(*name));
  }
  ASSIGN_OR_RETURN(log_, RoundLog::Open(open));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> RunStore::WayBackTo(uint64_t round) const {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> kept, ListRounds(options_.run_folder));
  if (kept.empty() || kept.back() <= round || log_->first_round() == 0) return round;
  return first_checkpoint_ == kept.back() ? 0 : kept.back();
}

LogUse RunStore::Use() const {
  // A disk that does not say what it has is found to be full when it is.
  constexpr uint64_t kPlenty = uint64_t{1} << 60;
  LogUse use;
  use.free_bytes = FreeDiskBytes(options_.run_folder).value_or(kPlenty);
  use.log_bytes = log_->bytes();
  use.new_bytes = log_->BytesFrom(newest_regrets_.round);
  use.round_bytes = large_round_bytes_;
  const uint64_t stretch = options_.rounds_per_checkpoint_min;
  use.rounds_ahead = stretch - log_->rounds() % stretch;
  return use;
}

absl::Status RunStore::Noted(const absl::Status& status) {
  is_short_of_room_ = absl::IsResourceExhausted(status);
  return status;
}

absl::Status RunStore::RoomForRound() {
  const LogUse use = Use();
  if (HasRoom(limits_, use)) return Noted(absl::OkStatus());
  return Noted(absl::ResourceExhaustedError(absl::StrFormat(
      "%s: %.1f MB are free, and the next rounds and a checkpoint need %.1f MB; free space there",
      options_.run_folder, use.free_bytes / 1e6, RoomNeeded(limits_, use) / 1e6)));
}

bool RunStore::IsCheckpointDue() const { return nash::IsCheckpointDue(limits_, Use()); }

absl::StatusOr<uint64_t> RunStore::DropToNewestCheckpoint() {
  const uint64_t before = log_->bytes();
  if (log_->rounds() > 0) {
    RETURN_IF_ERROR(log_->DropBelow(std::min(newest_regrets_.round, log_->rounds() - 1)));
  }
  return before - log_->bytes();
}

absl::Status RunStore::AppendPart(const MergedPart& part) {
  is_appending_ = true;
  return Noted(log_->AppendPart(part.regrets, part.sums));
}

absl::Status RunStore::EndRound(const RoundRecord& record) {
  RoundTotals totals;
  totals.touches = record.touches;
  totals.iterations = options_.deals_per_round;
  totals.regret_hash = record.regret_hash;
  RETURN_IF_ERROR(Noted(log_->EndRound(totals)));
  is_appending_ = false;
  const uint64_t bytes = log_->BytesOf(record.round);
  large_round_bytes_ = std::max(large_round_bytes_, bytes);
  appended_bytes_ += bytes;
  return absl::OkStatus();
}

RoundRecord RunStore::Record(uint64_t round) const {
  const RoundTotals& totals = log_->TotalsOf(round);
  return {round, log_->PartsOf(round), totals.regret_hash, totals.touches};
}

absl::StatusOr<EncodedRows> RunStore::ReadRegrets(uint64_t round, uint32_t part) {
  return log_->ReadPart(round, part, kRegretLane);
}

absl::StatusOr<MergedPart> RunStore::ReadPart(uint64_t round, uint32_t part) {
  MergedPart rows;
  ASSIGN_OR_RETURN(rows.regrets, log_->ReadPart(round, part, kRegretLane));
  ASSIGN_OR_RETURN(rows.sums, log_->ReadPart(round, part, kSumLane));
  return rows;
}

absl::StatusOr<EncodedRows> RunStore::ReadStoredRegrets(uint64_t round, uint32_t part) {
  auto found = open_regrets_.find(round);
  if (found == open_regrets_.end()) {
    ASSIGN_OR_RETURN(
        CheckpointRegrets regrets,
        CheckpointRegrets::Open(CheckpointPath(options_.run_folder, round), *options_.layout));
    found = open_regrets_.emplace(round, std::move(regrets)).first;
  }
  return found->second.Read(part);
}

absl::Status RunStore::Sync() {
  return log_->durable_rounds() < log_->rounds() ? log_->Sync() : absl::OkStatus();
}

absl::Status RunStore::PrepareCheckpoint() {
  if (is_appending_) {
    return absl::ResourceExhaustedError(
        "a round is half in the round log, for want of room on the disk");
  }
  RETURN_IF_ERROR(Sync());
  log_->RollSegment();
  return absl::OkStatus();
}

absl::Status RunStore::TakeCheckpoint(uint64_t round, uint64_t regret_hash) {
  newest_regrets_ = {round, CheckpointRegrets::PartsOf(*options_.layout), regret_hash};
  ASSIGN_OR_RETURN(std::vector<uint64_t> kept, ListRounds(options_.run_folder));
  std::erase_if(kept, [round](uint64_t other) { return other > round; });
  if (kept.size() == 1 && options_.checkpoint_round == 0 && !first_checkpoint_.has_value()) {
    first_checkpoint_ = round;
  }
  // One that is damaged falls back to the one before it, and the log since; the first has none. An
  // older one may be kept, to go back to without the log.
  const uint64_t oldest = kept.size() < 2 ? 0 : kept[1];
  for (auto it = open_regrets_.begin(); it != open_regrets_.end();) {
    it = it->first < oldest ? open_regrets_.erase(it) : std::next(it);
  }
  // The newest round stays: workers that have just come to it ask what it was.
  if (log_->rounds() == 0) return absl::OkStatus();
  return log_->DropBelow(std::min(oldest, log_->rounds() - 1));
}

}  // namespace nash
