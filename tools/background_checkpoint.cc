#include "tools/background_checkpoint.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace nash {
namespace {

// Training goes first: after each of its turns the writer sleeps as long. A lower
// priority would do harm instead: a writer that is put aside while it holds a node's lock stops
// every thread that comes there (docs/benchmarks.md).
constexpr int kSleepPerWork = 1;
// Shorter turns are put together: a sleep costs more than they do.
constexpr std::chrono::microseconds kShortestTurn(500);

using Clock = std::chrono::steady_clock;

}  // namespace

BackgroundCheckpoint::~BackgroundCheckpoint() {
  hurries_.store(true);
  if (thread_.joinable()) thread_.join();
}

void BackgroundCheckpoint::Write(const RunPosition& position) {
  const Clock::time_point start = Clock::now();
  WriteOptions options;
  options.run_folder = run_folder_;
  options.kind = kind_;
  Clock::time_point turn = Clock::now();
  const auto read_node = [&](NodeIndex node, absl::Span<int32_t> values) {
    if (snapshot_ == nullptr) return table_.CopyOut(node, values);
    const Clock::duration worked = Clock::now() - turn;
    if (worked >= kShortestTurn && !hurries_.load(std::memory_order_relaxed)) {
      std::this_thread::sleep_for(std::min<Clock::duration>(worked, kShortestTurn * 20) *
                                  kSleepPerWork);
      turn = Clock::now();
    }
    snapshot_->Read(node, values);
  };
  result_ = WriteCheckpoint(options, position, table_.layout(), read_node);
  seconds_ = std::chrono::duration<double>(Clock::now() - start).count();
  done_.store(true, std::memory_order_release);
}

void BackgroundCheckpoint::Start(const RunPosition& position, CheckpointKind kind) {
  kind_ = kind;
  is_writing_ = true;
  done_.store(false);
  hurries_.store(false);
  if (snapshot_ == nullptr) return Write(position);
  snapshot_->Begin();
  thread_ = std::thread([this, position] { Write(position); });
}

std::optional<FinishedCheckpoint> BackgroundCheckpoint::TakeFinished() {
  if (!is_writing_ || !done_.load(std::memory_order_acquire)) return std::nullopt;
  return Wait();
}

FinishedCheckpoint BackgroundCheckpoint::Wait() {
  if (thread_.joinable()) {
    hurries_.store(true);  // nobody trains meanwhile
    thread_.join();
  }
  is_writing_ = false;
  return {kind_, *std::move(result_), seconds_, snapshot_ == nullptr ? 0 : snapshot_->saved_rows()};
}

}  // namespace nash
