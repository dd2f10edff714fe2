// A coordinator process as a sequence of lives. The disk outlives them; everything else is made
// anew by Start(), in the order in which tools/ makes it: log, newest checkpoint, replay,
// coordinator.
//
// Act() is the one way in: it runs an entry of the coordinator, then looks at what must hold after
// each. A kill point that was reached there kills before anything is sent, which is what a crash
// between writing and telling is. Events that belong to an earlier life look at `generation` and do
// nothing.
//
// What must never happen, and is looked for after each entry (violations): a round that is not the
// undisturbed run's, a round that was told to be durable and is gone after a crash, an error of the
// store, a flood of messages in answer to one.
#include "tests/sim/sim_coordinator.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "proto/codec.h"
#include "solver/cfr/lines.h"
#include "solver/coordinator/replay.h"

namespace nash {
namespace {

constexpr Nanos kTick = std::chrono::milliseconds(50);

// Whether its header is ours and its checksum right.
bool IsWhole(const std::string& frame) {
  return frame.size() > kFrameHeaderBytes &&
         SealMessage(absl::string_view(frame).substr(kFrameHeaderBytes)) == frame;
}

class SimBuckets : public BucketSource {
 public:
  explicit SimBuckets(std::string bytes) : bytes_(std::move(bytes)) {}
  absl::StatusOr<std::string> Read(uint64_t, uint64_t offset) override {
    if (offset >= bytes_.size()) return absl::NotFoundError("past the end");
    return bytes_.substr(offset, kBucketPartBytes);
  }

 private:
  const std::string bytes_;
};

// Finds no room now and then while the disk is full.
class SimSpool : public PartSpool {
 public:
  SimSpool(const SimDisk* disk, SimRandom* random)
      : PartSpool(/*memory_bytes=*/1 << 30, /*folder=*/""), disk_(disk), random_(random) {}
  absl::StatusOr<Ticket> Put(uint64_t round, const EncodedRows& rows) override {
    if (disk_->is_full() && random_->Happens(0.5)) {
      return absl::ResourceExhaustedError("disk full");
    }
    return PartSpool::Put(round, rows);
  }

 private:
  const SimDisk* const disk_;
  SimRandom* const random_;
};

}  // namespace

std::string SimBucketBytes(uint64_t bytes) {
  std::string content(bytes, 'b');
  for (uint64_t i = 0; i < bytes; i += 4096) content[i] = static_cast<char>(i >> 12);
  return content;
}

SimCoordinator::SimCoordinator(const SimOptions& options, EventQueue* events, SimRandom* random,
                               Transmit transmit)
    : options_(options), events_(events), random_(random), transmit_(std::move(transmit)) {
  Start();
}

void SimCoordinator::Start() {
  if (coordinator_) total_ += coordinator_->counters();
  coordinator_.reset();
  ++disk_.generation;
  is_checkpointing_ = is_syncing_ = is_killed_ = is_tick_due_ = false;
  CoordinatorOptions options = options_.coordinator;
  options.fingerprint = kSimFingerprint;
  options.definition = "game: simulated\n";
  options.shape = options_.engine->shape();
  options.unit_parts_max = options_.engine->unit_parts_max();
  options.rounds_total = options_.rounds;
  options.generation = disk_.generation;
  options.history = disk_.history;
  options.audit_secret = random_->Bits();
  options.units_to_sum = 4;  // or few simulated rounds would be
  const std::string bucket_bytes = SimBucketBytes(options_.bucket_bytes);
  if (!bucket_bytes.empty()) {
    options.buckets = {{0, ChecksumOf(bucket_bytes).low, bucket_bytes.size()}};
  }
  buckets_ = std::make_unique<SimBuckets>(bucket_bytes);
  auto store = SimStore::Open(&disk_, [this](KillPoint point) { return Reaches(point); });
  if (!store.ok()) return Violate(absl::StrCat("round log: ", store.status().message()));
  store_ = *std::move(store);
  torn_logs_ += store_->cut_bytes() > 0;
  master_ = options_.engine->MakeMaster();
  if (const SimDisk::Checkpoint* newest = disk_.NewestCheckpoint()) {
    master_->Restore(newest->table, newest->rounds);
  }
  if (store_->end_round() < told_durable_) Violate("a round that was durable is gone");
  if (back_to_.has_value()) {
    CheckStatus("go back", store_->CutTo(*back_to_));
    back_to_.reset();
  }
  CheckStatus("cut", CutToMeeting(options.shape, store_.get()));
  told_durable_ = std::min(told_durable_, store_->end_round());
  const absl::Status replayed = Replay(store_.get(), master_.get());
  if (!replayed.ok()) return Violate(absl::StrCat("replay: ", replayed.message()));
  rounds_seen_ = store_->end_round();
  if (Reaches(KillPoint::kDuringReplay)) return Kill();
  spool_ = std::make_unique<SimSpool>(&disk_, random_);
  coordinator_ = std::make_unique<Coordinator>(options, master_.get(), store_.get(), spool_.get(),
                                               buckets_.get(), events_->now());
  for (const std::string& name : quarantined_) coordinator_->Quarantine(name);
  events_->After(kTick, [this, generation = disk_.generation] { Tick(generation); });
}

// As a coordinator's process does it: the disk first, then all anew.
void SimCoordinator::GoBack() {
  const uint64_t logged = store_->end_round();
  back_to_ = disk_.GoBackTo(*coordinator_->back_to());
  told_durable_ = std::min(told_durable_, *back_to_);
  notices_.push_back(absl::StrCat("goes back from ", logged, " to ", *back_to_));
  Start();
}

void SimCoordinator::Kill() {
  if (coordinator_) total_ += coordinator_->counters();
  coordinator_.reset();
  disk_.Crash(random_);
  events_->After(options_.restart_time, [this, generation = disk_.generation] {
    if (generation == disk_.generation) Start();
  });
}

bool SimCoordinator::Reaches(KillPoint point) {
  if (armed_ != point) return false;
  armed_ = KillPoint::kNone;
  is_killed_ = true;
  return true;
}

// Whether the action is to be done when it goes on.
bool SimCoordinator::Postpones(std::function<void()> action) {
  if (frozen_until_ <= events_->now()) return false;
  events_->At(frozen_until_, std::move(action));
  return true;
}

void SimCoordinator::Act(const std::function<void()>& action) {
  if (!coordinator_) return;
  const uint64_t taken = coordinator_->counters().parts_taken;
  action();
  if (coordinator_->counters().parts_taken > taken) Reaches(KillPoint::kAfterKeep);
  if (is_killed_) {
    is_killed_ = false;
    return Kill();
  }
  CheckRounds();
  if (coordinator_->is_busy()) TickSoon();
  std::vector<Coordinator::Outgoing> outgoing = coordinator_->TakeOutgoing();
  const size_t outgoing_max =
      4 * (coordinator_->membership().members().size() + 1) + options_.coordinator.fetch_parts_max;
  if (outgoing.size() > outgoing_max) Violate("one message made a flood of answers");
  for (Coordinator::Outgoing& message : outgoing) {
    if (const auto* merged = std::get_if<RoundMerged>(&message.envelope.message)) {
      told_durable_ = std::max(told_durable_, merged->durable_rounds);
    }
    transmit_(std::move(message));
  }
  for (std::string& notice : coordinator_->TakeNotices()) notices_.push_back(std::move(notice));
  quarantined_.merge(coordinator_->membership().BannedFor(RefusalReason::kQuarantined));
  if (!coordinator_->status().ok())
    Violate(absl::StrCat("store: ", coordinator_->status().message()));
  if (coordinator_->back_to().has_value()) GoBack();
}

// A frame that is whole was made as it is by whoever sent it; one that is not may have been damaged
// on its way, and says nothing about anybody. That also goes for another version's, where a member
// has spoken ours before.
void SimCoordinator::Deliver(const Sender& sender, const std::string& frame) {
  if (!coordinator_ || Postpones([=, this] { Deliver(sender, frame); })) return;
  const absl::StatusOr<WorkerEnvelope> envelope = Decode<WorkerMessage>(frame);
  const Nanos now = events_->now();
  if (envelope.ok()) return Act([&] { coordinator_->OnMessage(sender, *envelope, now); });
  const std::string what(envelope.status().message());
  if (IsWhole(frame)) return Act([&] { coordinator_->OnMalformed(sender, what, now); });
  const auto& members = coordinator_->membership().members();
  if (absl::IsFailedPrecondition(envelope.status()) && members.count(sender.identity) == 0) {
    return Act([&] { coordinator_->OnOtherProtocol(sender, what, now); });
  }
  ++damaged_frames_;
}

void SimCoordinator::Tick(uint64_t generation) {
  if (!coordinator_ || generation != disk_.generation) return;
  if (Postpones([=, this] { Tick(generation); })) return;
  Act([this] { coordinator_->OnTick(events_->now()); });
  events_->After(kTick, [this, generation] { Tick(generation); });
}

// A round is merged step by step.
void SimCoordinator::TickSoon() {
  if (is_tick_due_) return;
  is_tick_due_ = true;
  const Nanos time = random_->Between(Nanos(0), std::chrono::milliseconds(2));
  events_->After(time, [this, generation = disk_.generation] {
    if (!coordinator_ || generation != disk_.generation) return;
    is_tick_due_ = false;
    Act([this] { coordinator_->OnTick(events_->now()); });
  });
}

void SimCoordinator::Stop(bool at_once) {
  Act([&] { coordinator_->Stop(at_once, events_->now()); });
}

// Every round, as soon as it is there, is what it is in the undisturbed run.
void SimCoordinator::CheckRounds() {
  for (; rounds_seen_ < store_->end_round(); ++rounds_seen_) {
    const uint64_t hash = store_->Record(rounds_seen_).regret_hash;
    if (hash != options_.reference->regret_hashes[rounds_seen_]) {
      ++wrong_rounds_;
      if (!options_.may_merge_wrong) {
        Violate(absl::StrCat("round ", rounds_seen_, " is not that of the undisturbed run"));
      }
    }
    if ((rounds_seen_ + 1) % options_.checkpoint_every_rounds == 0) checkpoint_is_due_ = true;
    if (checkpoint_is_due_ && IsMeeting(options_.engine->shape(), rounds_seen_ + 1)) {
      checkpoint_is_due_ = false;
      StartCheckpoint();
    }
  }
  StartSync();
}

void SimCoordinator::CheckStatus(const char* what, const absl::Status& status) {
  if (!status.ok()) Violate(absl::StrCat(what, ": ", status.message()));
}

void SimCoordinator::StartSync() {
  if (is_syncing_ || store_->durable_rounds() == store_->end_round()) return;
  is_syncing_ = true;
  const Nanos time = random_->Between(options_.sync_time / 2, options_.sync_time * 2);
  events_->After(time, [this, generation = disk_.generation] {
    if (!coordinator_ || generation != disk_.generation) return;
    is_syncing_ = false;
    CheckStatus("sync", store_->Sync());
    Act([this] {
      if (!Reaches(KillPoint::kAfterSync)) coordinator_->OnTick(events_->now());
    });
  });
}

void SimCoordinator::StartCheckpoint() {
  if (is_checkpointing_) return;
  is_checkpointing_ = true;
  CheckStatus("before a checkpoint", store_->PrepareCheckpoint());
  SimDisk::Checkpoint checkpoint{master_->rounds(), master_->Save(), master_->RegretParts(),
                                 master_->regret_hash(), false};
  WriteCheckpointAfter(options_.checkpoint_time, std::move(checkpoint));
}

void SimCoordinator::WriteCheckpointAfter(Nanos time, SimDisk::Checkpoint checkpoint) {
  events_->After(
      time, [this, checkpoint = std::move(checkpoint), generation = disk_.generation]() mutable {
        if (!coordinator_ || generation != disk_.generation) return;
        if (disk_.is_full()) {
          return WriteCheckpointAfter(std::chrono::milliseconds(100), std::move(checkpoint));
        }
        is_checkpointing_ = false;
        Act([&] {
          if (Reaches(KillPoint::kBeforeManifest)) return;
          disk_.AddCheckpoint(std::move(checkpoint), coordinator_->confirmed_rounds());
          if (!Reaches(KillPoint::kAfterManifest)) CheckStatus("log", store_->CutLog());
        });
      });
}

}  // namespace nash
