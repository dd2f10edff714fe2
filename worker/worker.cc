#include "worker/worker.h"

#include <glog/logging.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/overloaded.h"
#include "proto/unit_checksum.h"
#include "solver/cfr/lines.h"

namespace nash {
namespace {

constexpr size_t kReasonBytesMax = 1000;  // a message holds little more

uint64_t ChecksumOfParts(const std::vector<EncodedRows>& parts) {
  std::vector<uint64_t> checksums;
  for (const EncodedRows& part : parts) checksums.push_back(part.checksum);
  return UnitChecksum(checksums);
}

}  // namespace

Worker::Worker(const WorkerOptions& options, Replica* replica, Nanos now)
    : options_(options),
      replica_(replica),
      now_(now),
      fingerprint_(options.fingerprint),
      hello_patience_(options.patience_min, options.patience_max),
      fetch_patience_(options.patience_min, options.patience_max),
      outbox_(options.window_parts, options.kept_bytes_max,
              Patience(options.patience_min, options.patience_max)) {
  Proceed();
}

std::vector<WorkerEnvelope> Worker::TakeOutgoing() { return std::exchange(outgoing_, {}); }

std::vector<Worker::Command> Worker::TakeCommands() { return std::exchange(commands_, {}); }

void Worker::Send(WorkerMessage message) {
  const bool is_hello = std::holds_alternative<Hello>(message);
  outgoing_.push_back(
      {kProtocolVersion, fingerprint_, is_hello ? 0 : generation_, std::move(message)});
}

void Worker::GiveUp(const absl::Status& status) {
  if (joined_) Send(Goodbye{std::string(status.message().substr(0, kReasonBytesMax))});
  stopped_ = status;
}

// Whether it is from the coordinator that we follow, or from one that came after it.
bool Worker::IsForUs(const CoordinatorEnvelope& envelope) const {
  if (std::holds_alternative<Refusal>(envelope.message)) {
    return envelope.generation >= generation_;
  }
  if (envelope.protocol_version != kProtocolVersion) return false;
  if (!fingerprint_.empty() && envelope.fingerprint != fingerprint_) return false;
  if (std::holds_alternative<Welcome>(envelope.message)) {
    return !joined_ && envelope.generation >= generation_;
  }
  return joined_ && envelope.generation == generation_;
}

void Worker::OnMessage(const CoordinatorEnvelope& envelope, Nanos now) {
  now_ = now;
  if (stopped_ || !IsForUs(envelope)) return;
  std::visit(
      Overloaded{[&](const Welcome& welcome) {
                   fingerprint_ = envelope.fingerprint;
                   Handle(welcome, envelope.generation);
                 },
                 [&](const PartReceived& received) { outbox_.OnPartReceived(received, now); },
                 [&](const UnitReceived& received) { outbox_.OnUnitReceived(received.name); },
                 [&](const auto& message) { Handle(message); }},
      envelope.message);
  if (parts_.empty()) Proceed();
}

void Worker::OnTick(Nanos now) {
  now_ = now;
  ApplyParts();
  Proceed();
}

void Worker::OnUnitFinished(UnitResult result, Nanos now) {
  now_ = now;
  CHECK(running_ && result.name == *running_) << "a unit that was not asked for";
  running_.reset();
  abandoning_ = false;
  ++counters_.units_run;
  // From a table that is known to be wrong, or for a round that is merged, it is worth nothing.
  if (table_ == TableState::kComplete && result.name.round >= coordinator_rounds_) {
    outbox_.Add(std::move(result));
  }
  // The next of its line can be leased to us once the coordinator has heard of this result.
  if (shape_.meet_every > 1) Proceed();
  if (joined_ && UnitsWanted() > 0) SendFollowing();
  Proceed();
}

void Worker::OnUnitAbandoned(Nanos now) {
  now_ = now;
  CHECK(abandoning_) << "a unit that was to be finished";
  running_.reset();
  abandoning_ = false;
  ++counters_.units_abandoned;
  Proceed();
}

void Worker::Abandon() {
  if (abandoning_) return;
  abandoning_ = true;
  commands_.push_back(AbandonUnit{*running_});
}

void Worker::RequestStop(Nanos now) {
  now_ = now;
  if (!drain_until_) drain_until_ = now + options_.drain;
  Proceed();
}

void Worker::OnConnected(Nanos now) {
  now_ = now;
  hello_patience_.Answered(Nanos(0));
  hello_sent_.reset();
}

void Worker::SayHello() {
  if (hello_sent_) {
    if (now_ - *hello_sent_ < hello_patience_.value()) return;
    hello_patience_.Silence();
  }
  hello_sent_ = now_;
  const bool has_table = table_ != TableState::kNone && table_ != TableState::kLoading;
  Send(Hello{options_.name, options_.incarnation, options_.threads,
             has_table ? rounds_ : Hello::kNoTable});
}

void Worker::Handle(const Refusal& refusal) {
  switch (refusal.reason) {
    case RefusalReason::kGeneration:
      if (!joined_) return;
      joined_ = false;
      hello_sent_.reset();
      return;
    case RefusalReason::kFull:
      waiting_for_ = refusal.text;
      return;
    case RefusalReason::kDraining:
      return GiveUp(absl::OkStatus());
    case RefusalReason::kSuperseded:
      stopped_ = absl::AlreadyExistsError(absl::StrCat("superseded: ", refusal.text));
      return;
    case RefusalReason::kQuarantined:
    case RefusalReason::kRevoked:
      stopped_ = absl::PermissionDeniedError(absl::StrCat("shut out: ", refusal.text));
      return;
    case RefusalReason::kProtocol:
    case RefusalReason::kFingerprint:
    case RefusalReason::kInvalid:
      stopped_ = absl::FailedPreconditionError(absl::StrCat("refused: ", refusal.text));
      return;
  }
}

void Worker::Handle(const Welcome& welcome, uint64_t generation) {
  joined_ = true;
  ++counters_.joins;
  waiting_for_.clear();
  hello_patience_.Answered(Nanos(0));
  coordinator_rounds_ = welcome.rounds;
  // What a restarted coordinator has, it has from its disk; the rest of its round was lost.
  if (generation > generation_) outbox_.ForgetBelow(welcome.rounds);
  outbox_.SendAgainFrom(welcome.rounds);
  generation_ = generation;
  following_sent_.reset();
  asked_ahead_.reset();
  GoOnWith(welcome);
}

void Worker::Handle(const Lease& lease) {
  const UnitName& name = lease.name;
  if (table_ != TableState::kComplete || drain_until_ || merged_ ||
      BaseOf(shape_, name.round) != rounds_ || name.round < coordinator_rounds_) {
    return;
  }
  if (outbox_.Has(name)) {
    outbox_.SendAgain(name);  // it was lost with the coordinator, or taken back
  } else if (!running_ && !(starting_ && starting_->lease.name == name)) {
    starting_.emplace(
        Starting{lease, PartWindow(lease.after_parts, options_.window_parts, &fetch_patience_),
                 std::vector<EncodedRows>(lease.after_parts)});
  }
}

void Worker::Handle(const UnitPart& part) {
  if (!starting_ || part.round + 1 != starting_->lease.name.round ||
      part.unit != starting_->lease.name.unit || !starting_->fetch.IsOpen(part.part)) {
    return;
  }
  starting_->parts[part.part] = part.rows;
  starting_->fetch.Confirm(part.part, now_);
}

// What was made from results of that round is worth nothing.
void Worker::Handle(const Resend& resend) {
  outbox_.SendAgainFrom(resend.round);
  if (starting_ && starting_->lease.name.round > resend.round) starting_.reset();
  if (running_ && running_->round > resend.round) Abandon();
}

// Runs the unit that was leased, as soon as all is there that it starts from.
void Worker::ProceedWithStart() {
  if (!starting_) return;
  const UnitName name = starting_->lease.name;
  if (table_ != TableState::kComplete || drain_until_ || name.round < coordinator_rounds_) {
    starting_.reset();
    return;
  }
  SharedParts start;
  if (!IsMeeting(shape_, name.round)) {
    start = outbox_.Find(name.round - 1, name.unit, name.after);
    if (start == nullptr && !starting_->fetch.done()) {
      for (const uint32_t part : starting_->fetch.Due(now_)) {
        Send(FetchUnit{name.round - 1, name.unit, part, 1});
      }
      return;
    }
    if (start == nullptr) {
      start = std::make_shared<const std::vector<EncodedRows>>(std::move(starting_->parts));
      if (ChecksumOfParts(*start) != name.after || !replica_->CheckStart(*start).ok()) {
        ++counters_.parts_refused;  // the unit will be leased again, with what it starts from now
        starting_.reset();
        return;
      }
    }
  }
  starting_.reset();
  running_ = name;
  commands_.push_back(RunUnit{name, std::move(start)});
}

// Of rounds that the coordinator may be collecting.
UnitOutbox::Rounds Worker::WantedRounds() const {
  return {coordinator_rounds_, IsMeeting(shape_, coordinator_rounds_ + 1)
                                   ? coordinator_rounds_
                                   : coordinator_rounds_ + 1};
}

uint32_t Worker::UnitsWanted() const {
  const bool is_idle =
      table_ == TableState::kComplete && !merged_ && !running_ && !starting_ && !drain_until_;
  // Of rounds that the coordinator has lost nothing can be delivered, which would make room.
  const bool has_room = outbox_.has_room() || outbox_.Unconfirmed(WantedRounds()).empty();
  return is_idle && BaseOf(shape_, coordinator_rounds_) <= rounds_ && has_room;
}

void Worker::SendFollowing() {
  following_sent_ = now_;
  Following following;
  if (table_ == TableState::kNone || table_ == TableState::kLoading) {
    following.rounds = Following::kNoTable;
  } else {
    following.rounds = rounds_;
    following.regret_hash = hash_;
    following.units_wanted = UnitsWanted();
    following.held = outbox_.Unconfirmed(WantedRounds());
    if (following.held.size() >= Following::kHeldMax)
      following.held.resize(Following::kHeldMax - 1);
    if (running_ && !abandoning_) following.held.push_back(*running_);
    if (starting_) following.held.push_back(starting_->lease.name);
  }
  Send(std::move(following));
}

void Worker::LeaveIfDrained() {
  if (!drain_until_) return;
  const bool is_delivered = !running_ && (!joined_ || outbox_.Unconfirmed(WantedRounds()).empty());
  if (is_delivered || now_ >= *drain_until_) GiveUp(absl::OkStatus());
}

void Worker::Proceed() {
  if (stopped_) return;
  if (running_ &&
      (drain_until_ || table_ != TableState::kComplete || coordinator_rounds_ > running_->round)) {
    Abandon();
  }
  if (!joined_) {
    SayHello();
  } else {
    if (!running_) ProceedWithStart();
    if (!running_ && !starting_ && !drain_until_) {
      ProceedWithBuckets();
      ProceedWithSnapshot();
      ProceedWithRound();
      SendFetches();
      if (stopped_) return;
    }
    for (WorkerMessage& message : outbox_.Due(WantedRounds(), now_)) Send(std::move(message));
    const Nanos interval = UnitsWanted() > 0 ? options_.idle_ask : options_.keep_alive;
    if (!following_sent_ || now_ - *following_sent_ >= interval) SendFollowing();
  }
  LeaveIfDrained();
}

}  // namespace nash
