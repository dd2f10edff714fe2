#include "tools/background_checkpoint.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "common/status_macros.h"

namespace nash {
namespace {

// Training goes first: the writer takes what the training threads leave, and a tenth of a core
// where they leave nothing.
constexpr int kWriterNice = 10;

}  // namespace

BackgroundCheckpoint::~BackgroundCheckpoint() {
  if (thread_.joinable()) thread_.join();
}

absl::Status BackgroundCheckpoint::Start(const RunPosition& position, CheckpointKind kind) {
  ASSIGN_OR_RETURN(snapshot_, TableSnapshot::Take(table_, max_copy_bytes_));
  kind_ = kind;
  done_.store(false);
  thread_ = std::thread([this, position] {
    setpriority(PRIO_PROCESS, gettid(), kWriterNice);
    const auto start = std::chrono::steady_clock::now();
    WriteOptions options;
    options.run_folder = run_folder_;
    options.kind = kind_;
    result_ = WriteCheckpoint(
        options, position, table_.layout(),
        [this](NodeIndex node, absl::Span<int32_t> values) { snapshot_->Read(node, values); });
    if (!result_->ok()) snapshot_->Abandon();
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    done_.store(true, std::memory_order_release);
  });
  return absl::OkStatus();
}

std::optional<FinishedCheckpoint> BackgroundCheckpoint::TakeFinished() {
  if (!is_writing() || !done_.load(std::memory_order_acquire)) return std::nullopt;
  return Wait();
}

FinishedCheckpoint BackgroundCheckpoint::Wait() {
  thread_.join();
  FinishedCheckpoint finished = {kind_, *std::move(result_), seconds_, snapshot_->copied_bytes()};
  snapshot_.reset();
  return finished;
}

}  // namespace nash
