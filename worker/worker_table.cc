// The part of the worker that makes its table and keeps up with the master's.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "solver/cfr/lines.h"
#include "worker/worker.h"

namespace nash {

void Worker::GoOnWith(const Welcome& welcome) {
  const Snapshot snapshot{welcome.snapshot_round, welcome.snapshot_parts};
  switch (table_) {
    case TableState::kNone:
      if (!welcome_) welcome_ = welcome;
      return;
    case TableState::kLoading:
      Load(snapshot);
      return;
    case TableState::kBetween:
      // The same parts will be merged again some day, but until then no unit can run here.
      if (rounds_ >= welcome.rounds) Load(snapshot);
      return;
    case TableState::kComplete:
      if (rounds_ > welcome.rounds) {
        Load(snapshot);
      } else if (merged_ && rounds_ == welcome.rounds) {
        merged_.reset();
        fetch_.reset();
        parts_.clear();
      }
      return;
    case TableState::kDiverged:
      return;  // Reload comes in answer to what we say of it
  }
}

void Worker::Load(const Snapshot& snapshot) {
  if (table_ == TableState::kNone) return;
  if (table_ == TableState::kLoading && into_.round == snapshot.round) return;
  table_ = TableState::kLoading;
  into_ = snapshot;
  must_clear_ = true;
  merged_.reset();
  asked_ahead_.reset();
  parts_.clear();
  fetch_.emplace(snapshot.parts, options_.window_parts, &fetch_patience_);
}

void Worker::ProceedWithBuckets() {
  while (table_ == TableState::kNone && welcome_) {
    if (buckets_) {
      if (!fetch_->done()) return;
      const absl::Status finished = replica_->FinishBuckets(*std::exchange(buckets_, {}));
      if (!finished.ok()) return GiveUp(finished);
    }
    for (const BucketFileName& name : welcome_->buckets) {
      if (!buckets_ && !replica_->HasBuckets(name)) buckets_ = name;
    }
    if (buckets_) {
      const uint64_t parts = (buckets_->bytes + kBucketPartBytes - 1) / kBucketPartBytes;
      fetch_.emplace(static_cast<uint32_t>(parts), options_.window_parts, &fetch_patience_);
      continue;
    }
    const absl::Status prepared = replica_->Prepare(welcome_->definition);
    if (!prepared.ok()) return GiveUp(prepared);
    shape_ = replica_->shape();
    table_ = TableState::kDiverged;  // until something is loaded
    Load({welcome_->snapshot_round, welcome_->snapshot_parts});
    welcome_.reset();
  }
}

void Worker::Handle(const BucketPart& part) {
  if (!buckets_ || part.content_hash != buckets_->content_hash ||
      part.offset % kBucketPartBytes != 0 || part.offset / kBucketPartBytes > UINT32_MAX) {
    return;
  }
  const uint32_t number = static_cast<uint32_t>(part.offset / kBucketPartBytes);
  if (!fetch_->IsOpen(number)) return;
  const absl::Status written = replica_->WriteBuckets(*buckets_, part.offset, part.bytes);
  if (!written.ok()) return GiveUp(written);
  fetch_->Confirm(number, now_);
}

void Worker::ProceedWithSnapshot() {
  if (table_ != TableState::kLoading) return;
  if (must_clear_) replica_->Clear(into_.round);
  must_clear_ = false;
  if (!fetch_->done()) return;
  fetch_.reset();
  ++counters_.snapshots_loaded;
  table_ = TableState::kComplete;
  rounds_ = into_.round;
  hash_ = replica_->regret_hash();
  AskAheadOrFollow();
}

void Worker::Handle(const SnapshotPart& part) {
  if (table_ != TableState::kLoading || running_ || must_clear_ || part.round != into_.round ||
      !fetch_->IsOpen(part.part)) {
    return;
  }
  PutAside(part.part, part.rows);
}

void Worker::Handle(const RoundMerged& merged) {
  coordinator_rounds_ = std::max(coordinator_rounds_, merged.rounds);
  outbox_.ForgetBelow(BaseOf(shape_, merged.durable_rounds));
  if (table_ == TableState::kComplete && merged.round == rounds_ && !merged_) merged_ = merged;
}

void Worker::ProceedWithRound() {
  if (!FetchesRounds() || !merged_) return;
  if (!fetch_) {
    fetch_.emplace(merged_->parts, options_.window_parts, &fetch_patience_);
    // The first parts have been asked for and follow.
    if (asked_ahead_ && now_ - *asked_ahead_ < fetch_patience_.value()) fetch_->Due(now_);
    asked_ahead_.reset();
  }
  if (!fetch_->done()) return;
  fetch_.reset();
  parts_.clear();
  replica_->EndRound();
  ++rounds_;
  ++counters_.rounds_followed;
  hash_ = replica_->regret_hash();
  const bool is_equal = hash_ == merged_->regret_hash;
  merged_.reset();
  if (is_equal) {
    table_ = TableState::kComplete;
    AskAheadOrFollow();
  } else {
    table_ = TableState::kDiverged;
    ++counters_.divergences;
    SendFollowing();
  }
}

void Worker::Handle(const RoundPart& part) {
  if (!FetchesRounds() || running_ || starting_ || part.round != rounds_) return;
  // Parts that were asked for ahead may overtake their RoundMerged.
  const bool is_wanted = merged_ && fetch_ ? fetch_->IsOpen(part.part)
                                           : asked_ahead_ && part.part < options_.window_parts;
  if (is_wanted) PutAside(part.part, part.rows);
}

void Worker::PutAside(uint32_t part, const EncodedRows& rows) { parts_.emplace(part, rows); }

// What was put aside, on all threads.
void Worker::ApplyParts() {
  if (parts_.empty() || (FetchesRounds() && !(merged_ && fetch_))) return;
  const std::map<uint32_t, EncodedRows> parts = std::exchange(parts_, {});
  if (running_ || starting_ || !fetch_)
    return;  // a unit was leased meanwhile; they are asked for again
  std::vector<std::pair<uint32_t, const EncodedRows*>> work;
  for (const auto& [part, rows] : parts) {
    if (fetch_->IsOpen(part)) work.emplace_back(part, &rows);
  }
  std::vector<uint8_t> is_applied(work.size());
  replica_->ForEach(work.size(), [&](size_t i) {
    const EncodedRows& rows = *work[i].second;
    is_applied[i] =
        (table_ == TableState::kLoading ? replica_->LoadSnapshot(rows) : replica_->Apply(rows))
            .ok();
  });
  for (size_t i = 0; i < work.size(); ++i) {
    if (is_applied[i]) {
      fetch_->Confirm(work[i].first, now_);
    } else {
      ++counters_.parts_refused;  // it is asked for again
    }
  }
  const bool any = std::count(is_applied.begin(), is_applied.end(), 1) > 0;
  if (any && table_ == TableState::kComplete) table_ = TableState::kBetween;
}

// Where no unit can start from this table any more, the next round is asked for at once: what it
// holds comes with its RoundMerged.
void Worker::AskAheadOrFollow() {
  if (BaseOf(shape_, coordinator_rounds_) <= rounds_) return SendFollowing();
  Send(FetchRound{rounds_, 0, options_.window_parts});
  asked_ahead_ = following_sent_ = now_;
}

void Worker::SendFetches() {
  if (!fetch_) return;
  const std::vector<uint32_t> due = fetch_->Due(now_);
  for (size_t i = 0, n; i < due.size(); i += n) {
    n = 1;
    if (buckets_) {
      Send(FetchBuckets{buckets_->content_hash, due[i] * kBucketPartBytes});
      continue;
    }
    while (i + n < due.size() && due[i + n] == due[i] + n) ++n;
    const uint32_t parts = static_cast<uint32_t>(n);
    if (table_ == TableState::kLoading) {
      Send(FetchSnapshot{into_.round, due[i], parts});
    } else {
      Send(FetchRound{rounds_, due[i], parts});
    }
  }
}

}  // namespace nash
