// The entries and the door: who may speak, what is answered. What rounds do with what came is in
// coordinator_rounds.cc.
//
// A message passes Refuses() first, in the order in which an answer helps its sender most: another
// protocol, another run, an end, a ban, and last a generation or connection that we do not know,
// which costs it a new Hello only. Each refusal says why, in words for people.
//
// A frame that is whole and makes no sense was made by its sender: a member is shut out for it. One
// that was damaged on the way never comes here. Messages are answered at once, and no answer is
// kept: a worker that has lost one asks again. tests/coordinator/coordinator_test.cc plays single
// messages, disputes_test.cc two results that differ, tests/sim/ whole clusters.
#include "solver/coordinator/coordinator.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/overloaded.h"

namespace nash {

Coordinator::Coordinator(const CoordinatorOptions& options, Master* master, RoundStore* store,
                         PartSpool* spool, BucketSource* buckets, Nanos now)
    : options_(options),
      master_(master),
      store_(store),
      spool_(spool),
      buckets_(buckets),
      now_(now),
      membership_(options.members_max),
      open_(options_, spool, store->end_round()),
      unconfirmed_(store->end_round()),
      leaser_(options_, &open_, &counters_, now),
      section_sums_(options_, master, spool, &counters_),
      finisher_(options_, master, store, spool),
      durable_rounds_(store->durable_rounds()) {
  OpenRoundsThatCan();
  NoteDurable();
}

std::vector<Coordinator::Outgoing> Coordinator::TakeOutgoing() {
  return std::exchange(outgoing_, {});
}

std::vector<std::string> Coordinator::TakeNotices() {
  for (std::string& line : notice_limit_.TakeLeftOut(now_)) notices_.push_back(std::move(line));
  return std::exchange(notices_, {});
}

void Coordinator::NoticeOf(absl::string_view kind, absl::string_view peer, std::string text) {
  std::optional<std::string> notice = notice_limit_.Pass(kind, peer, std::move(text), now_);
  if (notice.has_value()) Notice(*std::move(notice));
}

CoordinatorEnvelope Coordinator::Wrap(CoordinatorMessage message) const {
  return {kProtocolVersion, options_.fingerprint, options_.generation, std::move(message)};
}

void Coordinator::Send(const std::string& connection, CoordinatorMessage message) {
  outgoing_.push_back({connection, Wrap(std::move(message))});
}

void Coordinator::Broadcast(const CoordinatorMessage& message) {
  for (const auto& [identity, member] : membership_.members()) Send(member.connection, message);
}

void Coordinator::Refuse(const std::string& connection, RefusalReason reason, std::string text) {
  ++counters_.refused;
  Send(connection, Refusal{reason, std::move(text)});
}

void Coordinator::OnMessage(const Sender& sender, const WorkerEnvelope& envelope, Nanos now,
                            const CheckedPart& checked) {
  now_ = now;
  if (!status_.ok() || back_to_.has_value() || Refuses(sender, envelope)) return;
  if (Member* member = membership_.Find(sender)) member->heard = now;
  std::visit(Overloaded{[&](const DeltaPart& part) { Handle(sender, part, checked); },
                        [&](const auto& message) { Handle(sender, message); }},
             envelope.message);
  NoteDurable();
}

void Coordinator::OnMalformed(const Sender& sender, absl::string_view what, Nanos now) {
  now_ = now;
  if (back_to_.has_value()) return;
  ++counters_.malformed;
  if (membership_.Find(sender) != nullptr) {
    Expel({sender.identity}, RefusalReason::kQuarantined, std::string(what));
  }
}

void Coordinator::OnOtherProtocol(const Sender& sender, absl::string_view what, Nanos now) {
  now_ = now;
  Refuse(sender.connection, RefusalReason::kProtocol, std::string(what));
}

bool Coordinator::Refuses(const Sender& sender, const WorkerEnvelope& envelope) {
  const std::string& to = sender.connection;
  const bool is_hello = std::holds_alternative<Hello>(envelope.message);
  if (envelope.protocol_version != kProtocolVersion) {
    Refuse(
        to, RefusalReason::kProtocol,
        absl::StrFormat("the coordinator speaks protocol version %d, the worker %d: run the same "
                        "release on both",
                        kProtocolVersion, envelope.protocol_version));
    return true;
  }
  if (envelope.fingerprint != options_.fingerprint && !(is_hello && envelope.fingerprint.empty())) {
    Refuse(to, RefusalReason::kFingerprint,
           absl::StrCat("the coordinator trains run ", options_.fingerprint, ", the worker run ",
                        envelope.fingerprint, ": give the worker no run, or the same"));
    return true;
  }
  if (done() && std::holds_alternative<Goodbye>(envelope.message)) {
    membership_.Forget(sender.identity);
    return true;
  }
  if (done()) {
    Refuse(to, RefusalReason::kDraining, "the run is complete or stops");
    return true;
  }
  const RefusalReason ban = membership_.BanOf(sender.identity);
  if (ban != RefusalReason::kInvalid) {
    Refuse(to, ban,
           ban == RefusalReason::kFull
               ? "a result of this worker differs from another's: it waits until a third decides"
               : "an operator must let this key in again");
    return true;
  }
  if (is_hello) return false;
  if (envelope.generation != options_.generation || membership_.Find(sender) == nullptr) {
    Refuse(to, RefusalReason::kGeneration,
           absl::StrFormat("generation %d of the coordinator does not know this connection (it "
                           "named generation %d): say Hello",
                           options_.generation, envelope.generation));
    return true;
  }
  return false;
}

void Coordinator::Handle(const Sender& sender, const Hello& hello) {
  const Membership::Admission admission = membership_.Admit(sender, hello, now_);
  switch (admission.refusal) {
    case RefusalReason::kInvalid:
      break;
    case RefusalReason::kSuperseded:
      ++counters_.superseded;
      Refuse(sender.connection, admission.refusal, "another process came later as the same worker");
      return;
    case RefusalReason::kFull:
      Refuse(sender.connection, admission.refusal,
             absl::StrFormat("there are %d workers already", options_.members_max));
      return;
    default:  // banned: refused before
      return;
  }
  if (!admission.superseded_connection.empty()) {
    ++counters_.superseded;
    Refuse(admission.superseded_connection, RefusalReason::kSuperseded,
           absl::StrCat(hello.worker_name,
                        " came with the same key: give every worker its own, or, "
                        "where the key is shared, another --name"));
  }
  if (admission.is_new_process) open_.DropLeasesOf(sender.identity);
  if (!admission.left_identity.empty()) open_.DropLeasesOf(admission.left_identity);
  const StoredRegrets stored = store_->newest_regrets();
  Send(sender.connection, Welcome{options_.definition, options_.buckets, stored.round, stored.parts,
                                  rounds(), options_.history});
}

void Coordinator::Handle(const Sender& sender, const Goodbye&) {
  membership_.Forget(sender.identity);
  open_.DropLeasesOf(sender.identity);
}

// For people only. A message that was overtaken says nothing new.
void Coordinator::Handle(const Sender& sender, const WorkerFigures& figures) {
  Member* const member = membership_.Find(sender);
  if (member->figures.has_value() && figures.milliseconds <= member->figures->milliseconds) return;
  const std::optional<WorkerFigures> before = std::exchange(member->figures, figures);
  if (!before.has_value()) return;
  const auto add = [&](uint64_t WorkerFigures::*figure) {
    worker_figures_.*figure += std::max(figures.*figure, (*before).*figure) - (*before).*figure;
  };
  add(&WorkerFigures::milliseconds);
  add(&WorkerFigures::waited_milliseconds);
  add(&WorkerFigures::touches);
  add(&WorkerFigures::processor_deals);
  add(&WorkerFigures::device_deals);
  for (const auto& [name, time] : kWorkerTimes) {
    worker_figures_.times.*time +=
        std::max(figures.times.*time, before->times.*time) - before->times.*time;
  }
}

void Coordinator::Handle(const Sender& sender, const FetchBuckets& fetch) {
  absl::StatusOr<std::string> bytes = buckets_->Read(fetch.content_hash, fetch.offset);
  if (!bytes.ok()) {
    NoticeOf("buckets", sender.identity,
             absl::StrCat("worker ", membership_.Find(sender)->name,
                          " cannot be sent buckets: ", bytes.status().message()));
    return;
  }
  Send(sender.connection, BucketPart{fetch.content_hash, fetch.offset, *std::move(bytes)});
}

void Coordinator::Handle(const Sender& sender, const FetchRegrets& fetch) {
  const uint32_t parts = std::min(fetch.parts, options_.fetch_parts_max);
  for (uint32_t i = 0; i < parts; ++i) {
    const uint32_t part = fetch.first_part + i;
    absl::StatusOr<EncodedRows> rows = store_->ReadStoredRegrets(fetch.round, part);
    if (!rows.ok()) {
      if (absl::IsNotFound(rows.status())) SendReload(sender, "its regrets are gone");
      return;
    }
    Send(sender.connection, RegretPart{fetch.round, part, *std::move(rows)});
  }
}

void Coordinator::Handle(const Sender& sender, const FetchRound& fetch) {
  const bool is_growing = finisher_.is_busy() && fetch.round == finisher_.round();
  if (fetch.round >= rounds() && !is_growing) return;
  if (fetch.round < store_->first_round()) {
    SendReload(sender, "the log does not reach back to its table");
    return;
  }
  // Not to whom is to run units that start before it: it may ask on behalf of others.
  if (!is_growing && fetch.first_part == 0 && !open_.HasWorkFor(sender.identity, fetch.round)) {
    SendRound(sender.connection, fetch.round);
  }
  const uint32_t all = is_growing ? finisher_.parts_told() : store_->Record(fetch.round).parts;
  const uint32_t first = std::min(fetch.first_part, all);
  const uint32_t parts = std::min({fetch.parts, options_.fetch_parts_max, all - first});
  for (uint32_t part = first; part < first + parts; ++part) {
    absl::StatusOr<EncodedRows> rows = store_->ReadRegrets(fetch.round, part);
    if (!rows.ok()) {
      NoticeOf("round", sender.identity,
               absl::StrCat("worker ", membership_.Find(sender)->name,
                            " cannot be sent a round: ", rows.status().message()));
      return;
    }
    Send(sender.connection, RoundPart{fetch.round, part, *std::move(rows)});
  }
}

void Coordinator::Handle(const Sender& sender, const FetchChecksums& fetch) {
  if (fetch.round >= rounds()) return;
  const auto known = checksums_.find(fetch.round);
  Send(sender.connection,
       RoundChecksums{fetch.round,
                      known == checksums_.end() ? std::vector<uint64_t>() : known->second});
}

void Coordinator::SendRound(const std::string& connection, uint64_t round) {
  const RoundRecord record = store_->Record(round);
  Send(connection,
       RoundMerged{round, record.parts, record.regret_hash, store_->durable_rounds(), rounds()});
}

// That it may follow the next round, where no unit waits for it where it is; else what is new.
void Coordinator::Tell(const std::string& identity, const Member& member) {
  uint64_t table = std::min(member.rounds, rounds());  // of one that has none: of the newest
  if (table < store_->first_round()) return;
  if (table == rounds() || open_.HasWorkFor(identity, table)) {
    if (table == store_->first_round()) return;
    --table;  // it has this one already
  }
  SendRound(member.connection, table);
}

void Coordinator::TellAll() {
  for (const auto& [identity, member] : membership_.members()) Tell(identity, member);
}

// Who passes the rounds on that are merged from now on. Where it is lost, the place of before is
// good enough: what a worker does not get there it asks us for.
void Coordinator::TellPlaces() {
  const RelayRules rules{options_.relay_fanout, rounds(), now_ - options_.lease_min};
  const std::map<std::string, RelayPlace> places = RelayPlaces(membership_.members(), rules);
  if (places.empty() && !has_relays_) return;
  has_relays_ = !places.empty();
  for (const auto& [identity, member] : membership_.members()) {
    const auto place = places.find(identity);
    Send(member.connection, place == places.end() ? RelayPlace() : place->second);
  }
}

void Coordinator::Handle(const Sender& sender, const FetchStart& fetch) {
  if (options_.shape.meet_every == 1) return;  // every unit starts from a table alone
  const OpenRound* const round = open_.FindResults(fetch.round);
  if (round == nullptr || fetch.unit >= round->num_units()) return;
  const RoundResults& results = round->results();
  if (!results.IsWhole(fetch.unit)) return;
  const uint32_t all = results.claims(fetch.unit).begin()->second.parts;
  const uint32_t first = std::min(fetch.first_part, all);
  const uint32_t parts = std::min({fetch.parts, options_.fetch_parts_max, all - first});
  for (uint32_t part = first; part < first + parts; ++part) {
    absl::StatusOr<EncodedRows> rows =
        spool_->Get(fetch.round, results.TicketOf({fetch.unit, part}));
    if (!rows.ok()) {
      status_ = rows.status();
      return;
    }
    Send(sender.connection, StartPart{fetch.round, fetch.unit, part, *std::move(rows)});
  }
}

void Coordinator::SendReload(const Sender& sender, absl::string_view why) {
  Member& member = *membership_.Find(sender);
  // Its next messages may have been on their way already.
  if (member.reloaded != Nanos::min() && now_ < member.reloaded + options_.reload_pause) return;
  member.reloaded = now_;
  member.rounds = Hello::kNoTable;
  ++counters_.reloads;
  open_.DropLeasesOf(sender.identity);
  const StoredRegrets stored = store_->newest_regrets();
  NoticeOf("reload", sender.identity,
           absl::StrFormat("worker %s loads the regrets of round %d: %s",
                           NameForPeople(sender.identity, member), stored.round, why));
  Send(sender.connection, Reload{stored.round, stored.parts});
}

void Coordinator::Revoke(const std::string& name, Nanos now) {
  now_ = now;
  Expel({name}, RefusalReason::kRevoked, "its key was taken back");
}

void Coordinator::Expel(const std::set<std::string>& names, RefusalReason reason,
                        const std::string& text) {
  std::optional<uint64_t> tainted;
  std::set<std::string> caught;
  for (const std::string& name : names) {
    const RefusalReason ban = membership_.BanOf(name);
    if (ban != RefusalReason::kInvalid && ban != RefusalReason::kFull) continue;
    for (const std::string& identity : membership_.MembersOf(name)) {
      const Member& member = membership_.members().at(identity);
      NoticeOf("shut out", identity,
               absl::StrCat("worker ", NameForPeople(identity, member),
                            reason == RefusalReason::kFull
                                ? " waits outside until a third result decides: "
                                : " is shut out: ",
                            text));
      Refuse(member.connection, reason, text);
    }
    if (reason == RefusalReason::kQuarantined) {
      ++counters_.quarantined;
      caught.insert(name);
    }
    membership_.Ban(name, reason);
    const std::optional<uint64_t> first = open_.FirstWith(name);
    if (first) tainted = std::min(*first, tainted.value_or(*first));
  }
  if (tainted) RollBack(*tainted);
  for (const std::string& name : names) open_.DropLeasesOf(name);
  TakeBack(caught);
}

}  // namespace nash
