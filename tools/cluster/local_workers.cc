#include "tools/cluster/local_workers.h"

#include <glog/logging.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tools/cluster/worker_node.h"

namespace nash {

LocalWorkers::LocalWorkers(ChannelContext* context, const Options& options, const LoadedRun& run) {
  for (int i = 0; i < options.count; ++i) {
    WorkerNodeOptions node;
    node.channel.endpoint = kLocalEndpoint;
    node.threads = options.threads;
    node.device = options.device;
    node.name = absl::StrCat("local worker ", i + 1);
    node.run = &run;
    node.print = [name = node.name](const std::string& line) { LOG(INFO) << name << ": " << line; };
    running_.fetch_add(1);
    threads_.emplace_back([this, context, node] {
      const absl::Status status = RunWorkerNode(context, node, stop_);
      if (!status.ok()) node.print(std::string(status.message()));
      running_.fetch_sub(1);
    });
  }
}

LocalWorkers::~LocalWorkers() {
  stop_.store(1);
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace nash
