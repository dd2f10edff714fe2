// Checkpoints are written by the threads that train, in turns:
//
//   batch | turn | batch | batch | turn | batch ...      a turn: some nodes copied, hashed, packed
//   credit   grows with the time that passes, by the share that a checkpoint may have;
//            a turn spends what it takes, later ones wait until there is credit again
//
// The credit is capped by the longest turn, so that a long batch is not followed by a long pause;
// below the shortest turn nothing is done, because waking the threads would cost more than the
// work.
//
// While it goes on, rows that are about to change are saved by those who change them (UndoLog), so
// that the file holds the table of the moment when it began. Without a log there is nobody to save
// them: all is written at once, and training waits. What it cost training is counted either way
// (pause_seconds). docs/measurements/checkpoints.md has the figures and what was tried before.
#include "tools/training/background_checkpoint.h"

#include <algorithm>
#include <utility>

namespace nash {
namespace {

// How long a turn may be at the least and at the most: longer than it takes to wake the threads,
// shorter than anybody notices.
constexpr double kShortestTurnSeconds = 200e-6;
constexpr double kLongestTurnSeconds = 0.02;

}  // namespace

void BackgroundCheckpoint::Start(const RunPosition& position, CheckpointKind kind) {
  kind_ = kind;
  started_ = last_step_ = Clock::now();
  credit_seconds_ = 0;
  WriteOptions options;
  options.run_folder = run_folder_;
  options.kind = kind;
  options.confirmed_round = confirmed_round_;
  if (log_ == nullptr) {
    writer_.emplace(
        options, position, table_.layout(),
        [this](NodeIndex node, absl::Span<int32_t> values) { table_.CopyOut(node, values); });
    result_ = writer_->Finish(pool_);
    pause_seconds_ += std::chrono::duration<double>(Clock::now() - started_).count();
    return;
  }
  log_->Begin();
  writer_.emplace(
      options, position, table_.layout(),
      [this](NodeIndex node, absl::Span<int32_t> values) { log_->Read(node, values); },
      [this](NodeIndex node) { return log_->Heat(node); });
}

void BackgroundCheckpoint::Step() {
  if (!writer_.has_value() || writer_->is_done() || result_.has_value()) return;
  // A turn ends between two nodes, later than it should: what it took is what counts.
  const auto now = Clock::now();
  const double since = std::chrono::duration<double>(now - last_step_).count();
  last_step_ = now;
  credit_seconds_ = std::min(credit_seconds_ + since * share_of_time_, kLongestTurnSeconds);
  if (credit_seconds_ < kShortestTurnSeconds) return;
  writer_->Step(credit_seconds_, pool_);
  last_step_ = Clock::now();
  const double seconds = std::chrono::duration<double>(last_step_ - now).count();
  credit_seconds_ -= seconds;
  pause_seconds_ += seconds;
}

std::optional<FinishedCheckpoint> BackgroundCheckpoint::TakeFinished() {
  if (!is_writing() || !(writer_->is_done() || result_.has_value())) return std::nullopt;
  return Wait();
}

FinishedCheckpoint BackgroundCheckpoint::Wait() {
  const auto start = Clock::now();
  if (!result_.has_value()) result_ = writer_->Finish(pool_);
  pause_seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  writer_.reset();
  FinishedCheckpoint finished = {kind_, *std::move(result_),
                                 std::chrono::duration<double>(Clock::now() - started_).count(),
                                 log_ == nullptr ? 0 : log_->saved_bytes()};
  result_.reset();
  return finished;
}

}  // namespace nash
