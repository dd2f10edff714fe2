// A worker node of a cluster: a channel, a state machine (worker/worker.h) and a thread that runs
// units.
#ifndef NASHVILLE_TOOLS_CLUSTER_WORKER_NODE_H_
#define NASHVILLE_TOOLS_CLUSTER_WORKER_NODE_H_

#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "proto/channel.h"
#include "tools/stored/device_flag.h"
#include "tools/stored/loaded_run.h"
#include "tools/training/metrics_server.h"

namespace nash {

struct WorkerNodeOptions {
  WorkerChannel::Options channel;
  int threads = 1;
  std::string bucket_cache;  // folder; empty: the user's cache folder
  DeviceChoice device;
  std::string name;  // as WorkerOptions has it
  // Where it passes merged rounds on to other workers: tcp://ADDRESS:PORT; tcp://*:PORT for the
  // address from which it reaches the coordinator. Empty: nowhere.
  std::string relay_listen;
  // A run that is loaded already, of which the coordinator must be; null: as it says. Not owned.
  const LoadedRun* run = nullptr;
  MetricsServer* metrics_server = nullptr;  // not owned; null: none
  // Lines for people.
  std::function<void(const std::string&)> print = [](const std::string&) {};
};

// Joins, runs units until the run is complete or `stop` is set (then what is finished is delivered,
// within seconds), and leaves. Reconnects by itself for as long as it takes. Errors: those of
// Worker::stopped(), and of the channel.
absl::Status RunWorkerNode(ChannelContext* context, const WorkerNodeOptions& options,
                           const std::atomic<int>& stop);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_WORKER_NODE_H_
