// A coordinator node of a cluster: a channel, a state machine (solver/coordinator), a disk and a
// clock. The twin of worker_node.h.
//
// Thread-compatible: one thread runs it; frames are decoded and rounds merged on the pool's.
#ifndef NASHVILLE_TOOLS_CLUSTER_COORDINATOR_NODE_H_
#define NASHVILLE_TOOLS_CLUSTER_COORDINATOR_NODE_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/channel.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/coordinator.h"
#include "solver/coordinator/membership_news.h"
#include "tools/cluster/arbiter.h"
#include "tools/cluster/bucket_exchange.h"
#include "tools/cluster/local_workers.h"
#include "tools/cluster/logged_table.h"
#include "tools/cluster/quarantine_list.h"
#include "tools/cluster/timed_rounds.h"
#include "tools/training/run_reporter.h"
#include "tools/training/training_loop.h"

namespace nash {

struct ClusterOptions {
  CoordinatorChannel::Options channel;
  LocalWorkers::Options local;  // in this process
  uint32_t relay_fanout = 2;    // as CoordinatorOptions has it
  double audit_fraction = 0;
  uint64_t audit_secret = 0;  // drawn anew by each process
};
// Of a cluster of several machines, where nobody says it.
inline constexpr double kAuditFraction = 0.02;

// A coordinator's end of its connections. Workers that come before it is served wait.
struct ClusterPort {
  // Errors: as ChannelContext::CheckLimits() and CoordinatorChannel::Listen().
  static absl::StatusOr<std::unique_ptr<ClusterPort>> Open(const ClusterOptions& options);
  ChannelContext context;
  std::unique_ptr<CoordinatorChannel> channel;
};

class CoordinatorNode {
 public:
  // All outlive us.
  struct Setup {
    const LoadedRun* run;
    ClusterPort* port;
    ThreadPool* pool;
    // Holds the end of round `progress`.rounds, whose checkpoint the folder holds (0: none).
    Table* table;
    RunFolder* folder;
    Progress* progress;  // written
  };
  CoordinatorNode(const LoopOptions& limits, const ClusterOptions& cluster, const Setup& setup);

  // Replays what the round log has besides; then leases the units of rounds to workers and merges
  // what comes back, until a limit is reached or a stop signal came; then writes a last checkpoint.
  // Ends with the bytes that TrainUntil() would end with. To be called once.
  //
  // Workers are sent home at the end, also by SIGINT and SIGTERM; not by SIGUSR1: then they wait
  // for the next coordinator of this run, as after a crash.
  absl::Status Run();

 private:
  // A frame, and what can be known of it without the coordinator.
  struct OpenedFrame {
    absl::StatusOr<WorkerEnvelope> envelope;
    Coordinator::CheckedPart checked;
  };

  absl::Status Start();
  absl::Status StartCoordinator();
  absl::StatusOr<CoordinatorOptions> MakeCoordinatorOptions() const;
  absl::Status GoBackIfDue();
  absl::Status LoadNewest();
  absl::Status Serve();
  absl::Status Receive();
  OpenedFrame Open(const std::string& frame) const;
  void Deliver(const ReceivedFrame& frame, const OpenedFrame& opened);
  void TakeKeyChanges();
  absl::Status TakeMergedRounds();
  void KeepQuarantine();
  void SendAll();
  void StopIfDue(LocalWorkers* workers);
  void NoteMembers();
  bool HasMembers() const { return !coordinator_->membership().members().empty(); }
  TrainingSample Sample() const;

  const LoopOptions limits_;
  const ClusterOptions cluster_;
  const Setup setup_;
  RunReporter reporter_;
  std::optional<LoggedTable> table_;  // here and below: anew where rounds are taken back
  BucketFolderSource buckets_;
  std::optional<PartSpool> spool_;
  RoundTimes times_;
  std::optional<TimedMaster> timed_master_;
  std::optional<TimedStore> timed_store_;
  std::unique_ptr<Coordinator> coordinator_;
  Counters former_counters_;        // of coordinators before it
  std::set<std::string> shut_out_;  // by the last of them
  double former_sync_seconds_ = 0;  // of tables before this one
  std::optional<QuarantineList> quarantine_;
  Arbiter arbiter_;
  MembershipNews news_;
  double member_seconds_ = 0, idle_seconds_ = 0;  // of workers, without a unit to run
  uint64_t received_bytes_ = 0, sent_bytes_ = 0;
  double noted_seconds_ = 0;  // up to when
  bool stopping_ = false, stops_at_once_ = false;
  bool workers_wait_ = false;  // nobody is sent home: another coordinator comes
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_COORDINATOR_NODE_H_
