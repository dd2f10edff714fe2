#include "tools/coordinator_loop.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "proto/codec.h"
#include "solver/cfr/lines.h"
#include "solver/coordinator/coordinator.h"
#include "solver/coordinator/replay.h"
#include "solver/coordinator/run_store.h"
#include "solver/coordinator/table_master.h"
#include "tools/bucket_exchange.h"
#include "tools/checkpoint_keeper.h"
#include "tools/quarantine_list.h"
#include "tools/stop_signals.h"
#include "tools/training_report.h"
#include "tools/worker_node.h"

namespace nash {
namespace {

constexpr char kLocalEndpoint[] = "inproc://coordinator";
// A coordinator mostly waits: a checkpoint may take half of its time, in short turns.
constexpr double kCheckpointShareOfTime = 0.5;
// For results of units until their round is merged; what is more goes to the run folder's disk.
constexpr uint64_t kSpoolMemoryBytes = 512 << 20;
// After the end, for workers to hear of it: those that may just be coming, and those that are
// there.
constexpr double kFarewellSeconds = 1;
constexpr double kFarewellSecondsMax = 3;

using Clock = std::chrono::steady_clock;

Nanos Now() { return Clock::now().time_since_epoch(); }

// Whether the frame's header is ours and its checksum right: then its sender made it so.
bool IsWhole(absl::string_view frame) {
  return frame.size() > kFrameHeaderBytes && SealMessage(frame.substr(kFrameHeaderBytes)) == frame;
}

// Workers on threads of this process, over a channel within it.
class LocalWorkers {
 public:
  LocalWorkers(ChannelContext* context, const ClusterOptions& cluster, const LoadedRun& run) {
    for (int i = 0; i < cluster.local_workers; ++i) {
      WorkerNodeOptions options;
      options.channel.endpoint = kLocalEndpoint;
      options.threads = cluster.threads;
      options.device = cluster.device;
      options.name = absl::StrCat("local worker ", i + 1);
      options.run = &run;
      options.print = [name = options.name](const std::string& line) {
        std::fprintf(stderr, "%s: %s\n", name.c_str(), line.c_str());
      };
      running_.fetch_add(1);
      threads_.emplace_back([this, context, options] {
        const absl::Status status = RunWorkerNode(context, options, stop_);
        if (!status.ok()) options.print(std::string(status.message()));
        running_.fetch_sub(1);
      });
    }
  }
  ~LocalWorkers() {
    stop_.store(1);
    for (std::thread& thread : threads_) thread.join();
  }
  void Stop() { stop_.store(1); }
  int running() const { return running_.load(); }

 private:
  std::atomic<int> stop_{0};
  std::atomic<int> running_{0};
  std::vector<std::thread> threads_;
};

uint64_t RoundsWanted(const LoopOptions& options, const RoundShape& shape) {
  constexpr uint64_t kForEver = uint64_t{1} << 60;
  const uint64_t iterations = TargetIterations(options, shape);
  if (iterations == 0) return kForEver;
  return (iterations + shape.DealsPerRound() - 1) / shape.DealsPerRound();
}

class Loop {
 public:
  Loop(const LoopOptions& options, const ClusterOptions& cluster, ClusterPort* port,
       const LoadedRun& run, ThreadPool* pool, Table* table, RunFolder* folder, Progress* progress)
      : options_(options),
        cluster_(cluster),
        port_(port),
        channel_(port->channel.get()),
        run_(run),
        shape_(run.definition().round),
        pool_(pool),
        table_(table),
        folder_(folder),
        progress_(progress),
        followed_(run.definition().algorithm, shape_, progress->rounds, table, pool),
        buckets_(run.bucket_folder()),
        spool_(kSpoolMemoryBytes, folder->path()) {}

  absl::Status Run() {
    RETURN_IF_ERROR(Start());
    {
      const LocalWorkers workers(&port_->context, cluster_, run_);
      const absl::Status status = Serve(workers);
      RETURN_IF_ERROR(status);
    }
    report_->EndLine();
    if (coordinator_->gave_up()) {
      return absl::ResourceExhaustedError(
          "the last round found no room on the disk and was given up; free space there, then "
          "--resume");
    }
    if (!IsMeeting(shape_, progress_->rounds)) return EndBetweenMeetings();
    return keeper_->SaveLast(*progress_);
  }

 private:
  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  TrainingSample Sample() const {
    TrainingSample sample = {Seconds(), 0, *progress_};
    if (coordinator_ == nullptr) return sample;
    sample.workers = static_cast<int>(coordinator_->membership().members().size());
    sample.counters = coordinator_->counters();
    return sample;
  }

  absl::Status Start() {
    const RunDefinition& definition = run_.definition();
    RunStore::Options store;
    store.run_folder = folder_->path();
    store.fingerprint = Fingerprint(definition);
    store.layout = &run_.layout();
    store.checkpoint_round = progress_->rounds;
    store.checkpoint_regret_hash = followed_.regret_hash();
    store.deals_per_round = shape_.DealsPerRound();
    ASSIGN_OR_RETURN(store_, RunStore::Open(store));
    if (store_->cut_bytes() > 0) {
      std::fprintf(stderr, "round log: %lu bytes of a round that was not finished were cut\n",
                   static_cast<unsigned long>(store_->cut_bytes()));
    }
    const uint64_t logged = store_->end_round();
    RETURN_IF_ERROR(CutToMeeting(shape_, store_.get()));
    if (store_->end_round() < logged) {
      std::fprintf(stderr, "rounds %lu to %lu are run again: the lines last met before them\n",
                   static_cast<unsigned long>(store_->end_round()),
                   static_cast<unsigned long>(logged - 1));
    }
    master_ = std::make_unique<TableMaster>(definition.algorithm, shape_, &followed_);
    MakeKeeper();
    RETURN_IF_ERROR(ReplayLog());

    CoordinatorOptions options;
    options.fingerprint = store.fingerprint;
    options.definition = CanonicalText(definition);
    ASSIGN_OR_RETURN(options.buckets, BucketFilesOf(run_));
    options.shape = shape_;
    options.unit_parts_max = UnitPartsMax(run_.layout());
    options.rounds_total = std::max(RoundsWanted(options_, shape_), progress_->rounds);
    options.audit_fraction = cluster_.audit_fraction;
    ASSIGN_OR_RETURN(options.generation, NextGeneration(folder_->path()));

    coordinator_ = std::make_unique<Coordinator>(options, master_.get(), store_.get(), &spool_,
                                                 &buckets_, Now());
    if (cluster_.channel.keys.has_value()) {
      ASSIGN_OR_RETURN(quarantine_, QuarantineList::Open(folder_->path()));
      for (const std::string& name : quarantine_->names()) {
        coordinator_->Quarantine(name);
        std::fprintf(stderr, "%s is quarantined since an earlier start\n", name.c_str());
      }
    }
    start_ = Clock::now();
    report_->Take(Sample());  // rates count from here
    std::fprintf(stderr, "listening on %s, generation %lu, round %lu\n",
                 absl::StrJoin(channel_->endpoints(), ", ").c_str(),
                 static_cast<unsigned long>(options.generation),
                 static_cast<unsigned long>(progress_->rounds));
    return absl::OkStatus();
  }

  void MakeKeeper() {
    report_.emplace(
        1, Sample(),
        TrainingTarget{TargetIterations(options_, shape_), options_.time_budget_seconds});
    keeper_ =
        std::make_unique<CheckpointKeeper>(run_, options_.checkpoint_every_seconds, folder_->path(),
                                           *table_, options_.snapshot, pool_, &*report_);
    keeper_->set_share_of_time(kCheckpointShareOfTime);
    keeper_->set_saved_rounds(progress_->rounds);
    keeper_->set_hooks({.before = [this] { return BeginCheckpoint(); },
                        .after =
                            [this](uint64_t round) {
                              return store_->TakeCheckpoint(round, checkpoint_regret_hash_);
                            }});
  }

  absl::Status ReplayLog() {
    const auto start = Clock::now();
    const uint64_t first = progress_->rounds;
    // A snapshot that was due may have been lost with the coordinator: its moment comes again.
    RETURN_IF_ERROR(Replay(store_.get(), master_.get(), [this](uint64_t round) -> absl::Status {
      RETURN_IF_ERROR(TakeRound(round));
      return keeper_->FinishWriting();
    }));
    if (progress_->rounds > first) {
      std::fprintf(stderr, "replayed rounds %lu to %lu of the round log in %.1f s\n",
                   static_cast<unsigned long>(first),
                   static_cast<unsigned long>(progress_->rounds - 1),
                   std::chrono::duration<double>(Clock::now() - start).count());
    }
    return absl::OkStatus();
  }

  // The table is at the end of this round, and the log has it.
  absl::Status TakeRound(uint64_t round) {
    progress_->touches += store_->Record(round).touches;
    progress_->rounds = round + 1;
    progress_->iterations = progress_->rounds * shape_.DealsPerRound();
    return keeper_->EndRound(*progress_, Seconds());
  }

  absl::Status BeginCheckpoint() {
    checkpoint_regret_hash_ = followed_.regret_hash();
    return store_->PrepareCheckpoint();
  }

  // To be called after each entry into the coordinator: it may have come one round further.
  absl::Status AfterEntry() {
    RETURN_IF_ERROR(coordinator_->status());
    if (coordinator_->rounds() == progress_->rounds) return absl::OkStatus();
    return TakeRound(progress_->rounds);
  }

  // What can be known of a frame without the coordinator: found out on all threads.
  struct OpenedFrame {
    absl::StatusOr<Envelope> envelope;
    Coordinator::CheckedPart checked;
  };
  OpenedFrame Open(const std::string& frame) const {
    OpenedFrame opened = {Decode(frame), std::nullopt};
    if (!opened.envelope.ok()) return opened;
    const auto* part = std::get_if<DeltaPart>(&opened.envelope->message);
    if (part != nullptr) opened.checked = master_->Check(part->rows);
    return opened;
  }

  absl::Status Receive() {
    const int wait = coordinator_->is_merging() ? 0 : keeper_->is_writing() ? 1 : 50;
    const std::vector<ReceivedFrame> frames = channel_->Poll(std::chrono::milliseconds(wait));
    std::vector<OpenedFrame> opened(frames.size());
    pool_->ForEach(frames.size(), [&](size_t i, int) { opened[i] = Open(frames[i].frame); });
    for (size_t i = 0; i < frames.size(); ++i) {
      const ReceivedFrame& frame = frames[i];
      const absl::StatusOr<Envelope>& envelope = opened[i].envelope;
      const Sender sender = coordinator_->membership().SenderOf(
          frame.user, frame.peer, envelope.ok() ? &envelope->message : nullptr);
      const std::string what(envelope.status().message());
      const bool is_member = coordinator_->membership().members().count(sender.identity) > 0;
      if (envelope.ok()) {
        coordinator_->OnMessage(sender, *envelope, Now(), opened[i].checked);
      } else if (IsWhole(frame.frame)) {
        coordinator_->OnMalformed(sender, what, Now());
      } else if (absl::IsFailedPrecondition(envelope.status()) && !is_member) {
        coordinator_->OnOtherProtocol(sender, what, Now());
      }  // Others were damaged on the way: their senders send them again.
      RETURN_IF_ERROR(AfterEntry());
    }
    // What a key has sent before counts no more than what it sends now.
    for (const KeyChange& change : channel_->TakeKeyChanges()) {
      if (change.is_allowed) {
        coordinator_->Pardon(change.name);
      } else {
        coordinator_->Revoke(change.name, Now());
      }
    }
    // Merging changes the table, and a checkpoint reads it: one after the other takes no copies.
    if (coordinator_->is_merging()) RETURN_IF_ERROR(keeper_->FinishWriting());
    coordinator_->OnTick(Now());
    KeepQuarantine();
    return AfterEntry();
  }

  // Without keys a name means nothing after a restart.
  void KeepQuarantine() {
    if (!quarantine_.has_value()) return;
    const absl::Status status =
        quarantine_->Update(coordinator_->membership().BannedFor(RefusalReason::kQuarantined));
    const std::string trouble(status.message());
    if (trouble != quarantine_trouble_ && !status.ok()) Say(absl::StrCat("warning: ", trouble));
    quarantine_trouble_ = trouble;
  }

  void SendAll() {
    for (const Coordinator::Outgoing& message : coordinator_->TakeOutgoing()) {
      // One that does not go is asked for again.
      channel_->Send(message.connection, Encode(message.envelope));
    }
    for (const std::string& line : coordinator_->TakeNotices()) Say(line);
    for (const std::string& line : channel_->TakeNotices()) Say(line);
  }

  void Say(const std::string& line) {
    report_->EndLine();
    std::fprintf(stderr, "%s\n", line.c_str());
  }

  absl::Status Serve(const LocalWorkers& workers) {
    double end = 0;
    bool had_members = false;
    const auto is_over = [&] {
      if (end == 0 || workers.running() > 0) return false;
      const bool has_members = !coordinator_->membership().members().empty();
      if (!had_members && !has_members) return true;
      return Seconds() - end > (has_members ? kFarewellSecondsMax : kFarewellSeconds);
    };
    while (!is_over()) {
      RETURN_IF_ERROR(Receive());
      SendAll();
      RETURN_IF_ERROR(store_->Sync());
      keeper_->Step();
      ReportIfDue();
      if (!stopping_ && stop_signal_received.load() != 0) Stop(/*at_once=*/true);
      if (!stopping_ && options_.time_budget_seconds > 0 &&
          Seconds() >= options_.time_budget_seconds) {
        Stop(/*at_once=*/false);
      }
      if (end == 0 && coordinator_->done()) {
        end = Seconds();
        had_members = !coordinator_->membership().members().empty();
      }
    }
    Report();
    return absl::OkStatus();
  }

  // With lag a checkpoint could not be gone on from; the round log has what there is.
  absl::Status EndBetweenMeetings() {
    std::fprintf(
        stderr,
        "stopped after round %lu: --resume goes on from round %lu, where the lines last met\n",
        static_cast<unsigned long>(progress_->rounds),
        static_cast<unsigned long>(MeetingBefore(shape_, progress_->rounds)));
    return keeper_->FinishWriting();
  }

  void Stop(bool at_once) {
    stopping_ = true;
    coordinator_->Stop(at_once, Now());
  }

  void ReportIfDue() {
    const double now = Seconds();
    if (now < next_line_) return;
    if (now >= next_report_) {
      Report();
      next_report_ = now + options_.report_every_seconds;
    } else {
      report_->Print(report_->Line(Sample(), reached_share_));
    }
    next_line_ = now + (report_->is_terminal() ? 1 : options_.report_every_seconds);
  }

  void Report() {
    reached_share_ = ReachedShare(*table_);
    const TrainingSample now = Sample();
    report_->Print(report_->Line(now, reached_share_));
    const absl::Status status = folder_->AppendMetrics(report_->Json(now, reached_share_));
    if (!status.ok()) Say(absl::StrCat("warning: ", status.message()));
    report_->Take(now);
  }

  const LoopOptions options_;
  const ClusterOptions cluster_;
  ClusterPort* const port_;
  CoordinatorChannel* const channel_;
  const LoadedRun& run_;
  const RoundShape shape_;
  ThreadPool* const pool_;
  Table* const table_;
  RunFolder* const folder_;
  Progress* const progress_;
  RoundTable followed_;
  BucketFolderSource buckets_;
  std::unique_ptr<RunStore> store_;
  PartSpool spool_;
  std::unique_ptr<TableMaster> master_;
  std::unique_ptr<Coordinator> coordinator_;
  std::optional<QuarantineList> quarantine_;
  std::string quarantine_trouble_;  // as last told
  std::optional<TrainingReport> report_;
  std::unique_ptr<CheckpointKeeper> keeper_;
  Clock::time_point start_ = Clock::now();
  uint64_t checkpoint_regret_hash_ = 0;
  bool stopping_ = false;
  double next_line_ = 1, next_report_ = 2;
  double reached_share_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ClusterPort>> ClusterPort::Open(const ClusterOptions& options) {
  auto port = std::make_unique<ClusterPort>();
  CoordinatorChannel::Options listen = options.channel;
  if (options.local_workers > 0) listen.endpoints.push_back(kLocalEndpoint);
  ASSIGN_OR_RETURN(port->channel, CoordinatorChannel::Listen(&port->context, listen));
  return port;
}

absl::Status CoordinateUntil(const LoopOptions& options, const ClusterOptions& cluster,
                             ClusterPort* port, const LoadedRun& run, ThreadPool* pool,
                             Table* table, RunFolder* folder, Progress* progress) {
  return Loop(options, cluster, port, run, pool, table, folder, progress).Run();
}

}  // namespace nash
