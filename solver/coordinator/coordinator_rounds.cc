// The part of the coordinator that leases units and makes rounds of their results.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/coordinator/coordinator.h"

namespace nash {
namespace {

uint32_t Milliseconds(Nanos time) {
  return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

Nanos Times(double factor, Nanos time) {
  return Nanos(static_cast<int64_t>(factor * static_cast<double>(time.count())));
}

}  // namespace

Nanos Coordinator::LeaseTime() const {
  if (mean_unit_time_ == Nanos(0)) return options_.lease_max;
  return std::clamp(Times(options_.lease_factor, mean_unit_time_), options_.lease_min,
                    options_.lease_max);
}

// A unit that runs for so long is leased to another as well.
Nanos Coordinator::SlowAfter() const {
  if (mean_unit_time_ == Nanos(0)) return options_.lease_max;
  return std::max(options_.second_lease_min, Times(options_.second_lease_factor, mean_unit_time_));
}

void Coordinator::NoteUnitTime(OpenRound* round, uint32_t unit, const std::string& who) {
  const auto& holders = round->leases().holders(unit);
  const auto holder = holders.find(who);
  if (holder == holders.end()) return;
  const Nanos time = std::max(now_ - holder->second.granted, Nanos(1));
  mean_unit_time_ = mean_unit_time_ == Nanos(0) ? time : (7 * mean_unit_time_ + time) / 8;
}

void Coordinator::Handle(const Sender& sender, const Following& following) {
  Member& member = *membership_.Find(sender);
  member.rounds = following.rounds;
  if (following.rounds == Following::kNoTable || !IsInStep(sender, following)) return;
  // An answer shows that we are there, and says what is durable.
  if (!RenewAndGrant(sender, following)) Tell(sender.identity, member);
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
  const StoredSnapshot snapshot = store_->newest_snapshot();
  uint64_t expected;
  if (following.rounds > store_->first_round()) {
    expected = store_->Record(following.rounds - 1).regret_hash;
  } else if (following.rounds == snapshot.round) {
    expected = snapshot.regret_hash;
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

// Returns whether it was given something.
bool Coordinator::RenewAndGrant(const Sender& sender, const Following& following) {
  const std::string& who = sender.identity;
  uint32_t wanted = std::min(following.units_wanted, options_.leases_per_member_max);
  bool has_answer = false;
  const auto grant = [&](const UnitName& name) {
    has_answer = true;
    Send(sender.connection,
         Lease{name, Milliseconds(LeaseTime()), open_.StartOf(name.round, name.unit)->parts});
  };
  for (const UnitName& name : following.held) {
    OpenRound* const round = open_.Find(name);
    if (round != nullptr && name.unit < round->num_units()) {
      round->leases().Renew(name.unit, who, now_);
    }
  }
  open_.ForEach([&](OpenRound& round) {
    LeaseBoard& leases = round.leases();
    for (uint32_t unit = 0; unit < round.num_units() && wanted > 0; ++unit) {
      const auto holder = leases.holders(unit).find(who);
      if (holder == leases.holders(unit).end() || round.results().HasClaimOf(unit, who)) continue;
      const UnitName name = open_.NameOf(round.round(), unit);
      if (std::count(following.held.begin(), following.held.end(), name) > 0) continue;
      if (BaseOf(options_.shape, name.round) != following.rounds) {
        leases.Drop(unit, who);  // its table has gone past it
        continue;
      }
      --wanted;  // it is on its way, or was lost there
      if (now_ < holder->second.sent + options_.lease_resend) continue;
      ++counters_.leases_resent;
      leases.Resent(unit, who, now_);
      if (open_.Find(name) != nullptr) grant(name);
    }
  });
  for (; wanted > 0; --wanted) {
    const auto choice = open_.Choose(who, following.rounds, now_, SlowAfter());
    if (!choice) break;
    ++counters_.leases_granted;
    counters_.leases_second += choice->is_second;
    choice->round->leases().Grant(choice->unit, who, now_);
    grant(open_.NameOf(choice->round->round(), choice->unit));
  }
  return has_answer;
}

// Lag 1: a unit that has lost its worker starts from an older table than everybody has by now.
// Somebody must go back to it.
void Coordinator::ReloadIfNeeded(const Sender& sender, const Following& following) {
  if (!open_.LacksOlderThan(following.rounds)) return;
  for (const auto& [identity, member] : membership_.members()) {
    const bool may_come = member.rounds == Hello::kNoTable || member.rounds < following.rounds;
    if (may_come && now_ - member.heard < LeaseTime()) return;
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
    Expel(arrival.culprits, RefusalReason::kQuarantined, arrival.text);
    return;
  }
  Send(sender.connection, received);
  if (arrival.kind == Arrival::Kind::kNew && round->results().IsWhole(name.unit)) {
    AcknowledgeUnit(round, name.unit);
  }
}

void Coordinator::Handle(const Sender& sender, const UnitDone& done) {
  // Then its sender need not keep it, and has room for others.
  if (IsLate(done.name) || open_.IsStale(done.name)) {
    Send(sender.connection, UnitReceived{done.name});
    return;
  }
  OpenRound* const round = open_.Find(done.name);
  if (round == nullptr) return;
  const uint32_t unit = done.name.unit;
  const Arrival arrival =
      round->results().Claim(unit, {done.parts, done.touches, done.checksum}, sender.identity);
  if (arrival.kind == Arrival::Kind::kImpossible) {
    Expel(arrival.culprits, RefusalReason::kQuarantined, arrival.text);
    return;
  }
  if (arrival.kind == Arrival::Kind::kNew) {
    ++counters_.units_done;
    ++membership_.Find(sender)->units_done;
    NoteUnitTime(round, unit, sender.identity);
  }
  if (round->results().IsWhole(unit)) AcknowledgeUnit(round, unit);
}

// Tells everybody who gave this result, and ends the round if it was the last.
void Coordinator::AcknowledgeUnit(OpenRound* round, uint32_t unit) {
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

void Coordinator::RollBack(uint64_t round) {
  ++counters_.rolled_back;
  Notice(absl::StrFormat("the units of round %d are collected again", round));
  open_.RollBack(round, now_);
  Broadcast(Resend{round});
}

void Coordinator::FinishRoundIfComplete() {
  const OpenRound* const round = open_.Find(open_.first());
  if (pending_ || round == nullptr || !round->IsComplete()) return;
  pending_.emplace();
  pending_->record.round = round->round();
  pending_->record.touches = round->results().Touches();
  pending_->sections = round->results().BySection(master_->num_sections());
  open_.Advance();
}

// A step of what there is to do for the round that is complete.
void Coordinator::Merge() {
  const absl::Status status = MergeAndAppend();
  if (absl::IsResourceExhausted(status)) return Pause(status);
  if (!status.ok()) {
    status_ = status;
    return;
  }
  if (full_disk_.Ends()) Notice("training goes on: there is room again");
  pending_->retry_at = Nanos(0);
  if (rounds() == pending_->record.round) return;  // not its last step
  pending_.reset();
  OpenRoundsThatCan();
  open_.ForgetMerged();
  TellAll();
  FinishRoundIfComplete();
}

absl::Status Coordinator::MergeAndAppend() {
  if (!pending_->is_begun) RETURN_IF_ERROR(store_->RoomForRound());
  pending_->is_begun = true;
  if (pending_->is_ended) return store_->EndRound(pending_->record);
  if (pending_->appended == pending_->parts.size() && !master_->is_merged()) {
    const SectionReader read = [this](size_t section) -> absl::StatusOr<std::vector<EncodedRows>> {
      std::vector<EncodedRows> parts;
      for (const PartSpool::Ticket ticket : pending_->sections[section]) {
        ASSIGN_OR_RETURN(EncodedRows part, spool_->Get(pending_->record.round, ticket));
        parts.push_back(std::move(part));
      }
      return parts;
    };
    ASSIGN_OR_RETURN(pending_->parts, master_->MergeNext(read));
    pending_->record.parts += static_cast<uint32_t>(pending_->parts.size());
    pending_->appended = 0;
  }
  for (; pending_->appended < pending_->parts.size(); ++pending_->appended) {
    RETURN_IF_ERROR(store_->AppendPart(pending_->parts[pending_->appended]));
  }
  if (!master_->is_merged()) return absl::OkStatus();
  master_->EndMerge();
  pending_->record.regret_hash = master_->regret_hash();
  pending_->is_ended = true;
  return store_->EndRound(pending_->record);
}

void Coordinator::Pause(const absl::Status& full) {
  ++counters_.appends_failed;
  if (stops_at_once_) {
    gave_up_ = pending_->is_begun;
    pending_.reset();
    return;
  }
  if (full_disk_.Lasts(now_)) {
    Notice(
        absl::StrFormat("training pauses: round %d cannot be stored: %s; it goes on when there "
                        "is room",
                        pending_->record.round, full.message()));
  }
  pending_->retry_at = now_ + options_.append_retry;
}

void Coordinator::OpenRoundsThatCan() {
  if (!stopping_) open_.Open(rounds(), options_.rounds_total);
}

void Coordinator::NoteDurable() {
  if (!status_.ok() || done_) return;
  if (store_->durable_rounds() > durable_rounds_) {
    durable_rounds_ = store_->durable_rounds();
    TellAll();  // Whoever keeps results until then may forget them.
  }
  if (open_.is_collecting() || pending_ || durable_rounds_ < rounds()) return;
  done_ = true;
  Broadcast(Refusal{RefusalReason::kDraining, "the run is complete or stops"});
}

void Coordinator::Stop(bool at_once, Nanos now) {
  now_ = now;
  stopping_ = true;
  stops_at_once_ = stops_at_once_ || at_once;
  open_.Drop(open_.first() + (at_once ? 0 : 1));
  if (at_once && pending_) pending_->retry_at = Nanos(0);
  NoteDurable();
}

void Coordinator::OnTick(Nanos now) {
  now_ = now;
  if (!status_.ok()) return;
  if (pending_ && now >= pending_->retry_at) Merge();
  for (const std::string& silent : membership_.SilentSince(now - options_.member_silence)) {
    membership_.Forget(silent);
  }
  if (membership_.members().size() > 1) audits_possible_ = now;
  const bool is_alone = now - audits_possible_ >= options_.audit_wait;
  open_.ForEach([&](OpenRound& round) {
    counters_.leases_expired += round.leases().Expire(now - LeaseTime());
    counters_.audits_waived += round.WaiveAudits(is_alone ? now : now - options_.audit_wait);
  });
  FinishRoundIfComplete();
  NoteDurable();
}

}  // namespace nash
