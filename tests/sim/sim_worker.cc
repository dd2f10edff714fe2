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

#include <utility>
#include <variant>

#include "proto/codec.h"

namespace nash {
namespace {

using std::chrono::milliseconds;

constexpr Nanos kTick = milliseconds(50);

}  // namespace

SimWorker::SimWorker(const SimOptions& options, const WorkerTraits& traits,
                     const std::string& connection, EventQueue* events, SimRandom* random,
                     Transmit transmit)
    : options_(options),
      traits_(traits),
      sender_{traits.identity, connection},
      events_(events),
      random_(random),
      transmit_(std::move(transmit)),
      replica_(options.engine->MakeReplica()) {}

void SimWorker::Start() {
  WorkerOptions options = options_.worker;
  options.name = sender_.connection;
  options.incarnation = random_->Bits();
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
  for (const WorkerEnvelope& envelope : worker_->TakeOutgoing()) transmit_(*this, Encode(envelope));
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
  transmit_(*this, std::move(frame));
}

}  // namespace nash
