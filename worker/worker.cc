// Every entry (a message, a tick, a finished unit) notes what it brings, then Proceed() looks at
// all there is and does what is due. So no handler has to know what else waits for it, and what was
// lost is done at the next tick, from the same place:
//
//   not joined   Hello, again after a growing pause
//   joined       ProceedWithUnit    NoUnit -> StartingUnit -> RunningUnit -> NoUnit
//                ProceedWithTable   only between units: a unit runs on the table
//                outbox_.Due        results until the coordinator confirms them
//                SendFollowing      where we are and what we hold, often while idle
//
// Parts of a table are only put aside by OnMessage() and applied at the next tick, many together.
// A result is kept until the round it belongs to is durable, since a coordinator that restarts may
// ask for it again; what only a lost coordinator wanted is forgotten at the next Welcome.
// docs/protocol.md tells why no worker gets stuck; tests/worker/worker_test.cc plays single steps,
// tests/sim/ loses, repeats and reorders all of them.
#include "worker/worker.h"

#include <glog/logging.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/overloaded.h"
#include "common/status_macros.h"
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
      hello_timer_(options.retry_min, options.retry_max),
      fetch_timer_(options.retry_min, options.retry_max),
      table_(options_, replica, &fetch_timer_, &counters_),
      relay_(options_, &counters_),
      outbox_(options.window_parts, options.kept_bytes_max,
              RetryTimer(options.retry_min, options.retry_max)) {
  Proceed();
}

uint64_t WorkerTimes::*Worker::activity() const {
  if (std::holds_alternative<RunningUnit>(unit_)) return &WorkerTimes::running;
  if (!joined_ || !table_.place().has_value()) return nullptr;
  if (std::holds_alternative<StartingUnit>(unit_)) return &WorkerTimes::fetching;
  if (table_.awaits_round()) return &WorkerTimes::merging;
  if (!table_.takes_units()) return &WorkerTimes::fetching;
  const bool has_results = !outbox_.Unconfirmed(WantedRounds()).empty();
  return has_results ? &WorkerTimes::delivering : &WorkerTimes::others;
}

std::vector<WorkerEnvelope> Worker::TakeOutgoing() {
  if (joined_ && !stopped_) {
    for (WorkerMessage& message : relay_.TakeForCoordinator()) Send(std::move(message));
  }
  return std::exchange(outgoing_, {});
}

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
  if (heard_ && now - *heard_ >= options_.silence) {
    fetch_timer_.Answered(Nanos(0));
    outbox_.EndSilence();
  }
  heard_ = now;
  std::visit(Overloaded{[&](const Welcome& welcome) { Join(welcome, envelope); },
                        [&](const auto& message) { Handle(message); }},
             envelope.message);
  if (!table_.has_parts()) Proceed();
}

void Worker::OnTick(Nanos now) {
  now_ = now;
  relay_.OnTick(now);
  if (std::holds_alternative<NoUnit>(unit_)) table_.ApplyParts(now);
  Proceed();
}

void Worker::OnUnitFinished(UnitResult result, Nanos now) {
  now_ = now;
  const auto* const running = std::get_if<RunningUnit>(&unit_);
  CHECK(running != nullptr && result.name == running->name) << "a unit that was not asked for";
  const bool is_worthless = running->is_worthless;
  unit_ = NoUnit();
  ++counters_.units_run;
  // From a table that is known to be wrong, or for a round that is merged, it is worth nothing.
  if (!is_worthless && table_.is_complete() && result.name.round >= coordinator_rounds_) {
    outbox_.Add(std::move(result));
  }
  // The next of its line can be leased to us once the coordinator has heard of this result.
  if (table_.shape().meet_every > 1) Proceed();
  if (joined_ && UnitsWanted() > 0) SendFollowing();
  Proceed();
}

void Worker::OnUnitAbandoned(Nanos now) {
  now_ = now;
  const auto* const running = std::get_if<RunningUnit>(&unit_);
  CHECK(running != nullptr && running->is_abandoned) << "a unit that was to be finished";
  unit_ = NoUnit();
  ++counters_.units_abandoned;
  Proceed();
}

void Worker::Abandon(RunningUnit* running) {
  if (running->is_abandoned) return;
  running->is_abandoned = true;
  commands_.push_back(AbandonUnit{running->name});
}

void Worker::RequestStop(Nanos now) {
  now_ = now;
  if (!drain_until_) drain_until_ = now + options_.drain;
  Proceed();
}

void Worker::OnConnected(Nanos now) {
  now_ = now;
  joined_ = false;
  hello_timer_.Answered(Nanos(0));
  hello_sent_.reset();
}

void Worker::SayHello() {
  if (hello_sent_) {
    if (now_ - *hello_sent_ < hello_timer_.value()) return;
    hello_timer_.Silence();
  }
  hello_sent_ = now_;
  const auto place = table_.place();
  Send(Hello{options_.name, options_.incarnation, options_.threads,
             place ? place->rounds : Hello::kNoTable, options_.relay_endpoint,
             options_.public_key});
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

void Worker::Join(const Welcome& welcome, const CoordinatorEnvelope& envelope) {
  fingerprint_ = envelope.fingerprint;
  joined_ = true;
  ++counters_.joins;
  waiting_for_.clear();
  hello_timer_.Answered(Nanos(0));
  coordinator_rounds_ = welcome.rounds;
  if (envelope.generation > generation_) relay_.Reset();
  relay_.OnRounds(welcome.rounds, now_);
  if (welcome.history != history_) BeginHistory(welcome);
  // What a restarted coordinator has, it has from its disk; the rest of its round was lost.
  if (envelope.generation > generation_) outbox_.ForgetBelow(welcome.rounds);
  outbox_.SendAgainFrom(welcome.rounds);
  generation_ = envelope.generation;
  following_sent_.reset();
  table_.OnWelcome(welcome);
}

// Rounds were taken back: our table may hold them, and what was made from it has names that mean
// something else now.
void Worker::BeginHistory(const Welcome& welcome) {
  history_ = welcome.history;
  outbox_.ForgetBelow(std::numeric_limits<uint64_t>::max());
  if (auto* const running = std::get_if<RunningUnit>(&unit_)) {
    running->is_worthless = true;
    Abandon(running);
  } else {
    unit_ = NoUnit();
  }
  table_.OnReload({welcome.regrets_round, welcome.regret_parts});
}

void Worker::Handle(const Lease& lease) {
  const UnitName& name = lease.name;
  if (!table_.takes_units() || drain_until_ ||
      BaseOf(table_.shape(), name.round) != table_.place()->rounds ||
      name.round < coordinator_rounds_) {
    return;
  }
  const auto* const starting = std::get_if<StartingUnit>(&unit_);
  const bool is_ours = starting != nullptr && starting->lease.name == name;
  if (outbox_.Has(name)) {
    outbox_.SendAgain(name);  // it was lost with the coordinator, or taken back
  } else if (!std::holds_alternative<RunningUnit>(unit_) && !is_ours) {
    unit_ = StartingUnit{lease, PartWindow(lease.start_parts, options_.window_parts, &fetch_timer_),
                         std::vector<EncodedRows>(lease.start_parts)};
  }
}

void Worker::Handle(const StartPart& part) {
  auto* const starting = std::get_if<StartingUnit>(&unit_);
  if (starting == nullptr || part.round + 1 != starting->lease.name.round ||
      part.unit != starting->lease.name.unit || !starting->fetch.IsOpen(part.part)) {
    return;
  }
  starting->parts[part.part] = part.rows;
  starting->fetch.Confirm(part.part, now_);
}

void Worker::Handle(const RoundMerged& merged) {
  coordinator_rounds_ = std::max(coordinator_rounds_, merged.rounds);
  relay_.OnRounds(coordinator_rounds_, now_);
  outbox_.ForgetBelow(BaseOf(table_.shape(), merged.durable_rounds));
  table_.OnRoundMerged(merged);
}

void Worker::Handle(const RoundGrows& grows) {
  relay_.OnGrows(grows, now_);
  table_.OnRoundGrows(grows);
}

void Worker::Handle(const RoundPart& part) {
  relay_.OnPart(part);
  if (std::holds_alternative<NoUnit>(unit_)) table_.OnRoundPart(part);
}

void Worker::Handle(const BucketPart& part) {
  const absl::Status written = table_.OnBucketPart(part, now_);
  if (!written.ok()) GiveUp(written);
}

// What was made from results of that round is worth nothing.
void Worker::Handle(const Resend& resend) {
  outbox_.SendAgainFrom(resend.round);
  if (auto* const running = std::get_if<RunningUnit>(&unit_)) {
    if (running->name.round > resend.round) Abandon(running);
  } else if (const auto* const starting = std::get_if<StartingUnit>(&unit_)) {
    if (starting->lease.name.round > resend.round) unit_ = NoUnit();
  }
}

// Nothing while the unit lacks parts of it; null where it needs none. Error: what came cannot be
// it.
absl::StatusOr<std::optional<SharedParts>> Worker::StartOf(StartingUnit* starting) {
  const UnitName& name = starting->lease.name;
  if (IsMeeting(table_.shape(), name.round)) return SharedParts();
  if (SharedParts own = outbox_.Find(name.round - 1, name.unit, name.start_checksum)) return own;
  if (!starting->fetch.done()) {
    for (const uint32_t part : starting->fetch.Due(now_)) {
      Send(FetchStart{name.round - 1, name.unit, part, 1});
    }
    return std::nullopt;
  }
  auto parts = std::make_shared<const std::vector<EncodedRows>>(std::move(starting->parts));
  if (ChecksumOfParts(*parts) != name.start_checksum) {
    return absl::InvalidArgumentError("the parts are not those of the result that was named");
  }
  RETURN_IF_ERROR(replica_->CheckStart(*parts));
  return parts;
}

// Runs the unit that was leased, as soon as all is there that it starts from.
void Worker::ProceedWithUnit() {
  auto* const starting = std::get_if<StartingUnit>(&unit_);
  if (starting == nullptr) return;
  const UnitName name = starting->lease.name;
  if (!table_.is_complete() || drain_until_ || name.round < coordinator_rounds_) {
    unit_ = NoUnit();
    return;
  }
  absl::StatusOr<std::optional<SharedParts>> start = StartOf(starting);
  if (!start.ok()) {
    ++counters_.parts_refused;  // the unit will be leased again, with what it starts from now
    unit_ = NoUnit();
  } else if (start->has_value()) {
    unit_ = RunningUnit{name};
    commands_.push_back(RunUnit{name, **std::move(start)});
  }
}

void Worker::ProceedWithTable() {
  const absl::StatusOr<TableFollower::News> news = table_.Step(now_);
  if (!news.ok()) return GiveUp(news.status());
  const bool has_arrived = *news == TableFollower::News::kArrived;
  if (has_arrived && BaseOf(table_.shape(), coordinator_rounds_) > table_.place()->rounds &&
      !relay_.HasSourceOf(table_.place()->rounds)) {
    // No unit can start from this table any more: the next round is asked for at once.
    Send(table_.AskAhead(now_));
    following_sent_ = now_;
  } else if (*news != TableFollower::News::kNone) {
    SendFollowing();
  }
  for (WorkerMessage& message : table_.Due(now_)) {
    if (const auto* const fetch = std::get_if<FetchRound>(&message)) {
      Fetch(*fetch);
    } else {
      Send(std::move(message));
    }
  }
}

// Of rounds that the coordinator may be collecting.
UnitOutbox::Rounds Worker::WantedRounds() const {
  return {coordinator_rounds_, IsMeeting(table_.shape(), coordinator_rounds_ + 1)
                                   ? coordinator_rounds_
                                   : coordinator_rounds_ + 1};
}

uint32_t Worker::UnitsWanted() const {
  if (!table_.takes_units() || drain_until_ || !std::holds_alternative<NoUnit>(unit_)) return 0;
  // Of rounds that the coordinator has lost nothing can be delivered, which would make room.
  const bool has_room = outbox_.has_room() || outbox_.Unconfirmed(WantedRounds()).empty();
  return has_room && BaseOf(table_.shape(), coordinator_rounds_) <= table_.place()->rounds;
}

void Worker::SendFollowing() {
  following_sent_ = now_;
  Following following;
  const auto place = table_.place();
  if (!place) {
    following.rounds = Following::kNoTable;
  } else {
    following.rounds = place->rounds;
    following.regret_hash = place->regret_hash;
    following.units_wanted = UnitsWanted();
    following.held = outbox_.Unconfirmed(WantedRounds());
    if (following.held.size() >= Following::kHeldMax)
      following.held.resize(Following::kHeldMax - 1);
    if (const auto* const running = std::get_if<RunningUnit>(&unit_)) {
      if (!running->is_abandoned) following.held.push_back(running->name);
    } else if (const auto* const starting = std::get_if<StartingUnit>(&unit_)) {
      following.held.push_back(starting->lease.name);
    }
  }
  Send(std::move(following));
}

void Worker::LeaveIfDrained() {
  if (!drain_until_) return;
  const bool is_delivered = !std::holds_alternative<RunningUnit>(unit_) &&
                            (!joined_ || outbox_.Unconfirmed(WantedRounds()).empty());
  if (is_delivered || now_ >= *drain_until_) GiveUp(absl::OkStatus());
}

void Worker::Proceed() {
  if (stopped_) return;
  auto* const running = std::get_if<RunningUnit>(&unit_);
  if (running != nullptr &&
      (drain_until_ || !table_.is_complete() || coordinator_rounds_ > running->name.round)) {
    Abandon(running);
  }
  if (!joined_) {
    SayHello();
  } else {
    ProceedWithUnit();
    if (std::holds_alternative<NoUnit>(unit_) && !drain_until_) ProceedWithTable();
    if (stopped_) return;
    for (WorkerMessage& message : outbox_.Due(WantedRounds(), now_)) Send(std::move(message));
    const bool is_idle = UnitsWanted() > 0 || table_.awaits_round();
    const Nanos interval = is_idle ? options_.idle_ask : options_.keep_alive;
    if (!following_sent_ || now_ - *following_sent_ >= interval) SendFollowing();
  }
  LeaveIfDrained();
}

}  // namespace nash
