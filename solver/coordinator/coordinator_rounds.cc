// The part of the coordinator that leases units and makes rounds of their results.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
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

void Coordinator::NoteUnitTime(uint32_t unit, const std::string& who) {
  const auto& holders = open_->leases().holders(unit);
  const auto holder = holders.find(who);
  if (holder == holders.end()) return;
  const Nanos time = std::max(now_ - holder->second.granted, Nanos(1));
  mean_unit_time_ = mean_unit_time_ == Nanos(0) ? time : (7 * mean_unit_time_ + time) / 8;
}

void Coordinator::Handle(const Sender& sender, const Following& following) {
  membership_.Find(sender)->rounds = following.rounds;
  if (following.rounds == Following::kNoTable || !IsInStep(sender, following)) return;
  if (following.rounds < rounds()) {
    SendRound(sender.connection, following.rounds);
  } else {
    RenewAndGrant(sender, following);
  }
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

void Coordinator::RenewAndGrant(const Sender& sender, const Following& following) {
  const std::string& who = sender.identity;
  uint32_t wanted = std::min(following.units_wanted, options_.leases_per_member_max);
  bool has_answer = false;
  const auto grant = [&](uint32_t unit) {
    has_answer = true;
    Send(sender.connection, Lease{{open_->round(), unit}, Milliseconds(LeaseTime())});
  };
  if (open_) {
    LeaseBoard& leases = open_->leases();
    for (const UnitName& name : following.held) {
      if (name.round == open_->round() && name.unit < open_->num_units()) {
        leases.Renew(name.unit, who, now_);
      }
    }
    for (uint32_t unit = 0; unit < open_->num_units() && wanted > 0; ++unit) {
      const auto holder = leases.holders(unit).find(who);
      if (holder == leases.holders(unit).end() || open_->results().HasClaimOf(unit, who) ||
          std::count(following.held.begin(), following.held.end(), UnitName{open_->round(), unit}) >
              0) {
        continue;
      }
      --wanted;  // it is on its way, or was lost there
      if (now_ < holder->second.sent + options_.lease_resend) continue;
      ++counters_.leases_resent;
      leases.Resent(unit, who, now_);
      grant(unit);
    }
    const Nanos slow_after = mean_unit_time_ == Nanos(0)
                                 ? options_.lease_max
                                 : std::max(options_.second_lease_min,
                                            Times(options_.second_lease_factor, mean_unit_time_));
    for (; wanted > 0; --wanted) {
      const std::optional<OpenRound::Choice> choice = open_->Choose(who, now_, slow_after);
      if (!choice) break;
      ++counters_.leases_granted;
      counters_.leases_second += choice->is_second;
      leases.Grant(choice->unit, who, now_);
      grant(choice->unit);
    }
  }
  // An answer shows that we are there, and says what is durable.
  if (!has_answer && rounds() > store_->first_round()) SendRound(sender.connection, rounds() - 1);
}

void Coordinator::Handle(const Sender& sender, const DeltaPart& part) {
  const PartReceived received{part.name, part.part};
  if (part.name.round < rounds() || (pending_ && part.name.round == rounds())) {
    ++counters_.parts_late;
    Send(sender.connection, received);
    return;
  }
  if (!open_ || part.name.round > open_->round()) return;  // of a future that was lost
  const PartName name{part.name.unit, part.part};
  Arrival arrival = open_->results().Look(name, part.rows.checksum, sender.identity);
  if (arrival.kind == Arrival::Kind::kNew) {
    const absl::StatusOr<PartPlace> place = master_->Check(part.rows);
    if (place.ok()) {
      const absl::StatusOr<PartSpool::Ticket> ticket = spool_->Put(part.rows);
      if (!ticket.ok()) return CannotKeep(ticket.status());
      arrival = open_->results().Place(name, part.rows.checksum, *place, *ticket, sender.identity);
      counters_.parts_taken += arrival.kind == Arrival::Kind::kNew;
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
  if (arrival.kind == Arrival::Kind::kNew && open_->results().IsWhole(name.unit)) {
    AcknowledgeUnit(name.unit);
  }
}

void Coordinator::Handle(const Sender& sender, const UnitDone& done) {
  if (done.name.round < rounds() || (pending_ && done.name.round == rounds())) {
    Send(sender.connection, UnitReceived{done.name});
    return;
  }
  if (!open_ || done.name.round > open_->round()) return;
  const uint32_t unit = done.name.unit;
  const Arrival arrival =
      open_->results().Claim(unit, {done.parts, done.touches, done.checksum}, sender.identity);
  if (arrival.kind == Arrival::Kind::kImpossible) {
    Expel(arrival.culprits, RefusalReason::kQuarantined, arrival.text);
    return;
  }
  if (arrival.kind == Arrival::Kind::kNew) {
    ++counters_.units_done;
    ++membership_.Find(sender)->units_done;
    NoteUnitTime(unit, sender.identity);
  }
  if (open_->results().IsWhole(unit)) AcknowledgeUnit(unit);
}

// Tells everybody who gave this result, and ends the round if it was the last.
void Coordinator::AcknowledgeUnit(uint32_t unit) {
  open_->Note(unit, now_);
  for (const auto& [who, claim] : open_->results().claims(unit)) {
    const auto member = membership_.members().find(who);
    if (member == membership_.members().end()) continue;
    Send(member->second.connection, UnitReceived{{open_->round(), unit}});
  }
  FinishRoundIfComplete();
}

// Its sender sends it again.
void Coordinator::CannotKeep(const absl::Status& status) {
  if (!absl::IsResourceExhausted(status)) {
    status_ = status;
    return;
  }
  if (counters_.parts_unkept++ == 0) {
    Notice(absl::StrCat("units' deltas cannot be kept: ", status.message(),
                        "; it goes on when there is room"));
  }
}

void Coordinator::RollBack() {
  ++counters_.rolled_back;
  Notice(absl::StrFormat("the units of round %d are collected again", open_->round()));
  open_->RollBack(now_);
  status_.Update(spool_->Clear());
  Broadcast(Resend{open_->round()});
}

void Coordinator::FinishRoundIfComplete() {
  if (!open_ || !open_->IsComplete()) return;
  pending_.emplace();
  pending_->record.round = open_->round();
  pending_->record.touches = open_->results().Touches();
  pending_->sections = open_->results().BySection(master_->num_sections());
  open_.reset();
}

// A step of what there is to do for the round that is complete.
void Coordinator::Merge() {
  const bool was_paused = pending_->retry_at != Nanos(0);
  const absl::Status status = MergeAndAppend();
  if (absl::IsResourceExhausted(status)) return Pause(status);
  if (!status.ok()) {
    status_ = status;
    return;
  }
  if (was_paused) {
    Notice("training goes on: there is room again");
    pending_->retry_at = Nanos(0);
  }
  if (rounds() == pending_->record.round) return;  // not its last step
  pending_.reset();
  status_.Update(spool_->Clear());
  OpenNextRound();
  const uint64_t round = rounds() - 1;
  for (const auto& [identity, member] : membership_.members()) SendRound(member.connection, round);
}

absl::Status Coordinator::MergeAndAppend() {
  if (pending_->is_ended) return store_->EndRound(pending_->record);
  if (pending_->appended == pending_->parts.size() && !master_->is_merged()) {
    const SectionReader read = [this](size_t section) -> absl::StatusOr<std::vector<EncodedRows>> {
      std::vector<EncodedRows> parts;
      for (const PartSpool::Ticket ticket : pending_->sections[section]) {
        ASSIGN_OR_RETURN(EncodedRows part, spool_->Get(ticket));
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
    gave_up_ = true;
    pending_.reset();
    return;
  }
  if (pending_->retry_at == Nanos(0)) {
    Notice(
        absl::StrFormat("training pauses: round %d cannot be stored: %s; it goes on when there "
                        "is room",
                        pending_->record.round, full.message()));
  }
  pending_->retry_at = now_ + options_.append_retry;
}

void Coordinator::OpenNextRound() {
  if (!stopping_ && rounds() < options_.rounds_total) open_.emplace(rounds(), options_);
}

void Coordinator::NoteDurable() {
  if (!status_.ok() || done_) return;
  if (store_->durable_rounds() > durable_rounds_) {
    durable_rounds_ = store_->durable_rounds();
    // Whoever keeps results until then may forget them.
    for (const auto& [identity, member] : membership_.members()) {
      SendRound(member.connection, rounds() - 1);
    }
  }
  if (open_ || pending_ || durable_rounds_ < rounds()) return;
  done_ = true;
  Broadcast(Refusal{RefusalReason::kDraining, "the run is complete or stops"});
}

void Coordinator::Stop(bool at_once, Nanos now) {
  now_ = now;
  stopping_ = true;
  stops_at_once_ = stops_at_once_ || at_once;
  if (at_once) open_.reset();
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
  if (open_) {
    counters_.leases_expired += open_->leases().Expire(now - LeaseTime());
    const bool is_alone = now - audits_possible_ >= options_.audit_wait;
    counters_.audits_waived += open_->WaiveAudits(is_alone ? now : now - options_.audit_wait);
    FinishRoundIfComplete();
  }
  NoteDurable();
}

}  // namespace nash
