#include "worker/worker.h"

#include <glog/logging.h>

#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

constexpr size_t kReasonBytesMax = 1000;  // a message holds little more

}  // namespace

Worker::Worker(const WorkerOptions& options, Replica* replica, Nanos now)
    : options_(options),
      replica_(replica),
      now_(now),
      fingerprint_(options.fingerprint),
      hello_patience_(options.patience_min, options.patience_max),
      fetch_patience_(options.patience_min, options.patience_max),
      outbox_(options.window_parts, Patience(options.patience_min, options.patience_max)) {
  Proceed();
}

std::vector<Envelope> Worker::TakeOutgoing() { return std::exchange(outgoing_, {}); }

std::vector<Worker::Command> Worker::TakeCommands() { return std::exchange(commands_, {}); }

void Worker::Send(Message message) {
  const bool is_hello = std::holds_alternative<Hello>(message);
  outgoing_.push_back(
      {kProtocolVersion, fingerprint_, is_hello ? 0 : generation_, std::move(message)});
}

void Worker::GiveUp(const absl::Status& status) {
  if (joined_) Send(Goodbye{std::string(status.message().substr(0, kReasonBytesMax))});
  stopped_ = status;
}

// Whether it is from the coordinator that we follow, or from one that came after it.
bool Worker::IsForUs(const Envelope& envelope) const {
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

void Worker::OnMessage(const Envelope& envelope, Nanos now) {
  now_ = now;
  if (stopped_ || !IsForUs(envelope)) return;
  std::visit(
      [&](const auto& message) {
        using T = std::decay_t<decltype(message)>;
        if constexpr (std::is_same_v<T, Welcome>) {
          fingerprint_ = envelope.fingerprint;
          Handle(message, envelope.generation);
        } else if constexpr (std::is_same_v<T, PartReceived>) {
          outbox_.OnPartReceived(message, now);
        } else if constexpr (std::is_same_v<T, UnitReceived>) {
          outbox_.OnUnitReceived(message.name);
        } else if constexpr (std::is_same_v<T, Resend>) {
          outbox_.SendAgain(message.round);
        } else if constexpr (std::is_same_v<T, Refusal> || std::is_same_v<T, Lease> ||
                             std::is_same_v<T, RoundMerged> || std::is_same_v<T, RoundPart> ||
                             std::is_same_v<T, SnapshotPart> || std::is_same_v<T, BucketPart> ||
                             std::is_same_v<T, Reload>) {
          Handle(message);
        }  // Others are what workers send; a coordinator that sends them is not obeyed.
      },
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

void Worker::RequestStop(Nanos now) {
  now_ = now;
  if (!drain_until_) drain_until_ = now + options_.drain;
  Proceed();
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
      stopped_ = absl::OkStatus();
      return;
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
  outbox_.SendAgain(welcome.rounds);
  generation_ = generation;
  following_sent_.reset();
  asked_ahead_.reset();
  GoOnWith(welcome);
}

void Worker::Handle(const Lease& lease) {
  if (table_ != TableState::kComplete || drain_until_ || lease.name.round != rounds_ ||
      coordinator_rounds_ > rounds_) {
    return;
  }
  if (outbox_.Has(lease.name)) {
    outbox_.SendAgain(lease.name);  // it was lost with the coordinator, or taken back
  } else if (!running_) {
    running_ = lease.name;
    commands_.push_back(RunUnit{lease.name});
  }
}

uint32_t Worker::UnitsWanted() const {
  const bool is_idle = table_ == TableState::kComplete && !merged_ && !running_ && !drain_until_;
  return is_idle && coordinator_rounds_ <= rounds_ && outbox_.bytes() <= options_.kept_bytes_max;
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
    following.held = outbox_.Unconfirmed(rounds_);
    if (following.held.size() >= Following::kHeldMax)
      following.held.resize(Following::kHeldMax - 1);
    if (running_ && !abandoning_) following.held.push_back(*running_);
  }
  Send(std::move(following));
}

void Worker::LeaveIfDrained() {
  if (!drain_until_) return;
  const bool is_delivered =
      !running_ && (!joined_ || outbox_.Unconfirmed(coordinator_rounds_).empty());
  if (is_delivered || now_ >= *drain_until_) GiveUp(absl::OkStatus());
}

void Worker::Proceed() {
  if (stopped_) return;
  if (running_ && !abandoning_ &&
      (drain_until_ || table_ != TableState::kComplete || coordinator_rounds_ > rounds_)) {
    abandoning_ = true;
    commands_.push_back(AbandonUnit{*running_});
  }
  if (!joined_) {
    SayHello();
  } else {
    if (!running_ && !drain_until_) {
      ProceedWithBuckets();
      ProceedWithSnapshot();
      ProceedWithRound();
      SendFetches();
      if (stopped_) return;
    }
    for (Message& message : outbox_.Due(coordinator_rounds_, now_)) Send(std::move(message));
    const Nanos interval = UnitsWanted() > 0 ? options_.idle_ask : options_.keep_alive;
    if (!following_sent_ || now_ - *following_sent_ >= interval) SendFollowing();
  }
  LeaveIfDrained();
}

}  // namespace nash
