// worker: a node of a cluster that runs units for a coordinator.
#include <gflags/gflags.h>
#include <glog/logging.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/process_limits.h"
#include "common/status_macros.h"
#include "proto/keys.h"
#include "proto/message_limits.h"
#include "tools/cluster/worker_node.h"
#include "tools/program/command_line.h"
#include "tools/program/keep_memory.h"
#include "tools/program/log_lines.h"
#include "tools/program/stderr_relay.h"
#include "tools/program/stop_signals.h"
#include "tools/program/threads_flag.h"
#include "tools/stored/device_flag.h"
#include "tools/training/metrics_server.h"

DEFINE_string(coordinator, "", "The coordinator: tcp://HOST:PORT or ipc://PATH");
DEFINE_int32(threads, 0, "Threads; 0: as many as this process may use cores");
DEFINE_string(name, "",
              "How the coordinator knows it if others share its key; empty: HOST/PROCESS-RANDOM");
DEFINE_string(keys, "", "This worker's key file, made by keygen (NAME.key)");
DEFINE_string(coordinator_key, "", "The coordinator's public key file (NAME.pub)");
DEFINE_bool(insecure, false, "Connect without keys, whoever listens: for networks you trust");
DEFINE_string(device, "auto", "Who looks deals up beside the processor: auto, cpu or cuda:N");
DEFINE_bool(check_lookups, false, "Compare every deal that a device looks up; slow");
DEFINE_string(metrics_address, "",
              "HOST:PORT, or PORT on 127.0.0.1, where GET /metrics has the worker's figures for "
              "Prometheus and GET /healthz says whether rounds go on; empty: nowhere");
DEFINE_string(
    relay_listen, "",
    "tcp://ADDRESS:PORT where this worker passes merged rounds on to others, by an address that "
    "they reach it at (* for that from which it reaches the coordinator; port * for any); empty: "
    "it does not");
DEFINE_string(bucket_cache, "",
              "Folder for bucket files; empty: $XDG_CACHE_HOME/nashville or ~/.cache/nashville");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(worker runs units of a training run for a coordinator (train_blueprint --listen).

  worker --coordinator=tcp://HOST:5555 --keys=keys/worker-1.key --coordinator_key=keys/coordinator.pub
  worker --coordinator=ipc:///tmp/run.sock                      on the coordinator's own machine

It receives the run definition, the bucket files that it has not got, and the table; then it runs
units until the run is complete. It may be started before the coordinator, stopped and killed at any
moment, and started again: nothing is lost and no byte of the result changes. When the coordinator
goes away it waits and joins again. On a machine with several GPUs start one worker for each, with
--device=cuda:0, --device=cuda:1 and so on, and a share of the cores as --threads. Workers that share
a key (keygen --shared) need names of their own; one that keeps its --name when it is started again is
known again. With --relay_listen=tcp://*:5556 it gives other workers the rounds that it has followed,
so that the coordinator's link carries fewer copies of them. SIGTERM and Ctrl-C deliver what is
finished and exit 0 within 10 seconds.

Exit codes: 0 the run is complete, or stopped by a signal; 2 a flag to correct; 3 unknown host or no
such file; 5 another protocol version or run; 6 the table does not fit into memory; 7 shut out by the
coordinator, or a key file that others may read; 9 another process came with the same key (shared:
and the same name). Start again after 1 and after a signal; not after the others.
)";

// Hosts may have the same name, and in containers all processes the same number.
std::string NodeName() {
  std::array<char, 200> host{};
  gethostname(host.data(), host.size() - 1);
  return absl::StrFormat("%s/%d-%08x", host.data(), getpid(), std::random_device()());
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("unexpected argument \"", arguments[0], "\"; try --help"));
  }
  if (FLAGS_coordinator.empty()) {
    return absl::InvalidArgumentError(
        "--coordinator is missing: name where train_blueprint listens, as in "
        "--coordinator=tcp://HOST:5555");
  }
  if (FLAGS_name.size() > kNameTextMax ||
      std::any_of(FLAGS_name.begin(), FLAGS_name.end(),
                  [](char c) { return !absl::ascii_isprint(c) || c == '*'; })) {
    return absl::InvalidArgumentError(
        absl::StrCat("--name: up to ", kNameTextMax, " printable characters, without '*'"));
  }
  WorkerNodeOptions options;
  ASSIGN_OR_RETURN(options.threads, ParseThreads(FLAGS_threads));
  RaiseDescriptorLimit();
  CatchStopSignals();
  KeepFreedMemory();
  options.bucket_cache = FLAGS_bucket_cache;
  ASSIGN_OR_RETURN(options.device, ParseDeviceChoice(FLAGS_device, FLAGS_check_lookups));
  options.name = FLAGS_name.empty() ? NodeName() : FLAGS_name;
  options.print = [](const std::string& line) { LOG(INFO) << line; };
  options.relay_listen = FLAGS_relay_listen;
  options.channel.endpoint = FLAGS_coordinator;
  options.channel.insecure = FLAGS_insecure;
  if (!FLAGS_keys.empty()) {
    ASSIGN_OR_RETURN(options.channel.keys, ReadKeyFile(FLAGS_keys));
    if (FLAGS_coordinator_key.empty()) {
      return absl::InvalidArgumentError(
          "--coordinator_key is missing: with --keys, name the coordinator's .pub file as well");
    }
    ASSIGN_OR_RETURN(options.channel.coordinator_key, ReadPublicKeyFile(FLAGS_coordinator_key));
  }
  if (FLAGS_insecure) {
    options.print("warning: --insecure: nothing says who the coordinator is");
  }
  std::unique_ptr<MetricsServer> metrics_server;
  if (!FLAGS_metrics_address.empty()) {
    ASSIGN_OR_RETURN(metrics_server, MetricsServer::Start(FLAGS_metrics_address));
    options.metrics_server = metrics_server.get();
  }
  options.print(absl::StrCat("worker ", options.name, ", ", options.threads, " threads, for ",
                             FLAGS_coordinator));
  RETURN_IF_ERROR(ChannelContext::CheckLimits());
  ChannelContext context;
  return RunWorkerNode(&context, options, stop_signal_received);
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  nash::RelayStderr();
  google::InitGoogleLogging(argv[0]);
  nash::LogToStderr();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
