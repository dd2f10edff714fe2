// One loop, three sources: frames from the channel, the end of a unit, time. The state machine
// (worker/worker.h) gets each as an event and answers with messages and commands.
//
//   channel->Poll()  waits for a frame, for 50 ms, or until the unit's thread wakes it
//   units            one thread for each unit, which computes and touches nothing else
//
// A unit is abandoned by a flag that it looks at between batches, and is told of as ended like any
// other, so that the table is never changed below a unit that still runs. What is wrong is told
// once and then rarely. Figures go to the coordinator every two seconds, beside what the protocol
// needs. Other workers, with whom merged rounds are exchanged, have threads of their own
// (relay_links.h), and their messages are events like others.
#include "tools/cluster/worker_node.h"

#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/mutex.h"
#include "common/status_macros.h"
#include "proto/codec.h"
#include "proto/host_addresses.h"
#include "tools/cluster/process_replica.h"
#include "tools/cluster/relay_links.h"
#include "tools/cluster/worker_progress.h"
#include "tools/stored/memory_plan.h"
#include "tools/training/process_memory.h"
#include "worker/worker.h"

namespace nash {
namespace {

constexpr std::chrono::milliseconds kTick(50), kNoWait(0);
constexpr double kReportSeconds = 10;
constexpr std::chrono::seconds kTellAgain(60);
constexpr size_t kToldMax = 100;
constexpr std::chrono::seconds kTellFigures(2);

Nanos Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// Runs one unit at a time on a thread of its own.
class UnitThread {
 public:
  // wake: called from that thread when a unit has ended.
  UnitThread(ProcessReplica* replica, std::function<void()> wake)
      : replica_(replica), wake_(std::move(wake)) {}
  ~UnitThread() {
    Abandon();
    if (thread_.joinable()) thread_.join();
  }

  void Start(const Worker::RunUnit& run) {
    abandon_.store(false);
    thread_ = std::thread([this, run] {
      std::optional<UnitResult> result =
          replica_->Run(run, [this] { return !abandon_.load(std::memory_order_relaxed); });
      {
        const MutexLock lock(&mutex_);
        ended_ = true;
        result_ = std::move(result);
      }
      wake_();
    });
  }
  void Abandon() { abandon_.store(true); }
  // Whether a unit has ended since the last time; `result` is empty where it was abandoned.
  bool TakeEnded(std::optional<UnitResult>* result) {
    {
      const MutexLock lock(&mutex_);
      if (!std::exchange(ended_, false)) return false;
      *result = std::exchange(result_, std::nullopt);
    }
    thread_.join();
    return true;
  }

 private:
  ProcessReplica* const replica_;
  const std::function<void()> wake_;
  std::thread thread_;
  std::atomic<bool> abandon_{false};
  Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<UnitResult> result_ ABSL_GUARDED_BY(mutex_);
};

// Tells people what changes, and how far the worker is from time to time.
class WorkerNews {
 public:
  explicit WorkerNews(const std::function<void(const std::string&)>& print) : print_(print) {}

  // so_far: all but the time, and what the worker counts itself.
  void Update(const Worker& worker, const std::string& trouble, WorkerProgress so_far, Nanos now) {
    Tell(trouble, now);
    Tell(worker.waiting_for(), now);
    so_far.seconds = std::chrono::duration<double>(now - start_).count();
    so_far.rounds = worker.coordinator_rounds();
    so_far.units = worker.counters().units_run;
    if (so_far.seconds - last_.seconds < kReportSeconds || so_far.units == last_.units) return;
    print_(WorkerLine(last_, so_far));
    last_ = so_far;
  }

 private:
  // What is wrong is told at once, and again from time to time while it is.
  void Tell(const std::string& text, Nanos now) {
    if (text.empty()) return;
    const auto [told, is_new] = told_.try_emplace(text, now);
    if (!is_new && now - told->second < kTellAgain) return;
    if (told_.size() > kToldMax) told_ = {{text, now}};
    told_[text] = now;
    print_(text);
  }
  const std::function<void(const std::string&)>& print_;
  std::map<std::string, Nanos> told_;  // and when
  const Nanos start_ = Now();
  WorkerProgress last_;
};

// Tells the coordinator, and the metrics server if there is one, what the worker has done.
class WorkerTelling {
 public:
  explicit WorkerTelling(const WorkerNodeOptions& options) : options_(options) {}

  // so_far: as WorkerNews has it.
  void Update(Worker* worker, WorkerProgress so_far, Nanos now) {
    if (options_.metrics_server != nullptr) {
      options_.metrics_server->NoteRounds(worker->coordinator_rounds());
    }
    if (told_.has_value() && now - *told_ < kTellFigures) return;
    told_ = now;
    so_far.seconds = std::chrono::duration<double>(now - start_).count();
    so_far.rounds = worker->coordinator_rounds();
    worker->TellFigures({.milliseconds = static_cast<uint64_t>(so_far.seconds * 1e3),
                         .waited_milliseconds = static_cast<uint64_t>(so_far.waited_seconds * 1e3),
                         .touches = so_far.touches,
                         .processor_deals = so_far.lookups.processor_deals,
                         .device_deals = so_far.lookups.device_deals,
                         .resident_bytes = ReadProcessMemory().resident_bytes,
                         .times = so_far.times});
    if (options_.metrics_server != nullptr) {
      const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
      options_.metrics_server->Publish(
          WorkerFiguresLine(last_, so_far, options_.threads, worker->counters(),
                            std::chrono::duration<double>(since_1970).count()));
    }
    if (so_far.touches > last_.touches) last_ = so_far;
  }

 private:
  const WorkerNodeOptions& options_;
  const Nanos start_ = Now();
  std::optional<Nanos> told_;
  WorkerProgress last_;
};

// Adds up what a worker's time goes into.
class WorkerStopwatch {
 public:
  explicit WorkerStopwatch(WorkerTimes* times) : times_(times) {}

  // The time since the last call went into this; null: into nothing that is told.
  void Note(uint64_t WorkerTimes::*activity) {
    const Nanos now = Now();
    // What is cut off comes with the next.
    const auto past = std::chrono::duration_cast<std::chrono::microseconds>(now - since_);
    since_ += past;
    if (activity != nullptr) times_->*activity += static_cast<uint64_t>(past.count());
  }

 private:
  WorkerTimes* const times_;
  Nanos since_ = Now();
};

// Where it passes rounds on, by address; empty: nowhere.
absl::StatusOr<std::string> RelayEndpointOf(const WorkerNodeOptions& options) {
  absl::string_view port = options.relay_listen;
  if (!absl::ConsumePrefix(&port, "tcp://*:")) return options.relay_listen;
  const absl::StatusOr<std::string> own = OwnAddressTowards(options.channel.endpoint);
  if (absl::IsInvalidArgument(own.status())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--relay_listen=", options.relay_listen,
        " is at the address from which --coordinator is reached: ", own.status().message()));
  }
  RETURN_IF_ERROR(own.status());
  if (absl::StartsWith(*own, "127.") || *own == "[::1]") {
    options.print(
        absl::StrCat("passes no rounds on: the coordinator is reached from ", *own,
                     ", which other hosts cannot reach; name an address with --relay_listen"));
    return std::string();
  }
  return absl::StrCat("tcp://", *own, ":", port);
}

}  // namespace

absl::Status RunWorkerNode(ChannelContext* context, const WorkerNodeOptions& options,
                           const std::atomic<int>& stop) {
  ASSIGN_OR_RETURN(const std::unique_ptr<WorkerChannel> channel,
                   WorkerChannel::Connect(context, options.channel));
  ASSIGN_OR_RETURN(const std::string relay_endpoint, RelayEndpointOf(options));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<RelayLinks> links,
      RelayLinks::Start(context, {relay_endpoint, options.channel.keys, options.channel.insecure},
                        [&channel] { channel->Wake(); }));
  if (!links->endpoint().empty()) {
    options.print(absl::StrCat("passes merged rounds on at ", links->endpoint()));
  }
  ProcessReplica replica(options.threads, options.bucket_cache, options.device, options.run,
                         !links->endpoint().empty(), options.print);
  UnitThread units(&replica, [&channel] { channel->Wake(); });
  WorkerOptions worker_options;
  worker_options.name = options.name;
  std::random_device device;
  worker_options.incarnation = uint64_t{device()} << 32 | device();
  worker_options.threads = options.threads;
  worker_options.relay_endpoint = links->endpoint();
  if (options.channel.keys.has_value()) {
    worker_options.public_key = options.channel.keys->public_key;
  }
  worker_options.is_local = !absl::StartsWith(options.channel.endpoint, "tcp://");
  worker_options.relay_bytes_max = kRelayMemoryBytes;
  if (options.run != nullptr) worker_options.fingerprint = Fingerprint(options.run->definition());
  Worker worker(worker_options, &replica, Now());
  WorkerNews news(options.print);
  WorkerTelling telling(options);
  WorkerProgress progress;
  WorkerStopwatch stopwatch(&progress.times);
  uint64_t connections = 0;

  while (!worker.stopped().has_value()) {
    uint64_t WorkerTimes::*const activity = worker.activity();
    const std::vector<std::string> frames = channel->Poll(worker.is_ready() ? kNoWait : kTick);
    stopwatch.Note(activity);
    for (const std::string& frame : frames) {
      progress.received_bytes += frame.size();
      const absl::StatusOr<CoordinatorEnvelope> envelope = Decode<CoordinatorMessage>(frame);
      if (absl::IsFailedPrecondition(envelope.status())) return envelope.status();
      if (envelope.ok()) worker.OnMessage(*envelope, Now());
    }
    if (std::exchange(connections, channel->connections()) != channel->connections()) {
      worker.OnConnected(Now());
    }
    links->Exchange(&worker);
    std::optional<UnitResult> result;
    if (units.TakeEnded(&result)) {
      progress.waited_seconds = replica.prepare_waited_seconds();
      progress.lookups = replica.lookups();
      if (result.has_value()) {
        progress.touches += result->touches;
        worker.OnUnitFinished(*std::move(result), Now());
      } else {
        worker.OnUnitAbandoned(Now());
      }
    }
    if (stop.load() != 0) worker.RequestStop(Now());
    worker.OnTick(Now());
    for (const Worker::Command& command : worker.TakeCommands()) {
      if (const auto* run = std::get_if<Worker::RunUnit>(&command)) {
        units.Start(*run);
      } else {
        units.Abandon();
      }
    }
    telling.Update(&worker, progress, Now());
    // What a source cannot be asked for the coordinator is, before we wait again.
    links->Exchange(&worker);
    for (const WorkerEnvelope& envelope : worker.TakeOutgoing()) {
      const std::string frame = Encode(envelope);
      if (channel->Send(frame)) progress.sent_bytes += frame.size();
    }
    for (const std::string& line : links->TakeNotices()) options.print(line);
    news.Update(worker, channel->trouble(), progress, Now());
    const bool is_at_table = activity != nullptr && activity != &WorkerTimes::running;
    stopwatch.Note(is_at_table ? &WorkerTimes::applying : activity);
  }
  const Worker::Counters& counters = worker.counters();
  options.print(absl::StrFormat(
      "ended: %d units run, %d abandoned, %d rounds followed, %d tables loaded, %d divergences",
      counters.units_run, counters.units_abandoned, counters.rounds_followed,
      counters.tables_loaded, counters.divergences));
  if (counters.relay_served_bytes + counters.relay_fetched_bytes + counters.relay_fallbacks > 0) {
    options.print(absl::StrFormat(
        "merged rounds: %d bytes passed on, %d had from another worker, %d parts asked of the "
        "coordinator in its place",
        counters.relay_served_bytes, counters.relay_fetched_bytes, counters.relay_fallbacks));
  }
  return *worker.stopped();
}

}  // namespace nash
