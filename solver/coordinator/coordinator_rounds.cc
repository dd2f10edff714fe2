// The part of the coordinator that leases units and makes rounds of their results.
//
//   Following ----> IsInStep(): is its table ours?    no: Reload    yes: leases (unit_leaser.h)
//   DeltaPart ----> known by its name and checksum?   else checked, put into the spool, placed
//   UnitClaim ----> how many parts there are, and the checksum of the whole
//                   all parts of a unit: UnitReceived to all who gave it
//                   all units of a round: RoundFinisher, a step in each tick, then the next round
//
// Nothing is believed because of who sent it. A part counts by its name, the first that comes, and
// each later one must be equal; two that differ open a dispute (disputes.h), which a third worker's
// result decides. Each message may be lost, come twice or late: each case above ends in an answer
// that is right for all of them, and peers send again what was not answered (docs/protocol.md).
// tests/sim runs it through thousands of failures, tests/coordinator through single ones.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "solver/cfr/lines.h"
#include "solver/coordinator/coordinator.h"

namespace nash {
namespace {

constexpr size_t kChecksummedRounds = 3;  // those before are sent by the coordinator only

}  // namespace

void Coordinator::Handle(const Sender& sender, const Following& following) {
  Member& member = *membership_.Find(sender);
  member.rounds = following.rounds;
  if (following.rounds == Following::kNoTable || !IsInStep(sender, following)) return;
  const std::vector<Lease> leases = leaser_.Answer(sender.identity, following, now_);
  for (const Lease& lease : leases) Send(sender.connection, lease);
  // An answer shows that we are there, and says what is durable.
  if (leases.empty()) Tell(sender.identity, member);
  if (following.units_wanted > 0) ReloadIfNeeded(sender, following);
}

// Whether its table is one that can go on. If not, it is told to reload.
bool Coordinator::IsInStep(const Sender& sender, const Following& following) {
  if (following.rounds > rounds()) {
    SendReload(sender, "it followed rounds that were lost with the coordinator");
    return false;
  }
  if (following.rounds < store_->first_round()) {
    SendReload(sender, "the log does not reach back to its table");
    return false;
  }
  const StoredRegrets stored = store_->newest_regrets();
  uint64_t expected;
  if (following.rounds > store_->first_round()) {
    expected = store_->Record(following.rounds - 1).regret_hash;
  } else if (following.rounds == stored.round) {
    expected = stored.regret_hash;
  } else {
    return true;  // nothing to compare with until the next round
  }
  if (following.regret_hash == expected) return true;
  ++counters_.divergences;
  SendReload(sender,
             absl::StrFormat("after %d rounds the hash of its regrets is %016x, ours %016x; "
                             "look at that machine's memory",
                             following.rounds, following.regret_hash, expected));
  return false;
}

// Lag 1: a unit that has lost its worker starts from an older table than everybody has by now.
// Somebody must go back to it.
void Coordinator::ReloadIfNeeded(const Sender& sender, const Following& following) {
  if (!open_.LacksOlderThan(following.rounds)) return;
  for (const auto& [identity, member] : membership_.members()) {
    const bool may_come = member.rounds == Hello::kNoTable || member.rounds < following.rounds;
    if (may_come && now_ - member.heard < leaser_.LeaseTime()) return;
  }
  SendReload(sender, "a unit that starts from an older table has lost its worker");
}

// Whether its round is merged, or is being merged.
bool Coordinator::IsLate(const UnitName& name) const { return name.round < open_.first(); }

void Coordinator::Handle(const Sender& sender, const DeltaPart& part, const CheckedPart& checked) {
  const PartReceived received{part.name, part.part};
  if (IsLate(part.name)) {
    ++counters_.parts_late;
    Send(sender.connection, received);
    return;
  }
  OpenRound* const round = open_.Find(part.name);
  if (round == nullptr) return;  // of a future that was lost, or from a result that was
  const PartName name{part.name.unit, part.part};
  Arrival arrival = round->results().Look(name, part.rows.checksum, sender.identity);
  if (arrival.kind == Arrival::Kind::kNew) {
    const absl::StatusOr<PartPlace> place =
        checked.has_value() ? *checked : master_->Check(part.rows);
    if (place.ok()) {
      const absl::StatusOr<PartSpool::Ticket> ticket = spool_->Put(part.name.round, part.rows);
      if (!ticket.ok()) return CannotKeep(ticket.status());
      unkept_parts_.Ends();
      arrival = round->results().Place(name, part.rows.checksum, *place, *ticket, sender.identity);
      if (arrival.kind == Arrival::Kind::kNew) {
        ++counters_.parts_taken;
        counters_.part_bytes_taken += part.rows.bytes.size();
      }
    } else {
      ++counters_.malformed;
      arrival = {
          Arrival::Kind::kImpossible, {sender.identity}, std::string(place.status().message())};
    }
  } else if (arrival.kind == Arrival::Kind::kRepeated) {
    ++counters_.parts_repeated;
  }
  if (arrival.kind == Arrival::Kind::kImpossible) {
    return Contradict(sender, part.name, arrival, {{}, {{part.part, part.rows.checksum}}});
  }
  Send(sender.connection, received);
  if (arrival.kind == Arrival::Kind::kNew && round->results().IsWhole(name.unit)) {
    AcknowledgeUnit(round, name.unit);
  }
}

void Coordinator::Handle(const Sender& sender, const UnitClaim& claim) {
  // Then its sender need not keep it, and has room for others.
  if (IsLate(claim.name) || open_.IsStale(claim.name)) {
    Send(sender.connection, UnitReceived{claim.name});
    return;
  }
  OpenRound* const round = open_.Find(claim.name);
  if (round == nullptr) return;
  const uint32_t unit = claim.name.unit;
  const Arrival arrival = round->results().Claim(unit, claim.result, sender.identity);
  if (arrival.kind == Arrival::Kind::kImpossible) {
    return Contradict(sender, claim.name, arrival, {claim.result, {}});
  }
  if (arrival.kind == Arrival::Kind::kNew) {
    ++counters_.units_done;
    ++membership_.Find(sender)->units_done;
    leaser_.NoteResult(round, unit, sender.identity, now_);
  }
  if (round->results().IsWhole(unit)) AcknowledgeUnit(round, unit);
}

// One alone has sent what cannot be right. Of several who contradict each other one at least is
// wrong, and the result of somebody else decides who.
void Coordinator::Contradict(const Sender& sender, const UnitName& name, const Arrival& arrival,
                             const Disputes::Evidence& evidence) {
  if (arrival.culprits.size() < 2) {
    return Expel(arrival.culprits, RefusalReason::kQuarantined, arrival.text);
  }
  ++counters_.disputes;
  const RoundResults& results = open_.Find(name)->results();
  std::map<std::string, Disputes::Evidence> suspects;
  for (const std::string& who : arrival.culprits) {
    suspects[who] = Disputes::EvidenceOf(results, name.unit, who);
  }
  disputes_.Open(name, suspects);
  disputes_.Open(name, {{sender.identity, evidence}});
  Expel(arrival.culprits, RefusalReason::kFull, arrival.text);
}

// The unit is whole. Returns whether its result stays.
bool Coordinator::DecideDispute(OpenRound* round, uint32_t unit) {
  const UnitName name = open_.NameOf(round->round(), unit);
  const std::optional<Disputes::Verdict> verdict = disputes_.Decide(name, round->results());
  if (!verdict.has_value()) return true;
  if (verdict->right.empty()) {
    std::set<std::string> givers;
    std::map<std::string, Disputes::Evidence> suspects;
    for (const auto& [who, claim] : round->results().claims(unit)) {
      givers.insert(who);
      suspects[who] = Disputes::EvidenceOf(round->results(), unit, who);
    }
    disputes_.Open(name, suspects);
    Expel(givers, RefusalReason::kFull,
          absl::StrFormat("its result of unit %d is yet another one", unit));
    return false;
  }
  for (const std::string& who : verdict->right) {
    if (membership_.BanOf(who) == RefusalReason::kFull) membership_.Pardon(who);
    Notice(absl::StrFormat("%s may come in again: its result of unit %d was confirmed",
                           NameForPeople(who), unit));
  }
  std::set<std::string> caught;
  for (const std::string& who : verdict->wrong) {
    if (membership_.BanOf(who) != RefusalReason::kFull) continue;
    ++counters_.quarantined;
    membership_.Ban(who, RefusalReason::kQuarantined);
    Notice(absl::StrFormat("%s is shut out: its result of unit %d was wrong", NameForPeople(who),
                           unit));
    caught.insert(who);
  }
  TakeBack(caught);
  return true;
}

// Tells everybody who gave this result, and ends the round if it was the last.
void Coordinator::AcknowledgeUnit(OpenRound* round, uint32_t unit) {
  if (!DecideDispute(round, unit)) return;
  round->Note(unit, now_);
  const UnitReceived received{open_.NameOf(round->round(), unit)};
  for (const auto& [who, claim] : round->results().claims(unit)) {
    const auto member = membership_.members().find(who);
    if (member != membership_.members().end()) Send(member->second.connection, received);
  }
  FinishRoundIfComplete();
}

// Its sender sends it again.
void Coordinator::CannotKeep(const absl::Status& status) {
  if (!absl::IsResourceExhausted(status)) {
    status_ = status;
    return;
  }
  ++counters_.parts_unkept;
  if (unkept_parts_.Lasts(now_)) {
    Notice(absl::StrCat("units' deltas cannot be kept: ", status.message(),
                        "; it goes on when there is room"));
  }
}

// These have given what is wrong, so nothing counts any more that only they vouch for. Rounds that
// are being merged are in the master's table in part: they go as well.
void Coordinator::TakeBack(const std::set<std::string>& caught) {
  if (options_.audit_fraction <= 0) return;
  for (const std::string& who : caught) {
    const std::optional<uint64_t> since = unconfirmed_.Since(who);
    if (!since.has_value() || *since >= open_.first()) continue;
    back_to_ = std::min(*since, back_to_.value_or(*since));
    Notice(
        absl::StrFormat("what %s gave is worth nothing from round %d on: nobody has confirmed it",
                        NameForPeople(who), *since));
  }
  if (back_to_.has_value()) counters_.rounds_taken_back = open_.first() - *back_to_;
}

size_t Coordinator::MembersHeardOf() const {
  const auto& members = membership_.members();
  return std::count_if(members.begin(), members.end(), [this](const auto& member) {
    return now_ - member.second.heard < options_.lease_min;
  });
}

uint64_t Coordinator::confirmed_rounds() const {
  uint64_t confirmed = rounds();
  if (options_.audit_fraction <= 0) return confirmed;
  for (const auto& [identity, member] : membership_.members()) {
    confirmed = std::min(confirmed, unconfirmed_.Since(identity).value_or(confirmed));
  }
  return confirmed;
}

void Coordinator::RollBack(uint64_t round) {
  ++counters_.rolled_back;
  NoticeOf("roll back", "", absl::StrFormat("the units of round %d are collected again", round));
  open_.RollBack(round, now_);
  Broadcast(Resend{round});
}

void Coordinator::FinishRoundIfComplete() {
  const OpenRound* const round = open_.Find(open_.first());
  if (finisher_.is_busy() || round == nullptr || !round->IsComplete()) return;
  if (back_to_.has_value()) return;
  counters_.rounds_audited += round->is_audited();
  unconfirmed_.Note(*round);
  finisher_.Begin(*round);
  open_.Advance();
}

// A step of what there is to do for the round that is complete.
void Coordinator::Merge() {
  absl::StatusOr<RoundFinisher::Step> step = finisher_.TakeStep(now_);
  if (!step.ok()) {
    status_ = step.status();
    return;
  }
  switch (step->kind) {
    case RoundFinisher::Step::Kind::kIdle:
      return;
    case RoundFinisher::Step::Kind::kPaused:
      return Pause(step->trouble);
    case RoundFinisher::Step::Kind::kOn:
    case RoundFinisher::Step::Kind::kMerged:
      break;
  }
  if (full_disk_.Ends()) Notice("training goes on: there is room again");
  TellGrowth(*step);
  if (step->kind != RoundFinisher::Step::Kind::kMerged) return;
  OpenRoundsThatCan();
  open_.ForgetMerged();
  TellPlaces();
  TellAll();
  FinishRoundIfComplete();
}

bool Coordinator::is_summing() const {
  const OpenRound* const round = open_.FindResults(open_.first());
  return !finisher_.is_busy() && !back_to_.has_value() && section_sums_.IsDue(round);
}

// A step of what can be done for the round that is not complete.
void Coordinator::SumUp() {
  if (!status_.ok() || !is_summing()) return;
  const absl::Status status = section_sums_.TakeStep(open_.Find(open_.first()));
  if (!status.ok()) status_ = status;
}

// Workers fetch what is merged while the rest is. With lag they may be at units that start from the
// table as it is.
void Coordinator::TellGrowth(const RoundFinisher::Step& step) {
  if (step.checksums.empty()) return;
  std::vector<uint64_t>& known = checksums_[step.round];
  if (step.first_part == 0) known.clear();
  // Those beyond are not told of; a gap before later ones would be.
  const size_t room = RoundChecksums::kPartsMax - known.size();
  const auto end = step.checksums.begin() + std::min(room, step.checksums.size());
  known.insert(known.end(), step.checksums.begin(), end);
  if (checksums_.size() > kChecksummedRounds) checksums_.erase(checksums_.begin());
  if (options_.shape.meet_every > 1) return;
  Broadcast(RoundGrows{step.round, step.first_part, step.checksums});
}

void Coordinator::Pause(const absl::Status& full) {
  ++counters_.appends_failed;
  if (life_ == Life::kStoppingAtOnce) {
    finisher_.GiveUp();
  } else if (full_disk_.Lasts(now_)) {
    Notice(
        absl::StrFormat("training pauses: round %d cannot be stored: %s; it goes on when there "
                        "is room",
                        finisher_.round(), full.message()));
  }
}

void Coordinator::OpenRoundsThatCan() {
  if (life_ == Life::kTraining) open_.Open(rounds(), options_.rounds_total);
}

void Coordinator::NoteDurable() {
  if (!status_.ok() || done() || back_to_.has_value()) return;
  if (store_->durable_rounds() > durable_rounds_) {
    durable_rounds_ = store_->durable_rounds();
    TellAll();  // Whoever keeps results until then may forget them.
  }
  if (open_.is_collecting() || finisher_.is_busy() || durable_rounds_ < rounds()) return;
  life_ = Life::kDone;
  Broadcast(Refusal{RefusalReason::kDraining, "the run is complete or stops"});
}

void Coordinator::Stop(bool at_once, Nanos now) {
  now_ = now;
  if (done()) return;
  if (at_once) life_ = Life::kStoppingAtOnce;
  if (life_ == Life::kTraining) life_ = Life::kStopping;
  open_.Drop(open_.first() + (at_once ? 0 : 1));
  OpenRound* const last = open_.Find(open_.first());
  if (last != nullptr && options_.audit_fraction > 0 && IsMeeting(options_.shape, last->round())) {
    last->Audit();  // or what it gave would stay unconfirmed for ever
  }
  if (at_once) finisher_.RetryNow();
  NoteDurable();
}

void Coordinator::NoteWaivedAudits() {
  if (std::exchange(audits_waived_, counters_.audits_waived) == counters_.audits_waived) return;
  if (!waived_audits_.Lasts(now_)) return;
  Notice(absl::StrFormat(
      "audits are waived, %d so far: no second worker gives a result within %d s; wrong results of "
      "those units would be merged",
      counters_.audits_waived,
      std::chrono::duration_cast<std::chrono::seconds>(options_.audit_wait).count()));
}

void Coordinator::OnTick(Nanos now, bool is_idle) {
  now_ = now;
  if (!status_.ok() || back_to_.has_value()) return;
  Merge();
  if (is_idle) SumUp();
  for (const std::string& silent : membership_.SilentSince(now - options_.member_silence)) {
    membership_.Forget(silent);
  }
  leaser_.OnTick(membership_.members().size(), now);
  NoteWaivedAudits();
  FinishRoundIfComplete();
  NoteDurable();
}

}  // namespace nash
