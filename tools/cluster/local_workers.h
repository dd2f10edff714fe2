// Workers on threads of a coordinator's own process, over a channel within it.
//
// Thread-compatible. Each has a table of its own (worker_node.h).
#ifndef NASHVILLE_TOOLS_CLUSTER_LOCAL_WORKERS_H_
#define NASHVILLE_TOOLS_CLUSTER_LOCAL_WORKERS_H_

#include <atomic>
#include <thread>
#include <vector>

#include "proto/channel.h"
#include "tools/stored/device_flag.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Where the coordinator listens for them.
inline constexpr char kLocalEndpoint[] = "inproc://coordinator";

class LocalWorkers {
 public:
  struct Options {
    int count = 0;
    int threads = 1;      // of each
    DeviceChoice device;  // of each
  };
  // Starts them. All outlive us.
  LocalWorkers(ChannelContext* context, const Options& options, const LoadedRun& run);
  // Asks them to leave.
  void Stop() { stop_.store(1); }
  // The same, and waits until they have.
  ~LocalWorkers();
  int running() const { return running_.load(); }

 private:
  std::atomic<int> stop_{0};
  std::atomic<int> running_{0};
  std::vector<std::thread> threads_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_LOCAL_WORKERS_H_
