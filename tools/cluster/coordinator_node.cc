// A turn of Serve(): frames come in, are opened and checked on all threads of the pool (Open(),
// where deltas are decoded), and go to the coordinator one by one, in the order in which they came
// (Deliver()). Then comes the tick, then all that is to go out. Only this thread touches the
// coordinator and the table; while a round is merged, turns do not wait for frames.
//
// After each entry TakeMergedRounds() looks whether the table has come further, because reports and
// checkpoints belong between rounds. A checkpoint that is being written is finished before the next
// merge begins: the table holds one moment only.
//
// At the end workers are sent home and waited for, a second or three: those that ask meanwhile hear
// that it is over, the others find no one there. tests/tools/cluster_test.sh and its kin run it.
#include "tools/cluster/coordinator_node.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "proto/codec.h"
#include "solver/checkpoint/reader.h"
#include "solver/coordinator/run_store.h"
#include "solver/coordinator/table_master.h"
#include "solver/coordinator/taken_back.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/memory_plan.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// After the end, for workers to hear of it: those that may just be coming, and those that are
// there.
constexpr double kFarewellSeconds = 1;
constexpr double kFarewellSecondsMax = 3;

Nanos Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// Whether the frame's header is ours and its checksum right: then its sender made it so.
bool IsWhole(absl::string_view frame) {
  return frame.size() > kFrameHeaderBytes && SealMessage(frame.substr(kFrameHeaderBytes)) == frame;
}

uint64_t RoundsWanted(const LoopOptions& limits, const RoundShape& shape) {
  constexpr uint64_t kForEver = uint64_t{1} << 60;
  const uint64_t iterations = TargetIterations(limits, shape);
  if (iterations == 0) return kForEver;
  return (iterations + shape.DealsPerRound() - 1) / shape.DealsPerRound();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ClusterPort>> ClusterPort::Open(const ClusterOptions& options) {
  RETURN_IF_ERROR(ChannelContext::CheckLimits());
  auto port = std::make_unique<ClusterPort>();
  CoordinatorChannel::Options listen = options.channel;
  listen.endpoints.push_back(kLocalEndpoint);
  ASSIGN_OR_RETURN(port->channel, CoordinatorChannel::Listen(&port->context, listen));
  return port;
}

CoordinatorNode::CoordinatorNode(const LoopOptions& limits, const ClusterOptions& cluster,
                                 const Setup& setup)
    : limits_(limits),
      cluster_(cluster),
      setup_(setup),
      reporter_(
          {.num_threads = 1,
           .quantum_chips = setup.run->definition().algorithm.quantum_chips,
           .every_seconds = limits.report_every_seconds,
           .target = TargetOf(limits, setup.run->definition().round),
           .shape = setup.run->definition().round,
           .memory_plan = limits.memory_plan,
           .yardstick = limits.yardstick,
           .metrics_server = limits.metrics_server,
           .tensorboard = limits.tensorboard},
          [this] { return Sample(); }, *setup.table, setup.folder),
      buckets_(setup.run->bucket_folder()),
      arbiter_(&setup.port->context, cluster.local, *setup.run,
               [this](const std::string& text) { reporter_.Say(text); }),
      news_(setup.run->definition().round.units) {}

absl::Status CoordinatorNode::Run() {
  RETURN_IF_ERROR(Start());
  RETURN_IF_ERROR(Serve());
  reporter_.Finish();
  if (coordinator_->gave_up()) {
    return absl::ResourceExhaustedError(
        "the last round found no room on the disk and was given up; free space there, then "
        "--resume");
  }
  return table_->Finish();
}

TrainingSample CoordinatorNode::Sample() const {
  TrainingSample sample;
  sample.progress = *setup_.progress;
  ClusterSample cluster;
  cluster.workers = static_cast<int>(news_.present());
  cluster.member_seconds = member_seconds_;
  cluster.idle_seconds = idle_seconds_;
  cluster.is_paused = coordinator_->is_paused();
  cluster.log_bytes = table_->store().log_bytes();
  cluster.appended_bytes = table_->store().appended_bytes();
  cluster.received_bytes = received_bytes_;
  cluster.sent_bytes = sent_bytes_;
  cluster.units_in_flight = coordinator_->UnitsInFlight();
  cluster.results_memory_bytes = spool_->bytes_in_memory();
  cluster.results_disk_bytes = spool_->bytes_on_disk();
  cluster.times = times_;
  cluster.times.log_seconds += former_sync_seconds_ + table_->sync_seconds();
  cluster.counters = former_counters_;
  cluster.counters += coordinator_->counters();
  sample.checkpoints = table_->checkpoints();
  const WorkerFigures& workers = coordinator_->worker_figures();
  cluster.worker_seconds = workers.milliseconds / 1e3;
  cluster.worker_times = workers.times;
  sample.prepare_waited_seconds = workers.waited_milliseconds / 1e3;
  sample.lookups = {workers.processor_deals, workers.device_deals};
  for (const auto& [identity, member] : coordinator_->membership().members()) {
    cluster.worker_threads += static_cast<int>(member.threads);
    if (member.figures.has_value()) {
      cluster.workers_resident_bytes += member.figures->resident_bytes;
    }
  }
  sample.cluster = cluster;
  return sample;
}

absl::StatusOr<CoordinatorOptions> CoordinatorNode::MakeCoordinatorOptions() const {
  const RunDefinition& definition = setup_.run->definition();
  CoordinatorOptions options;
  options.fingerprint = Fingerprint(definition);
  options.definition = CanonicalText(definition);
  ASSIGN_OR_RETURN(options.buckets, BucketFilesOf(*setup_.run));
  options.shape = definition.round;
  options.unit_parts_max = UnitPartsMax(setup_.run->layout());
  options.rounds_total = std::max(RoundsWanted(limits_, definition.round), setup_.progress->rounds);
  options.relay_fanout = cluster_.relay_fanout;
  options.audit_fraction = cluster_.audit_fraction;
  ASSIGN_OR_RETURN(const TakenBack taken_back, ReadTakenBack(setup_.folder->path()));
  options.history = taken_back.history;
  ASSIGN_OR_RETURN(options.generation, NextGeneration(setup_.folder->path()));
  // Rounds that are run again must not be audited as workers have seen it before.
  options.audit_secret = cluster_.audit_secret + options.generation;
  return options;
}

// On what the folder holds and setup_.table has been loaded with.
absl::Status CoordinatorNode::StartCoordinator() {
  coordinator_.reset();
  spool_.emplace(kSpoolMemoryBytes, setup_.folder->path());
  table_.emplace(limits_, *setup_.run, setup_.pool, setup_.table, *setup_.folder, &reporter_,
                 setup_.progress);
  RETURN_IF_ERROR(table_->Open());
  ASSIGN_OR_RETURN(const CoordinatorOptions options, MakeCoordinatorOptions());
  timed_master_.emplace(table_->master(), &times_);
  timed_store_.emplace(table_->store(), &times_);
  coordinator_ = std::make_unique<Coordinator>(options, &*timed_master_, &*timed_store_, &*spool_,
                                               &buckets_, Now());
  for (const std::string& name : shut_out_) coordinator_->Quarantine(name);
  return absl::OkStatus();
}

// Everything anew from an earlier round, as after a crash, but that connections and workers of this
// process stay: they hear of the new generation and join it.
absl::Status CoordinatorNode::GoBackIfDue() {
  if (!coordinator_->back_to().has_value()) return absl::OkStatus();
  SendAll();
  KeepQuarantine();
  shut_out_ = coordinator_->membership().BannedFor(RefusalReason::kQuarantined);
  const absl::Status written = table_->FinishWriting();
  if (!written.ok()) reporter_.Say(absl::StrCat("warning: ", written.message()));
  const std::string& folder = setup_.folder->path();
  const uint64_t wanted = *coordinator_->back_to();
  const uint64_t from = coordinator_->rounds();
  ASSIGN_OR_RETURN(TakenBack taken_back, ReadTakenBack(folder));
  ASSIGN_OR_RETURN(taken_back.round, table_->store()->WayBackTo(wanted));
  ASSIGN_OR_RETURN(taken_back.generation, LastGeneration(folder));
  ++taken_back.history;
  RETURN_IF_ERROR(WriteTakenBack(folder, taken_back));
  former_counters_ += coordinator_->counters();
  former_sync_seconds_ += table_->sync_seconds();
  coordinator_.reset();
  table_.reset();
  RETURN_IF_ERROR(RemoveTakenBack(folder));
  RETURN_IF_ERROR(LoadNewest());
  RETURN_IF_ERROR(StartCoordinator());
  stopping_ = stops_at_once_ = false;
  reporter_.GoneBack();
  reporter_.Say(
      absl::StrFormat("the run goes back from %d rounds to %d%s", from, setup_.progress->rounds,
                      setup_.progress->rounds > wanted
                          ? ", as far as checkpoints reach: what the worker that was shut "
                            "out gave before stays, and nobody has confirmed it"
                          : ""));
  return absl::OkStatus();
}

absl::Status CoordinatorNode::LoadNewest() {
  setup_.table->Clear(setup_.pool);
  *setup_.progress = Progress();
  const RunDefinition& definition = setup_.run->definition();
  const absl::StatusOr<FoundCheckpoint> found = LoadNewestValid(
      setup_.folder->path(), CanonicalText(definition), Fingerprint(definition), setup_.table);
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  RETURN_IF_ERROR(found.status());
  TellOfDamaged(found->notes);
  const RunPosition& position = found->checkpoint.manifest().position;
  *setup_.progress = {position.round, position.iterations, position.touches};
  return absl::OkStatus();
}

absl::Status CoordinatorNode::Start() {
  RETURN_IF_ERROR(StartCoordinator());
  if (cluster_.channel.keys.has_value()) {
    ASSIGN_OR_RETURN(quarantine_, QuarantineList::Open(setup_.folder->path()));
    for (const std::string& name : quarantine_->names()) {
      coordinator_->Quarantine(name);
      reporter_.Say(absl::StrCat(name, " is quarantined since an earlier start"));
    }
  }
  if (cluster_.audit_fraction > 0) {
    reporter_.Say(absl::StrFormat(
        "audits: two workers each run the units of %g%% of the rounds (--audit_fraction)",
        100 * cluster_.audit_fraction));
  } else if (!cluster_.channel.endpoints.empty()) {
    reporter_.Say("audits: none (--audit_fraction=0): wrong results of workers are merged");
  }
  reporter_.Begin();
  ASSIGN_OR_RETURN(const uint64_t generation, LastGeneration(setup_.folder->path()));
  std::vector<std::string> endpoints = setup_.port->channel->endpoints();
  if (cluster_.local.count == 0) std::erase(endpoints, kLocalEndpoint);  // for an arbiter
  reporter_.Say(absl::StrFormat("listening on %s, generation %d, round %d",
                                absl::StrJoin(endpoints, ", "), generation,
                                setup_.progress->rounds));
  return absl::OkStatus();
}

absl::Status CoordinatorNode::Serve() {
  LocalWorkers workers(&setup_.port->context, cluster_.local, *setup_.run);
  std::optional<double> end;
  bool had_members = false;  // at the end
  const auto is_over = [&] {
    if (!end.has_value() || workers.running() > 0) return false;
    if (arbiter_.is_running()) return false;
    if (workers_wait_ || (!had_members && !HasMembers())) return true;
    return reporter_.Seconds() - *end > (HasMembers() ? kFarewellSecondsMax : kFarewellSeconds);
  };
  while (!is_over()) {
    RETURN_IF_ERROR(Receive());
    RETURN_IF_ERROR(GoBackIfDue());
    NoteMembers();
    SendAll();
    RETURN_IF_ERROR(table_->Step());
    reporter_.ReportIfDue();
    StopIfDue(&workers);
    arbiter_.Step(*coordinator_, Now());
    if (!end.has_value() && coordinator_->done()) {
      end = reporter_.Seconds();
      had_members = HasMembers();
    }
  }
  return absl::OkStatus();
}

// Who is there, and for how long they had nothing to do.
void CoordinatorNode::NoteMembers() {
  for (const std::string& line : news_.Update(coordinator_->membership(), Now())) {
    reporter_.Say(line);
  }
  const double now = reporter_.Seconds();
  const double seconds = now - std::exchange(noted_seconds_, now);
  const size_t present = news_.present();
  const size_t at_work = std::min(present, coordinator_->MembersAtWork());
  member_seconds_ += seconds * static_cast<double>(present);
  idle_seconds_ += seconds * static_cast<double>(present - at_work);
}

// At a signal, and when the time is over or the run good enough: then the round is finished first,
// if there is anybody to run it.
void CoordinatorNode::StopIfDue(LocalWorkers* workers) {
  if (stops_at_once_) return;
  const int signal = stop_signal_received.load();
  const bool is_over =
      reporter_.has_reached_bound() ||
      (limits_.time_budget_seconds > 0 && reporter_.Seconds() >= limits_.time_budget_seconds);
  if (signal == 0 && !is_over) return;
  stops_at_once_ = signal != 0 || (news_.present() == 0 && workers->running() == 0);
  if (stopping_ && !stops_at_once_) return;
  stopping_ = true;
  coordinator_->Stop(stops_at_once_, Now());
  if (signal != SIGUSR1) return;
  workers_wait_ = true;
  workers->Stop();  // those of this process are not told either, and would wait for ever
  arbiter_.Stop();
  reporter_.Say("stopping; workers are not sent home: they wait for the next coordinator");
}

absl::Status CoordinatorNode::Receive() {
  const int wait = coordinator_->is_busy() ? 0 : table_->is_writing() ? 1 : 50;
  const std::vector<ReceivedFrame> frames =
      setup_.port->channel->Poll(std::chrono::milliseconds(wait));
  std::vector<OpenedFrame> opened(frames.size());
  if (!frames.empty()) {
    const SecondsAdded timer(&times_.check_seconds);
    setup_.pool->ForEach(frames.size(), [&](size_t i, int) { opened[i] = Open(frames[i].frame); });
  }
  for (const ReceivedFrame& frame : frames) received_bytes_ += frame.frame.size();
  for (size_t i = 0; i < frames.size(); ++i) {
    Deliver(frames[i], opened[i]);
    RETURN_IF_ERROR(TakeMergedRounds());
  }
  TakeKeyChanges();
  if (coordinator_->is_merging()) RETURN_IF_ERROR(table_->FinishWriting());
  coordinator_->OnTick(Now(), frames.empty());
  KeepQuarantine();
  return TakeMergedRounds();
}

// On any thread.
CoordinatorNode::OpenedFrame CoordinatorNode::Open(const std::string& frame) const {
  OpenedFrame opened = {Decode<WorkerMessage>(frame), std::nullopt};
  if (!opened.envelope.ok()) return opened;
  const auto* part = std::get_if<DeltaPart>(&opened.envelope->message);
  if (part != nullptr) opened.checked = table_->master().Check(part->rows);
  return opened;
}

void CoordinatorNode::Deliver(const ReceivedFrame& frame, const OpenedFrame& opened) {
  const absl::StatusOr<WorkerEnvelope>& envelope = opened.envelope;
  const Sender sender = coordinator_->membership().SenderOf(
      frame.user, frame.peer, envelope.ok() ? &envelope->message : nullptr);
  const std::string what(envelope.status().message());
  const bool is_member = coordinator_->membership().members().count(sender.identity) > 0;
  if (envelope.ok()) {
    coordinator_->OnMessage(sender, *envelope, Now(), opened.checked);
  } else if (IsWhole(frame.frame)) {
    coordinator_->OnMalformed(sender, what, Now());
  } else if (absl::IsFailedPrecondition(envelope.status()) && !is_member) {
    coordinator_->OnOtherProtocol(sender, what, Now());
  }  // Others were damaged on the way: their senders send them again.
}

void CoordinatorNode::TakeKeyChanges() {
  for (const KeyChange& change : setup_.port->channel->TakeKeyChanges()) {
    if (change.is_allowed) {
      // What a key has sent before counts no more than what it sends now.
      coordinator_->Pardon(change.name);
    } else {
      coordinator_->Revoke(change.name, Now());
    }
  }
}

// To be called after each entry into the coordinator: it may have come one round further.
absl::Status CoordinatorNode::TakeMergedRounds() {
  RETURN_IF_ERROR(coordinator_->status());
  const uint64_t rounds = coordinator_->rounds();
  if (rounds == setup_.progress->rounds) return absl::OkStatus();
  table_->set_confirmed_rounds(coordinator_->confirmed_rounds());
  return table_->TakeRounds(rounds);
}

// Without keys a name means nothing after a restart.
void CoordinatorNode::KeepQuarantine() {
  if (!quarantine_.has_value()) return;
  const absl::Status news =
      quarantine_->Update(coordinator_->membership().BannedFor(RefusalReason::kQuarantined));
  if (!news.ok()) reporter_.Say(absl::StrCat("warning: ", news.message()));
}

void CoordinatorNode::SendAll() {
  for (const Coordinator::Outgoing& message : coordinator_->TakeOutgoing()) {
    const auto* refusal = std::get_if<Refusal>(&message.envelope.message);
    const bool sends_home = refusal != nullptr && refusal->reason == RefusalReason::kDraining;
    if (sends_home && workers_wait_) continue;
    // One that does not go is asked for again.
    const std::string frame = Encode(message.envelope);
    if (setup_.port->channel->Send(message.connection, frame)) sent_bytes_ += frame.size();
  }
  for (const std::string& line : coordinator_->TakeNotices()) reporter_.Say(line);
  for (const std::string& line : setup_.port->channel->TakeNotices()) reporter_.Say(line);
}

}  // namespace nash
