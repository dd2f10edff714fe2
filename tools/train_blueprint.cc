// train_blueprint: trains a blueprint strategy from a run definition, alone or with workers.
//
//   flags -> Request -> folder, buckets, memory -> table, checkpoint -> TrainOn() -> what comes
//   next
//                  \-> --plan: what the run would take, and nothing else
//
// Both ways to train begin with the same table, folder and limits and end with the same checkpoint:
// Trainer for one process (tools/training), CoordinatorNode for a cluster (tools/cluster). Nothing
// of a flag reaches a byte of the table but by the definition: threads, devices, intervals and
// addresses change when things happen and not what comes of them (docs/determinism.md).
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/huge_array.h"
#include "common/process_limits.h"
#include "common/status_macros.h"
#include "proto/keys.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/checkpoint/reader.h"
#include "solver/coordinator/taken_back.h"
#include "tools/cluster/coordinator_node.h"
#include "tools/inspection/report.h"
#include "tools/planning/plan_command.h"
#include "tools/program/build_progress.h"
#include "tools/program/command_line.h"
#include "tools/program/keep_memory.h"
#include "tools/program/log_lines.h"
#include "tools/program/progress_line.h"
#include "tools/program/stderr_relay.h"
#include "tools/program/stop_signals.h"
#include "tools/program/threads_flag.h"
#include "tools/stored/device_flag.h"
#include "tools/stored/loaded_run.h"
#include "tools/stored/memory_plan.h"
#include "tools/stored/named_definition.h"
#include "tools/stored/stored_run.h"
#include "tools/train_blueprint_help.h"
#include "tools/training/metric_sinks.h"
#include "tools/training/run_folder.h"
#include "tools/training/run_result.h"
#include "tools/training/table_memory.h"
#include "tools/training/training_loop.h"

DEFINE_string(config, "",
              "Run definition (YAML, docs/run_definition.md); with --resume, empty: the one that "
              "--out holds");
DEFINE_uint64(seed, 0, "The definition's seed, instead of the one that its file gives");
DEFINE_string(set, "",
              "KEY=VALUE: a key of the definition, instead of what its file gives, as in "
              "--set=round.batches=32; may be given several times");
DEFINE_string(out, "", "Output folder; empty: runs/NAME, after the definition's name");
DEFINE_bool(resume, false, "Go on from the newest valid checkpoint in --out; start where none is");
DEFINE_uint64(iterations, 0,
              "Train until the run has this many iterations, by whole rounds; with lag, "
              "by whole meetings");
DEFINE_uint64(rounds, 0, "Train until the run has this many rounds; with lag, up to a meeting");
DEFINE_double(time_budget, 0, "Stop at the end of a round after this many seconds of training");
DEFINE_int32(threads, 0, "Threads; 0: as many as this process may use cores. Changes no byte");
DEFINE_double(checkpoint_every, 600, "Seconds between checkpoints; one is written at the end too");
DEFINE_double(report_every, 10, "Seconds between entries of metrics.jsonl (and lines of a log)");
DEFINE_string(metrics_address, "",
              "HOST:PORT, or PORT on 127.0.0.1, where GET /metrics has the run's figures for "
              "Prometheus and GET /healthz says whether rounds go on; empty: nowhere");
DEFINE_string(tensorboard, "", "Folder for an event file of the figures; empty: none");
DEFINE_double(
    evaluate_every, 0,
    "Seconds between measurements of the newest checkpoint by evaluate, in a process of its "
    "own at low priority; 0: none");
DEFINE_string(
    evaluate, "",
    "With --evaluate_every, what measures: nashconv, lbr or exploit, and flags of it, as in "
    "--evaluate='lbr --deals=2000'; empty: what suits the game");
DEFINE_double(evaluate_share, 0.1, "Of the cores' time, what measurements may take at most");
DEFINE_double(
    until_exploitability, 0,
    "With --evaluate_every: stop when the measured bound, with its interval, is at most so "
    "many chips a hand");
DEFINE_string(listen, "",
              "Train with workers that connect here: tcp://ADDRESS:PORT, ipc://PATH; a list with "
              "commas");
DEFINE_int32(local_workers, 0, "Workers in this process, of --threads each");
DEFINE_string(keys, "", "The coordinator's key file, made by keygen (NAME.key)");
DEFINE_string(allow, "", "Public keys of the workers that may connect, read again when it changes");
DEFINE_bool(insecure, false, "Listen without keys, whoever connects: for networks you trust");
DEFINE_double(
    audit_fraction, nash::kAuditFraction,
    "Share of the rounds whose units two workers run each, to compare their results; with "
    "--local_workers alone 0 unless it is given");
DEFINE_int32(
    relay_fanout, 2,
    "To so many workers the coordinator sends merged rounds itself, and so does every worker that "
    "passes them on (worker --relay_listen); 0: to all");
DEFINE_double(
    round_log_gb, 0,
    "What a coordinator's round log may take on the disk, about; 0: four tables, at least "
    "0.27 GB");
DEFINE_string(device, "auto", "Who looks deals up beside the processor: auto, cpu or cuda:N");
DEFINE_bool(check_lookups, false, "Compare every deal that a device looks up; slow");
DEFINE_bool(plan, false, "Train nothing: print what the run would take (docs/planning.md)");
DEFINE_double(calibrate, 10,
              "With --plan: seconds of training that times follow from; 0: no times");
DEFINE_int32(hosts, 8, "With --plan: the largest number of workers looked at, of --threads each");
DEFINE_double(bandwidth, 10, "With --plan: Gbit/s of every machine's link");
DEFINE_double(visits, 1000, "With --plan: of an infoset, in the mean, to tell the time to");
DEFINE_string(costs, "",
              "With --plan: file of what rows and bytes cost, as simulate takes it; empty: "
              "configs/cluster/costs.json as it was built in");
DEFINE_bool(json, false, "With --plan: print JSON");
DEFINE_string(bucket_cache, "",
              "Folder for bucket files; empty: $XDG_CACHE_HOME/nashville or ~/.cache/nashville");

namespace nash {
namespace {

absl::Status CheckFlags(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("unexpected argument \"", arguments[0], "\"; try --help"));
  }
  // Their defaults stand for "no such limit", which is not what a run of none would be.
  for (const char* limit : {"iterations", "rounds", "time_budget"}) {
    if (IsGiven(limit) && gflags::GetCommandLineFlagInfoOrDie(limit).current_value == "0") {
      return absl::InvalidArgumentError(
          absl::StrCat("--", limit, "=0: a run of nothing; give more than 0, or leave --", limit,
                       " out, so that it sets no limit"));
    }
  }
  for (const auto& [name, value] : {std::pair("time_budget", FLAGS_time_budget),
                                    std::pair("checkpoint_every", FLAGS_checkpoint_every),
                                    std::pair("report_every", FLAGS_report_every),
                                    std::pair("evaluate_every", FLAGS_evaluate_every)}) {
    if (!(value >= 0)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("--%s=%g: must be a number of seconds, 0 or more", name, value));
    }
  }
  if (!(FLAGS_round_log_gb >= 0 && FLAGS_round_log_gb <= 1e6)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--round_log_gb=%g: must be a number of GB, 0 or more", FLAGS_round_log_gb));
  }
  if (!(FLAGS_evaluate_share > 0 && FLAGS_evaluate_share <= 1)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--evaluate_share=%g: above 0, to 1", FLAGS_evaluate_share));
  }
  if (IsGiven("until_exploitability") && !(FLAGS_until_exploitability > 0)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--until_exploitability=%g: no bound comes to that; give chips above 0",
                        FLAGS_until_exploitability));
  }
  for (const char* flag : {"calibrate", "hosts", "bandwidth", "visits", "costs", "json"}) {
    if (IsGiven(flag) && !FLAGS_plan) {
      return absl::InvalidArgumentError(absl::StrCat("--", flag, ": goes with --plan"));
    }
  }
  for (const char* flag : {"evaluate", "evaluate_share", "until_exploitability"}) {
    if (IsGiven(flag) && FLAGS_evaluate_every == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag, ": nothing is measured; give --evaluate_every=SECONDS as well"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<YardstickOptions> YardstickOf(const GameDefinition& game) {
  YardstickOptions yardstick;
  yardstick.every_seconds = FLAGS_evaluate_every;
  if (FLAGS_evaluate_every == 0) return yardstick;
  yardstick.share = FLAGS_evaluate_share;
  yardstick.bucket_cache = FLAGS_bucket_cache;
  if (FLAGS_until_exploitability > 0) yardstick.until_chips = FLAGS_until_exploitability;
  ASSIGN_OR_RETURN(yardstick.arguments, ParseYardstick(FLAGS_evaluate, game));
  ASSIGN_OR_RETURN(yardstick.program, FindEvaluate());
  return yardstick;
}

void PrintLine(const std::string& line) { LOG(INFO) << line; }

void WarnOfThreads(int num_threads) {
  const int cores = NumCores();
  if (num_threads <= cores) return;
  LOG(WARNING) << "warning: --threads=" << num_threads << " on the " << cores
               << " cores that this process may use is slower than --threads=" << cores;
}

absl::Status CheckUpTo(const char* flag, double value, double most) {
  if (value >= 0 && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("--%s=%g: from 0 to %g", flag, value, most));
}

// None without --listen.
absl::StatusOr<std::optional<ClusterOptions>> ClusterOf(int num_threads,
                                                        const DeviceChoice& device) {
  if (FLAGS_listen.empty() && FLAGS_local_workers == 0) {
    if (!FLAGS_keys.empty() || !FLAGS_allow.empty() || IsGiven("audit_fraction")) {
      return absl::InvalidArgumentError(
          "--keys, --allow and --audit_fraction are of a cluster: give --listen as well");
    }
    return std::nullopt;
  }
  ClusterOptions cluster;
  RETURN_IF_ERROR(CheckUpTo("local_workers", FLAGS_local_workers, 64));
  RETURN_IF_ERROR(CheckUpTo("audit_fraction", FLAGS_audit_fraction, 1));
  RETURN_IF_ERROR(CheckUpTo("relay_fanout", FLAGS_relay_fanout, RelayPlace::kChildrenMax));
  cluster.relay_fanout = static_cast<uint32_t>(FLAGS_relay_fanout);
  cluster.local = {FLAGS_local_workers, num_threads, device};
  const bool are_many = !FLAGS_listen.empty() || IsGiven("audit_fraction");
  cluster.audit_fraction = are_many ? FLAGS_audit_fraction : 0;
  std::random_device entropy;
  cluster.audit_secret = uint64_t{entropy()} << 32 | entropy();
  cluster.channel.endpoints = absl::StrSplit(FLAGS_listen, ',', absl::SkipEmpty());
  cluster.channel.insecure = FLAGS_insecure;
  cluster.channel.allow_list_path = FLAGS_allow;
  if (!FLAGS_keys.empty()) {
    ASSIGN_OR_RETURN(cluster.channel.keys, ReadKeyFile(FLAGS_keys));
    if (FLAGS_allow.empty()) {
      return absl::InvalidArgumentError(
          "--allow is missing: with --keys, name the file of the workers' public keys as well");
    }
  }
  RETURN_IF_ERROR(CoordinatorChannel::Check(cluster.channel));
  if (FLAGS_insecure) {
    LOG(WARNING) << "warning: --insecure: whoever reaches " << FLAGS_listen
                 << " can take part and see all";
  }
  return cluster;
}

// Loads the newest checkpoint, if there is one.
absl::StatusOr<Progress> Resume(const LoadedRun& run, const std::string& folder, Table* table) {
  absl::StatusOr<FoundCheckpoint> found = LoadNewestValid(folder, CanonicalText(run.definition()),
                                                          Fingerprint(run.definition()), table);
  if (absl::IsNotFound(found.status())) {
    LOG(INFO) << folder << " holds no checkpoint: starting from the beginning";
    return Progress{};
  }
  RETURN_IF_ERROR(found.status());
  TellOfDamaged(found->notes);
  const RunPosition& position = found->checkpoint.manifest().position;
  LOG(INFO) << "resuming " << found->checkpoint.path() << " after "
            << ShortNumber(static_cast<double>(position.iterations)) << " iterations";
  return Progress{position.round, position.iterations, position.touches};
}

// Builds the bucket files that are missing.
absl::StatusOr<std::unique_ptr<LoadedRun>> LoadRun(const RunDefinition& definition, int num_threads,
                                                   uint64_t table_bytes_max) {
  BuildProgressPrinter build_progress;
  LoadOptions load;
  load.bucket_cache = FLAGS_bucket_cache;
  load.table_bytes_max = table_bytes_max;
  load.build.threads = num_threads;
  load.build.should_stop = [] { return stop_signal_received.load() != 0; };
  load.build.progress = [&](const BuildProgress& progress) { build_progress.Print(progress); };
  ASSIGN_OR_RETURN(std::unique_ptr<LoadedRun> run, LoadedRun::Make(definition, load));
  LOG(INFO) << absl::StrFormat("%s: %s nodes, %s infosets, fingerprint %s, %d threads",
                               definition.name, ShortNumber(double(run->tree().nodes().size())),
                               ShortNumber(double(run->layout().num_rows())),
                               Fingerprint(definition), num_threads);
  return run;
}

absl::StatusOr<MemoryPlan> PlanThatFits(const LoadedRun& run, int num_threads,
                                        const std::optional<ClusterOptions>& cluster) {
  MemoryUse use;
  use.threads = num_threads;
  use.is_coordinator = cluster.has_value();
  use.report_bytes = ReportBytes(run);
  use.local_workers = cluster.has_value() ? cluster->local.count : 0;
  const MemoryPlan plan = PlanMemory(run, use);
  for (const std::string& line : Describe(plan)) LOG(INFO) << line;
  RETURN_IF_ERROR(CheckFits(plan));
  return plan;
}

absl::Status Plan(const RunDefinition& definition, int num_threads) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const LoadedRun> run,
                   LoadRun(definition, num_threads, kPlanMemoriesMax * AvailableMemoryBytes()));
  PlanRequest request;
  request.threads = num_threads;
  request.calibration_seconds = FLAGS_calibrate;
  request.hosts = FLAGS_hosts;
  request.gbit_per_s = FLAGS_bandwidth;
  request.iterations = FLAGS_iterations;
  request.visits = FLAGS_visits;
  request.checkpoint_every_seconds = FLAGS_checkpoint_every;
  request.costs = FLAGS_costs;
  request.as_json = FLAGS_json;
  return PrintPlan(*run, request);
}

// What the command line asks for, looked through: nothing has been opened or made for it yet.
struct Request {
  DeviceChoice device;
  int num_threads = 0;
  std::optional<ClusterOptions> cluster;
  NamedDefinition named;
};

absl::StatusOr<Request> ReadRequest(const std::vector<std::string>& arguments) {
  RETURN_IF_ERROR(CheckFlags(arguments));
  Request request;
  ASSIGN_OR_RETURN(request.device, ParseDeviceChoice(FLAGS_device, FLAGS_check_lookups));
  ASSIGN_OR_RETURN(request.num_threads, ParseThreads(FLAGS_threads));
  RaiseDescriptorLimit();
  CatchStopSignals();
  WarnOfThreads(request.num_threads);
  ASSIGN_OR_RETURN(request.cluster, ClusterOf(request.num_threads, request.device));
  DefinitionFlags named_by = {FLAGS_config, FLAGS_out, FLAGS_resume, std::nullopt, FLAGS_set};
  if (IsGiven("seed")) named_by.seed = FLAGS_seed;
  ASSIGN_OR_RETURN(request.named, ReadNamedDefinition(named_by));
  const bool is_enumerated = request.named.definition.algorithm.chance == Chance::kEnumerated;
  if (!FLAGS_plan && request.cluster.has_value() && is_enumerated) {
    return absl::InvalidArgumentError(
        absl::StrCat(request.named.path,
                     ": algorithm.chance: enumerate is trained by one process: leave --listen and "
                     "--local_workers out"));
  }
  return request;
}

absl::Status CheckSetup(const TrainingSetup& setup, const std::string& path) {
  const absl::Status fits = CheckTrainingSetup(setup);
  if (fits.ok()) return fits;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", fits.message()));
}

// What the flags say of limits and intervals; what is not a flag's is for the caller to fill in.
LoopOptions LimitsOf(const RunDefinition& definition) {
  LoopOptions options;
  options.until_iterations = FLAGS_iterations;
  options.until_rounds = FLAGS_rounds;
  options.time_budget_seconds = FLAGS_time_budget;
  if (FLAGS_iterations == 0 && FLAGS_rounds == 0 && FLAGS_time_budget == 0) {
    options.until_iterations = definition.iterations;
  }
  options.checkpoint_every_seconds = FLAGS_checkpoint_every;
  options.report_every_seconds = FLAGS_report_every;
  options.round_log_bytes_max = static_cast<uint64_t>(FLAGS_round_log_gb * 1e9);
  return options;
}

void WarnOfSetup(const TrainingSetup& setup, const LoopOptions& limits, const std::string& path) {
  const std::string warning = WarningOf(
      setup, std::max(limits.until_iterations, limits.until_rounds * setup.shape.DealsPerRound()));
  if (!warning.empty()) LOG(WARNING) << "warning: " << path << ": " << warning;
}

// What training works on: each outlives it.
struct Workplace {
  const LoadedRun* run;
  BucketDealSource* deals;
  RunFolder* folder;
  ClusterPort* port;  // null: one process
};

// Trains to the limits, and brings `progress` and the setup's table to where the run ends.
absl::Status TrainOn(const Request& request, const LoopOptions& limits, const TrainingSetup& setup,
                     const Workplace& place, Progress* progress) {
  if (place.port != nullptr) {
    KeepFreedMemory();
    CoordinatorNode node(limits, *request.cluster,
                         {place.run, place.port, setup.pool, setup.table, place.folder, progress});
    return node.Run();
  }
  OpenDevice(request.device, *place.run, place.deals, PrintLine);
  ASSIGN_OR_RETURN(const std::unique_ptr<Trainer> trainer, Trainer::Make(setup, *progress));
  RETURN_IF_ERROR(
      TrainUntil(limits, *place.run, setup.pool, trainer.get(), setup.table, place.folder));
  *progress = trainer->progress();
  return absl::OkStatus();
}

// What is cheap to find wrong comes first, so that it costs nobody a wait: the folder and where
// figures go before buckets are built, what memory there is before any of it is taken. The folder
// gets its first file when nothing but training can fail any more.
absl::Status Train(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const Request request, ReadRequest(arguments));
  const RunDefinition& definition = request.named.definition;
  const std::string& path = request.named.path;
  if (FLAGS_plan) return Plan(definition, request.num_threads);
  ASSIGN_OR_RETURN(const YardstickOptions yardstick, YardstickOf(definition.game));
  ASSIGN_OR_RETURN(MetricSinks sinks, MetricSinks::Open(FLAGS_metrics_address, FLAGS_tensorboard));
  ASSIGN_OR_RETURN(RunFolder folder, RunFolder::Open(request.named.out, FLAGS_resume));
  ASSIGN_OR_RETURN(const std::shared_ptr<const LoadedRun> run,
                   LoadRun(definition, request.num_threads, AvailableMemoryBytes()));
  ASSIGN_OR_RETURN(const MemoryPlan plan, PlanThatFits(*run, request.num_threads, request.cluster));
  ASSIGN_OR_RETURN(Table table, Table::Make(run->layout()));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<UndoLog> checkpoint_log,
      MakeCheckpointLog(table, plan, request.cluster.has_value(), request.num_threads));
  ThreadPool pool(request.num_threads);
  TakeMemory(plan, &pool, &table, checkpoint_log.get());
  Progress progress;
  if (FLAGS_resume) {
    RETURN_IF_ERROR(request.cluster.has_value() ? RemoveTakenBack(folder.path())
                                                : FinishTakingBack(folder.path()));
    ASSIGN_OR_RETURN(progress, Resume(*run, folder.path(), &table));
  }
  BucketDealSource deals(definition.game, run->abstraction());
  const std::unique_ptr<BoardSource> boards = run->MakeBoardSource();
  const TrainingSetup setup = {
      definition.algorithm, definition.round, definition.seed, &table, &deals, &pool,
      boards.get(),         &run->cards()};
  RETURN_IF_ERROR(CheckSetup(setup, path));
  std::unique_ptr<ClusterPort> port;
  if (request.cluster.has_value()) {
    ASSIGN_OR_RETURN(port, ClusterPort::Open(*request.cluster));
  }
  RETURN_IF_ERROR(folder.Begin(CanonicalText(definition)));
  RETURN_IF_ERROR(sinks.Begin());
  LoopOptions limits = LimitsOf(definition);
  limits.checkpoint_log = checkpoint_log.get();
  limits.deals = &deals;
  limits.yardstick = yardstick;
  limits.metrics_server = sinks.server.get();
  limits.tensorboard = sinks.tensorboard.get();
  limits.memory_plan = &plan;
  WarnOfSetup(setup, limits, path);
  RETURN_IF_ERROR(
      TrainOn(request, limits, setup, {run.get(), &deals, &folder, port.get()}, &progress));
  ShowResult(*run, table, progress.iterations, !FLAGS_listen.empty(), folder.path());
  // The checkpoint is what counts, and it is there.
  const absl::Status report = WriteReport(run, folder.path());
  if (!report.ok()) LOG(WARNING) << "warning: no report.html: " << report.message();
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  nash::RelayStderr();
  google::InitGoogleLogging(argv[0]);
  nash::LogToStderr();
  return nash::Finish(nash::Train(nash::ParseCommandLine(argc, argv, nash::kTrainBlueprintHelp)));
}
