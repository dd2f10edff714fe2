// Trains with workers: a coordinator (solver/coordinator) with a channel, a disk and a clock.
#ifndef NASHVILLE_TOOLS_COORDINATOR_LOOP_H_
#define NASHVILLE_TOOLS_COORDINATOR_LOOP_H_

#include <string>

#include "absl/status/status.h"
#include "proto/channel.h"
#include "solver/cfr/trainer.h"
#include "tools/device_flag.h"
#include "tools/training_loop.h"

namespace nash {

struct ClusterOptions {
  CoordinatorChannel::Options channel;
  int local_workers = 0;  // in this process
  int threads = 1;        // of each
  DeviceChoice device;    // of each
  double audit_fraction = 0;
};

// A coordinator's end of its connections. Workers that come before it is served wait.
struct ClusterPort {
  // Errors: as CoordinatorChannel::Listen().
  static absl::StatusOr<std::unique_ptr<ClusterPort>> Open(const ClusterOptions& options);
  ChannelContext context;
  std::unique_ptr<CoordinatorChannel> channel;
};

// Leases the units of rounds to workers and merges what comes back, until a limit is reached or a
// stop signal came; then writes a last checkpoint. `table` holds the end of round
// `progress`.rounds, whose checkpoint the folder holds (0: none); rounds that the round log has
// besides are replayed first. progress: written. Ends with the bytes that TrainUntil() would end
// with.
absl::Status CoordinateUntil(const LoopOptions& options, const ClusterOptions& cluster,
                             ClusterPort* port, const LoadedRun& run, ThreadPool* pool,
                             Table* table, RunFolder* folder, Progress* progress);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_COORDINATOR_LOOP_H_
