// Who differs waits for a third worker for five seconds, since one that comes by itself costs this
// machine nothing; a lone worker's audit for one, since rounds wait for it.
// tests/tools/cluster_test.sh has a lone worker audited.
#include "tools/cluster/arbiter.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "common/available_memory.h"
#include "tools/stored/memory_plan.h"

namespace nash {
namespace {

constexpr std::chrono::seconds kDisputePatience(5);
constexpr std::chrono::seconds kAuditPatience(1);

LocalWorkers::Options OneOf(LocalWorkers::Options options) {
  options.count = 1;
  return options;
}

}  // namespace

Arbiter::Arbiter(ChannelContext* context, const LocalWorkers::Options& workers,
                 const LoadedRun& run, std::function<void(const std::string&)> say)
    : context_(context), options_(OneOf(workers)), run_(run), say_(std::move(say)) {}

uint64_t Arbiter::BytesNeeded() const {
  MemoryUse use;
  use.threads = options_.threads;
  use.is_coordinator = true;
  use.local_workers = 1;
  return PlanMemory(run_, use).worker_bytes;
}

bool Arbiter::HasRoom() {
  if (lacks_room_) return false;
  const uint64_t wanted = BytesNeeded();
  lacks_room_ = wanted > AvailableMemoryBytes();
  if (lacks_room_) {
    say_(absl::StrFormat(
        "warning: a round is to be audited, one worker alone is there, and this process has no "
        "memory to run its units (%.1f MB): such audits are waived",
        wanted / 1e6));
  }
  return !lacks_room_;
}

bool Arbiter::IsNeeded(const Coordinator& coordinator, Nanos now) {
  if (!coordinator.lacks_arbiter() && coordinator.MembersHeardOf() > 1) {
    lacks_one_since_.reset();
    return false;
  }
  if (!lacks_one_since_.has_value()) lacks_one_since_ = now;
  const Nanos waited = now - *lacks_one_since_;
  if (coordinator.lacks_arbiter()) return waited >= kDisputePatience;
  return coordinator.lacks_auditor() && waited >= kAuditPatience && HasRoom();
}

void Arbiter::Step(const Coordinator& coordinator, Nanos now) {
  if (worker_.has_value()) {
    if (coordinator.has_disputes() || coordinator.awaits_audits()) return;
    worker_->Stop();
    if (worker_->running() == 0) worker_.reset();
    return;
  }
  if (!IsNeeded(coordinator, now)) return;
  if (coordinator.has_disputes()) {
    say_("two results differ, and no other worker is there to decide: this process runs the unit");
  } else if (!std::exchange(has_told_of_audits_, true)) {
    say_(absl::StrFormat(
        "one worker alone is there: this process runs the units of audited rounds again, and takes "
        "up to %.1f MB more while it does",
        BytesNeeded() / 1e6));
  }
  worker_.emplace(context_, options_, run_);
}

void Arbiter::Stop() {
  if (worker_.has_value()) worker_->Stop();
}

}  // namespace nash
