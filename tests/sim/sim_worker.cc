// A worker process: the real state machine, whose commands are carried out by waiting. A unit is
// computed at once and handed over after the time that it is meant to take; between the two the
// worker can be killed, frozen, told to abandon it, or cut off.
//
// Act() is how time is taken from it: all that happens to a frozen worker happens when it thaws, in
// order, as to a process that was stopped.
//
// Liars change one result and else behave; a hostile worker also sends what no honest one would,
// one thing for each check at the coordinator's border (SendHostility). Neither may change a byte
// of the run.
#include "tests/sim/sim_worker.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/checksum.h"
#include "proto/codec.h"

namespace nash {
namespace {

using std::chrono::milliseconds;

constexpr Nanos kTick = milliseconds(50);

}  // namespace

SimWorker::SimWorker(const SimOptions& options, const WorkerTraits& traits,
                     const std::string& connection, const std::string& endpoint, EventQueue* events,
                     SimRandom* random, Transport transport)
    : options_(options),
      traits_(traits),
      sender_{traits.identity, connection},
      endpoint_(endpoint),
      events_(events),
      random_(random),
      transport_(std::move(transport)),
      replica_(options.engine->MakeReplica()) {}

void SimWorker::Start() {
  WorkerOptions options = options_.worker;
  options.name = sender_.connection;
  options.incarnation = random_->Bits();
  if (traits_.is_relay) options.relay_endpoint = endpoint_;
  worker_ = std::make_unique<Worker>(options, replica_.get(), events_->now());
  Flush();
  After(kTick, [this] { Tick(); });
}

void SimWorker::Act(std::function<void()> action) {
  if (!is_alive_) return;
  if (frozen_until_ > events_->now()) {
    events_->At(frozen_until_,
                [self = shared_from_this(), action = std::move(action)] { self->Act(action); });
    return;
  }
  action();
}

void SimWorker::After(Nanos delay, std::function<void()> action) {
  events_->After(delay,
                 [self = shared_from_this(), action = std::move(action)] { self->Act(action); });
}

void SimWorker::Tick() {
  worker_->OnTick(events_->now());
  Flush();
  After(kTick, [this] { Tick(); });
}

void SimWorker::Deliver(const std::string& frame) {
  absl::StatusOr<CoordinatorEnvelope> envelope = Decode<CoordinatorMessage>(frame);
  if (!envelope.ok()) {
    ++damaged_frames_;
    return;
  }
  Act([this, envelope = *std::move(envelope)] {
    generation_ = envelope.generation;
    worker_->OnMessage(envelope, events_->now());
    // Now and then what comes next is there already.
    if (random_->Happens(0.7)) worker_->OnTick(events_->now());
    Flush();
  });
}

void SimWorker::DeliverOfSource(const std::string& endpoint, const std::string& frame) {
  absl::StatusOr<CoordinatorEnvelope> envelope = Decode<CoordinatorMessage>(frame);
  if (!envelope.ok()) {
    ++damaged_frames_;
    return;
  }
  Act([this, endpoint, envelope = *std::move(envelope)] {
    if (worker_->relay_place().source_endpoint != endpoint) return;
    worker_->OnSourceMessage(envelope, events_->now());
    if (random_->Happens(0.7)) worker_->OnTick(events_->now());
    Flush();
  });
}

void SimWorker::DeliverOfPeer(const std::string& peer, const std::string& frame) {
  absl::StatusOr<WorkerEnvelope> envelope = Decode<WorkerMessage>(frame);
  if (!envelope.ok()) {
    ++damaged_frames_;
    return;
  }
  Act([this, peer, envelope = *std::move(envelope)] {
    worker_->OnPeerMessage(peer, envelope, events_->now());
    Flush();
  });
}

void SimWorker::LoseSource() {
  Act([this] {
    worker_->OnSourceGone(events_->now());
    Flush();
  });
}

// Between workers. A liar's parts are whole and have their own checksums; they are not what the
// coordinator has.
void SimWorker::PassOn() {
  for (const WorkerEnvelope& envelope : worker_->TakeForSource()) {
    transport_.to_source(this, Encode(envelope));
  }
  for (Worker::ForPeer& answer : worker_->TakeForPeers()) {
    EncodedRows& rows = std::get<RoundPart>(answer.envelope.message).rows;
    if (!rows.bytes.empty() && random_->Happens(traits_.relay_lying)) {
      const size_t back = std::min<size_t>(rows.bytes.size(), 1 + random_->Below(4));
      rows.bytes[rows.bytes.size() - back] ^= 1;
      rows.checksum = Checksum64Of(rows.bytes);
    }
    transport_.to_peer(*this, answer.peer, Encode(answer.envelope));
  }
}

void SimWorker::Reconnect(const std::string& connection) {
  sender_.connection = connection;
  Act([this] {
    worker_->OnConnected(events_->now());
    Flush();
  });
}

void SimWorker::RequestStop() {
  Act([this] {
    worker_->RequestStop(events_->now());
    Flush();
  });
}

void SimWorker::Flush() {
  for (const WorkerEnvelope& envelope : worker_->TakeOutgoing()) {
    transport_.to_coordinator(*this, Encode(envelope));
  }
  PassOn();
  for (const Worker::Command& command : worker_->TakeCommands()) {
    if (const auto* run = std::get_if<Worker::RunUnit>(&command)) {
      RunUnit(*run);
    } else {
      After(milliseconds(random_->Below(20)), [this, run = runs_] { EndUnit(run); });
    }
  }
  if (worker_->stopped()) is_alive_ = false;
}

// It notices that it is to abandon its unit, or has just finished it.
void SimWorker::EndUnit(uint64_t run) {
  if (!unit_ || run != runs_) return;
  if (random_->Happens(0.1)) return FinishUnit(run);
  unit_.reset();
  worker_->OnUnitAbandoned(events_->now());
  Flush();
}

void SimWorker::RunUnit(const Worker::RunUnit& run) {
  unit_ = replica_->Run(run.name, run.start);
  const bool is_wrong = run.name.round >= traits_.wrong_from;
  if (is_wrong && random_->Happens(traits_.lying)) {
    unit_ = replica_->Falsify(*unit_, random_->Bits());
  }
  if (is_wrong && traits_.is_hostile) SendHostility(run.name);
  const double scale =
      traits_.slowness * (0.75 + 0.5 * static_cast<double>(random_->Below(100)) / 100);
  const Nanos time(static_cast<int64_t>(scale * static_cast<double>(options_.unit_time.count())));
  After(time, [this, run = ++runs_] { FinishUnit(run); });
}

void SimWorker::FinishUnit(uint64_t run) {
  if (!unit_ || run != runs_) return;
  worker_->OnUnitFinished(*std::exchange(unit_, {}), events_->now());
  Flush();
}

// One thing that cannot be right; which, is up to chance.
void SimWorker::SendHostility(const UnitName& name) {
  const std::vector<EncodedRows> hostile = replica_->HostileParts();
  const uint64_t choice = random_->Below(hostile.size() + 5);
  WorkerMessage message;
  if (choice < hostile.size()) {
    message = DeltaPart{name, 0, hostile[choice]};
  } else if (choice == hostile.size()) {
    message = DeltaPart{{name.round, options_.engine->shape().units, 0}, 0, unit_->parts[0]};
  } else if (choice == hostile.size() + 1) {
    message = DeltaPart{name, options_.engine->unit_parts_max(), unit_->parts[0]};
  } else if (choice == hostile.size() + 2) {
    message = UnitClaim{name, {options_.engine->unit_parts_max() + 1, 1, 1}};
  } else {
    message = DeltaPart{name, 0, unit_->parts[0]};
  }
  std::string frame =
      Encode(WorkerEnvelope{kProtocolVersion, kSimFingerprint, generation_, std::move(message)});
  if (choice == hostile.size() + 3) {
    frame = Encode(CoordinatorEnvelope{kProtocolVersion, kSimFingerprint, generation_, Reload{}});
  } else if (choice == hostile.size() + 4) {
    // Rows that are not those of their checksum, in a frame that is whole.
    frame[frame.find(unit_->parts[0].bytes)] ^= 1;
    frame = SealMessage(absl::string_view(frame).substr(kFrameHeaderBytes));
  }
  transport_.to_coordinator(*this, std::move(frame));
}

}  // namespace nash
