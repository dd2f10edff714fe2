// A worker node: follows the master table, runs the units that it is leased, delivers the results.
//
// A state machine: messages, ticks and finished units in, messages and commands out. No socket,
// thread or clock; every entry point takes the time. The unit itself is run by whoever owns the
// worker, on the replica's table, after the command RunUnit; until the completion comes back the
// worker does not touch the replica. docs/protocol.md has the states. TableFollower
// (table_follower.h) makes the table and keeps it up, UnitOutbox (unit_outbox.h) delivers; here is
// what joins them: membership, the unit, and when which of them may act.
//
// Thread-compatible. Memory besides the table: results that are not durable yet
// (WorkerOptions::kept_bytes_max and one unit more) and a window of parts.
#ifndef NASHVILLE_WORKER_WORKER_H_
#define NASHVILLE_WORKER_WORKER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/messages.h"
#include "worker/counters.h"
#include "worker/options.h"
#include "worker/part_window.h"
#include "worker/relay.h"
#include "worker/replica.h"
#include "worker/table_follower.h"
#include "worker/unit_outbox.h"

namespace nash {

class Worker {
 public:
  // Run this unit; then call OnUnitFinished(). start: the result of its line that it starts from,
  // or null where the lines meet.
  struct RunUnit {
    UnitName name;
    SharedParts start;
  };
  // Its result is not wanted any more: call OnUnitAbandoned() soon, or OnUnitFinished().
  struct AbandonUnit {
    UnitName name;
  };
  using Command = std::variant<RunUnit, AbandonUnit>;

  // replica outlives us.
  Worker(const WorkerOptions& options, Replica* replica, Nanos now);

  // Parts of a round or of stored regrets are only put aside: those that come together are applied
  // together, with the next tick.
  void OnMessage(const CoordinatorEnvelope& envelope, Nanos now);
  // Of the worker that passes rounds on to us (source()), and that there is no connection to it.
  void OnSourceMessage(const CoordinatorEnvelope& envelope, Nanos now);
  void OnSourceGone(Nanos now);
  // Of a worker that we pass rounds on to; peer: its connection.
  void OnPeerMessage(const std::string& peer, const WorkerEnvelope& envelope, Nanos now);
  // The transport has a connection that it had not: the coordinator does not know it, and what was
  // sent before may be lost. So Hello comes first, and a process that was superseded meanwhile
  // stops at its first answer.
  void OnConnected(Nanos now);
  // After the messages that came together, and at least every 100 ms.
  void OnTick(Nanos now);
  void OnUnitFinished(UnitResult result, Nanos now);
  void OnUnitAbandoned(Nanos now);
  // Tells the coordinator, if there is one.
  void TellFigures(const WorkerFigures& figures) {
    if (joined_) Send(figures);
  }
  // Abandons the unit, delivers what is finished, says Goodbye and stops.
  void RequestStop(Nanos now);

  // Each is given once.
  std::vector<WorkerEnvelope> TakeOutgoing();
  std::vector<Command> TakeCommands();
  std::vector<WorkerEnvelope> TakeForSource();
  struct ForPeer {
    std::string peer;
    CoordinatorEnvelope envelope;
  };
  std::vector<ForPeer> TakeForPeers();
  // Whom to connect to for rounds, and who may connect to us.
  const RelayPlace& relay_place() const { return relay_.place(); }
  // What its time goes into until something comes: one of WorkerTimes, or null while it has no
  // coordinator or no table.
  uint64_t WorkerTimes::*activity() const;
  // Something can be done at once: OnTick() need not be waited for.
  bool is_ready() const { return std::holds_alternative<NoUnit>(unit_) && table_.has_parts(); }

  // Set when it has ended. OK: the run is complete or it was asked to stop. AlreadyExists: another
  // process has the same key. PermissionDenied: shut out. FailedPrecondition: another run or
  // release. Others are those of Replica::Prepare(), and of bucket files.
  const std::optional<absl::Status>& stopped() const { return stopped_; }

  using Counters = WorkerCounters;
  const Counters& counters() const { return counters_; }
  // Why the coordinator last would not let us in yet; for people. Empty when it did.
  const std::string& waiting_for() const { return waiting_for_; }
  // Complete at the coordinator, as far as we know.
  uint64_t coordinator_rounds() const { return coordinator_rounds_; }

 private:
  // ---- what there is of a unit

  struct NoUnit {};
  // Leased; its line's result before is being fetched.
  struct StartingUnit {
    Lease lease;
    PartWindow fetch;
    std::vector<EncodedRows> parts;  // that came
  };
  // RunUnit was given, the end has not come.
  struct RunningUnit {
    UnitName name;
    bool is_abandoned = false;
    bool is_worthless = false;  // also if it is finished all the same
  };
  using Unit = std::variant<NoUnit, StartingUnit, RunningUnit>;

  // One for each kind of message but Welcome; without it OnMessage() does not compile.
  void Handle(const Refusal& refusal);
  void Handle(const Lease& lease);
  void Handle(const PartReceived& received) { outbox_.OnPartReceived(received, now_); }
  void Handle(const UnitReceived& received) { outbox_.OnUnitReceived(received.name); }
  void Handle(const RoundMerged& merged);
  void Handle(const RoundPart& part);
  void Handle(const RegretPart& part) { table_.OnRegretPart(part); }
  void Handle(const StartPart& part);
  void Handle(const BucketPart& part);
  void Handle(const Resend& resend);
  void Handle(const RoundGrows& grows);
  void Handle(const RoundChecksums& checksums) { relay_.OnChecksums(checksums, now_); }
  void Handle(const RelayPlace& place);
  void Handle(const Reload& reload) { table_.OnReload(reload); }

  void Join(const Welcome& welcome, const CoordinatorEnvelope& envelope);
  void BeginHistory(const Welcome& welcome);
  bool IsForUs(const CoordinatorEnvelope& envelope) const;
  void SayHello();
  UnitOutbox::Rounds WantedRounds() const;
  uint32_t UnitsWanted() const;
  void SendFollowing();
  void Abandon(RunningUnit* running);
  absl::StatusOr<std::optional<SharedParts>> StartOf(StartingUnit* starting);
  // Do what can be done without waiting; each is idempotent.
  void Proceed();
  void ProceedWithUnit();
  void ProceedWithTable();
  void Fetch(const FetchRound& fetch);
  void LeaveIfDrained();
  void GiveUp(const absl::Status& status);
  void Send(WorkerMessage message);

  const WorkerOptions options_;
  Replica* const replica_;
  Nanos now_;

  // Membership.
  std::string fingerprint_;
  uint64_t generation_ = 0;
  uint64_t history_ = 0;  // Welcome's
  bool joined_ = false;
  RetryTimer hello_timer_;
  std::optional<Nanos> hello_sent_;
  std::optional<Nanos> heard_;  // of the coordinator, last
  std::string waiting_for_;

  // The table, the unit, the results.
  RetryTimer fetch_timer_;
  TableFollower table_;
  Relay relay_;
  uint64_t coordinator_rounds_ = 0;  // complete there, as far as we know
  Unit unit_;
  UnitOutbox outbox_;
  std::optional<Nanos> following_sent_;

  // The end.
  std::optional<Nanos> drain_until_;
  std::optional<absl::Status> stopped_;

  Counters counters_;
  std::vector<WorkerEnvelope> outgoing_;
  std::vector<Command> commands_;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_WORKER_H_
