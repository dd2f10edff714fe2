#include "tools/logged_table.h"

#include <chrono>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/coordinator/replay.h"
#include "solver/run/run_definition.h"

namespace nash {
namespace {

// A coordinator mostly waits: a checkpoint may take half of its time, in short turns.
constexpr double kCheckpointShareOfTime = 0.5;

}  // namespace

LoggedTable::LoggedTable(const LoopOptions& limits, const LoadedRun& run, ThreadPool* pool,
                         Table* table, const RunFolder& folder, RunReporter* reporter,
                         Progress* progress)
    : run_(run),
      shape_(run.definition().round),
      folder_(folder.path()),
      reporter_(reporter),
      progress_(progress),
      followed_(run.definition().algorithm, shape_, progress->rounds, table, pool),
      master_(run.definition().algorithm, shape_, &followed_),
      keeper_(run, limits.checkpoint_every_seconds, folder_, *table, limits.snapshot, pool,
              reporter) {
  keeper_.set_share_of_time(kCheckpointShareOfTime);
  keeper_.set_saved_rounds(progress->rounds);
  keeper_.set_hooks({.before = [this] { return BeginCheckpoint(); },
                     .after =
                         [this](uint64_t round) {
                           return store_->TakeCheckpoint(round, checkpoint_regret_hash_);
                         }});
}

absl::Status LoggedTable::Open() {
  RETURN_IF_ERROR(OpenStore());
  return ReplayLog();
}

absl::Status LoggedTable::OpenStore() {
  RunStore::Options options;
  options.run_folder = folder_;
  options.fingerprint = Fingerprint(run_.definition());
  options.layout = &run_.layout();
  options.checkpoint_round = progress_->rounds;
  options.checkpoint_regret_hash = followed_.regret_hash();
  options.deals_per_round = shape_.DealsPerRound();
  ASSIGN_OR_RETURN(store_, RunStore::Open(options));
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
  RETURN_IF_ERROR(store_->Sync());
  keeper_.Step();
  return absl::OkStatus();
}

absl::Status LoggedTable::Finish() {
  if (IsMeeting(shape_, progress_->rounds)) return keeper_.SaveLast(*progress_);
  // With lag a run cannot be taken up from a checkpoint of this round; the log has what there is.
  reporter_->Say(absl::StrFormat(
      "stopped after round %d: --resume goes on from round %d, where the lines last met",
      progress_->rounds, MeetingBefore(shape_, progress_->rounds)));
  return keeper_.FinishWriting();
}

}  // namespace nash
