// A worker of the coordinator's own process, for as long as one is needed: where two results differ
// and no third worker is there to decide, or where a round is audited and one worker alone is
// there.
//
// It takes a table of its own: of audits nothing is expected where there is no memory for it, and
// they are waived in the end. Thread-compatible.
#ifndef NASHVILLE_TOOLS_CLUSTER_ARBITER_H_
#define NASHVILLE_TOOLS_CLUSTER_ARBITER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "proto/channel.h"
#include "solver/coordinator/coordinator.h"
#include "tools/cluster/local_workers.h"
#include "tools/stored/loaded_run.h"

namespace nash {

class Arbiter {
 public:
  // say: is told what an operator should know. workers: what threads and device it has. All outlive
  // us.
  Arbiter(ChannelContext* context, const LocalWorkers::Options& workers, const LoadedRun& run,
          std::function<void(const std::string&)> say);

  // Starts it where it has been needed for some time, and sends it home where it is not any more.
  // Called in turns of a coordinator.
  void Step(const Coordinator& coordinator, Nanos now);
  // Asks it to leave.
  void Stop();
  bool is_running() const { return worker_.has_value() && worker_->running() > 0; }

 private:
  bool IsNeeded(const Coordinator& coordinator, Nanos now);
  bool HasRoom();
  uint64_t BytesNeeded() const;

  ChannelContext* const context_;
  const LocalWorkers::Options options_;
  const LoadedRun& run_;
  const std::function<void(const std::string&)> say_;
  std::optional<LocalWorkers> worker_;
  std::optional<Nanos> lacks_one_since_;
  bool has_told_of_audits_ = false, lacks_room_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_ARBITER_H_
