//   rounds merged --> log (synced) --> checkpoint when due --> the log before the older one goes
//                                  |-> disk full: a checkpoint of now, then drop what is before it
//
// The log is what is never given up: a round counts when the log has it, and a checkpoint is only a
// shorter way to say the same. So a coordinator may start from any checkpoint that the log reaches
// back to. At the start the log's end is cut to the last meeting and replayed; snapshots that were
// due on the way are written again then, since their moment comes by once more.
// tests/tools/cluster_disk_test.sh fills the disk.
#include "tools/cluster/logged_table.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/coordinator/replay.h"
#include "solver/coordinator/taken_back.h"
#include "solver/run/run_definition.h"
#include "tools/cluster/timed_rounds.h"
#include "tools/program/build_progress.h"

namespace nash {
namespace {

// A log that is read within so many seconds is not told of.
constexpr double kQuietSeconds = 2;
constexpr uint64_t kSilentBytesMax = uint64_t{512} << 20;

// Of all files of a folder; those that cannot be read are told of by whoever opens them.
uint64_t BytesIn(const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> names = ListFolder(folder);
  uint64_t bytes = 0;
  for (const std::string& name : names.ok() ? *names : std::vector<std::string>()) {
    bytes += FileBytes(JoinPath(folder, name)).value_or(0);
  }
  return bytes;
}

// A coordinator mostly waits: a checkpoint may take half of its time, in short turns.
constexpr double kCheckpointShareOfTime = 0.5;
// What the log may take where nobody says it: some tables, so that checkpoints cost little beside
// it, and not so little that those of a small table are written all the time.
constexpr uint64_t kLogTables = 4;
constexpr uint64_t kLogBytesMin = uint64_t{256} << 20;
// The log's rate is told when rounds have come for so long.
constexpr double kRateSeconds = 10;

uint64_t LogBytesMax(const LoopOptions& limits, const TableLayout& layout) {
  if (limits.round_log_bytes_max > 0) return limits.round_log_bytes_max;
  return std::max(kLogTables * layout.num_values() * sizeof(int32_t), kLogBytesMin);
}

}  // namespace

LoggedTable::LoggedTable(const LoopOptions& limits, const LoadedRun& run, ThreadPool* pool,
                         Table* table, const RunFolder& folder, RunReporter* reporter,
                         Progress* progress)
    : run_(run),
      shape_(run.definition().round),
      folder_(folder.path()),
      log_bytes_max_(LogBytesMax(limits, run.layout())),
      checkpoint_every_seconds_(limits.checkpoint_every_seconds),
      reporter_(reporter),
      progress_(progress),
      followed_({run.definition().algorithm, shape_, run.definition().seed, table, nullptr, pool},
                progress->rounds),
      master_(run.definition().algorithm, shape_, &followed_),
      keeper_(run, limits.checkpoint_every_seconds, folder_, *table, limits.checkpoint_log, pool,
              reporter) {
  keeper_.set_share_of_time(kCheckpointShareOfTime);
  keeper_.set_saved_rounds(progress->rounds);
  keeper_.set_hooks({.before = [this] { return BeginCheckpoint(); },
                     .after =
                         [this](uint64_t round) {
                           return store_->TakeCheckpoint(round, checkpoint_regret_hash_);
                         },
                     .is_due = [this] { return store_->IsCheckpointDue(); }});
}

absl::Status LoggedTable::Open() {
  RETURN_IF_ERROR(OpenStore());
  RETURN_IF_ERROR(ReplayLog());
  TellRoom();
  return absl::OkStatus();
}

absl::Status LoggedTable::OpenStore() {
  // Seconds a gigabyte, in which nothing else is said.
  const uint64_t log_bytes = BytesIn(JoinPath(folder_, "rounds"));
  if (log_bytes > kSilentBytesMax) {
    reporter_->Say(absl::StrFormat("reading the round log: %.1f GB", log_bytes / 1e9));
  }
  RunStore::Options options;
  options.run_folder = folder_;
  options.fingerprint = Fingerprint(run_.definition());
  options.layout = &run_.layout();
  options.checkpoint_round = progress_->rounds;
  options.checkpoint_regret_hash = followed_.regret_hash();
  options.deals_per_round = shape_.DealsPerRound();
  options.log_bytes_max = log_bytes_max_;
  options.rounds_per_checkpoint_min = shape_.meet_every;
  ASSIGN_OR_RETURN(options.back_to, RoundToTakeBack(folder_));
  BuildProgressPrinter printer(kQuietSeconds);
  options.progress = [&](const StageProgress& progress) { printer.Print(progress); };
  ASSIGN_OR_RETURN(store_, RunStore::Open(options));
  printer.EndLine();
  if (store_->cut_bytes() > 0) {
    reporter_->Say(absl::StrFormat("round log: %d bytes of a round that was not finished were cut",
                                   store_->cut_bytes()));
  }
  const uint64_t logged = store_->end_round();
  RETURN_IF_ERROR(CutToMeeting(shape_, store_.get()));
  if (store_->end_round() < logged) {
    reporter_->Say(absl::StrFormat("rounds %d to %d are run again: the lines last met before them",
                                   store_->end_round(), logged - 1));
  }
  return absl::OkStatus();
}

absl::Status LoggedTable::ReplayLog() {
  const auto start = std::chrono::steady_clock::now();
  const uint64_t first = progress_->rounds;
  // A snapshot that was due may have been lost with the coordinator: its moment comes again.
  RETURN_IF_ERROR(Replay(store_.get(), &master_, [this](uint64_t round) -> absl::Status {
    RETURN_IF_ERROR(TakeRound(round));
    return keeper_.FinishWriting();
  }));
  if (progress_->rounds > first) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    reporter_->Say(absl::StrFormat("replayed rounds %d to %d of the round log in %.1f s", first,
                                   progress_->rounds - 1, seconds.count()));
  }
  return absl::OkStatus();
}

absl::Status LoggedTable::TakeRound(uint64_t round) {
  progress_->touches += store_->Record(round).touches;
  progress_->rounds = round + 1;
  progress_->iterations = progress_->rounds * shape_.DealsPerRound();
  return keeper_.EndRound(*progress_, reporter_->Seconds());
}

absl::Status LoggedTable::TakeRounds(uint64_t rounds) {
  while (progress_->rounds < rounds) RETURN_IF_ERROR(TakeRound(progress_->rounds));
  return absl::OkStatus();
}

absl::Status LoggedTable::BeginCheckpoint() {
  checkpoint_regret_hash_ = followed_.regret_hash();
  return store_->PrepareCheckpoint();
}

absl::Status LoggedTable::Step() {
  {
    const SecondsAdded timer(&sync_seconds_);
    RETURN_IF_ERROR(store_->Sync());
  }
  keeper_.Step();
  if (!has_told_rate_) TellRate();
  return store_->is_short_of_room() ? MakeRoom() : absl::OkStatus();
}

void LoggedTable::TellRoom() {
  const double checkpoint_bytes = run_.layout().num_values() * sizeof(int32_t);
  const uint64_t log_bytes = store_->log_bytes();
  std::string line = absl::StrFormat(
      "disk: checkpoints %.1f MB (up to 4), round log about %.1f MB at the most (--round_log_gb)",
      checkpoint_bytes / 1e6, log_bytes_max_ / 1e6);
  const absl::StatusOr<uint64_t> free_bytes = FreeDiskBytes(folder_);
  if (free_bytes.ok()) absl::StrAppendFormat(&line, "; %.1f MB are free", *free_bytes / 1e6);
  reporter_->Say(line);
  if (free_bytes.ok() && *free_bytes + log_bytes < 4 * checkpoint_bytes + log_bytes_max_) {
    reporter_->Say(
        "warning: the disk has less: checkpoints are written more often, to keep the round log "
        "smaller");
  }
}

void LoggedTable::TellRate() {
  const double now = reporter_->Seconds();
  const uint64_t bytes = store_->appended_bytes();
  if (bytes == 0) return;
  if (!first_round_seconds_.has_value()) {
    first_round_seconds_ = now;
    first_round_bytes_ = bytes;
  }
  const double seconds = now - *first_round_seconds_;
  if (seconds < kRateSeconds || bytes == first_round_bytes_) return;
  has_told_rate_ = true;
  const double rate = (bytes - first_round_bytes_) / seconds;
  reporter_->Say(absl::StrFormat(
      "round log: %.2f GB an hour; a checkpoint about every %.0f s keeps it small",
      rate * 3600 / 1e9, std::min(checkpoint_every_seconds_, log_bytes_max_ / 2 / rate)));
}

// The disk is full. A checkpoint of where the run is makes most of the log superfluous, and room
// for it was kept; what is older than the newest checkpoint is needed only if that one is damaged.
absl::Status LoggedTable::MakeRoom() {
  ASSIGN_OR_RETURN(const bool is_writing, keeper_.CatchUp(*progress_, reporter_->Seconds()));
  if (is_writing) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint64_t bytes, store_->DropToNewestCheckpoint());
  if (bytes > 0) {
    reporter_->Say(absl::StrFormat(
        "for want of room %.1f MB of the round log are gone, older than the newest checkpoint",
        bytes / 1e6));
  }
  return absl::OkStatus();
}

absl::Status LoggedTable::Finish() {
  if (IsMeeting(shape_, progress_->rounds)) {
    const absl::Status saved = keeper_.SaveLast(*progress_);
    if (!absl::IsResourceExhausted(saved)) return saved;
    return absl::ResourceExhaustedError(
        absl::StrCat(saved.message(), "; all rounds are in the round log: --resume goes on there"));
  }
  // With lag a run cannot be taken up from a checkpoint of this round; the log has what there is.
  reporter_->Say(absl::StrFormat(
      "stopped after round %d: --resume goes on from round %d, where the lines last met",
      progress_->rounds, MeetingBefore(shape_, progress_->rounds)));
  return keeper_.FinishWriting();
}

}  // namespace nash
