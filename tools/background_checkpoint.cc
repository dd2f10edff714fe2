#include "tools/background_checkpoint.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace nash {
namespace {

// Training goes first: the writer takes what the training threads leave, and little more than
// nothing where they leave nothing (docs/benchmarks.md).
constexpr int kWriterNice = 19;

}  // namespace

BackgroundCheckpoint::~BackgroundCheckpoint() {
  if (thread_.joinable()) thread_.join();
}

void BackgroundCheckpoint::Write(const RunPosition& position) {
  const auto start = std::chrono::steady_clock::now();
  WriteOptions options;
  options.run_folder = run_folder_;
  options.kind = kind_;
  const bool copies = snapshot_ != nullptr;
  result_ = WriteCheckpoint(options, position, table_.layout(),
                            [&](NodeIndex node, absl::Span<int32_t> values) {
                              copies ? snapshot_->Read(node, values) : table_.CopyOut(node, values);
                            });
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  done_.store(true, std::memory_order_release);
}

void BackgroundCheckpoint::Start(const RunPosition& position, CheckpointKind kind) {
  kind_ = kind;
  is_writing_ = true;
  done_.store(false);
  if (snapshot_ == nullptr) return Write(position);
  snapshot_->Begin();
  thread_ = std::thread([this, position] {
    setpriority(PRIO_PROCESS, gettid(), kWriterNice);
    Write(position);
  });
}

std::optional<FinishedCheckpoint> BackgroundCheckpoint::TakeFinished() {
  if (!is_writing_ || !done_.load(std::memory_order_acquire)) return std::nullopt;
  return Wait();
}

FinishedCheckpoint BackgroundCheckpoint::Wait() {
  if (thread_.joinable()) {
    thread_.join();
    snapshot_->End();
  }
  is_writing_ = false;
  return {kind_, *std::move(result_), seconds_, snapshot_ == nullptr ? 0 : snapshot_->saved_rows()};
}

}  // namespace nash
