// A worker node: follows the master table, runs the units that it is leased, delivers the results.
//
// A state machine: messages, ticks and finished units in, messages and commands out. No socket,
// thread or clock; every entry point takes the time. The unit itself is run by whoever owns the
// worker, on the replica's table, after the command RunUnit; until the completion comes back the
// worker does not touch the replica. docs/protocol.md has the states.
//
// Thread-compatible. Memory besides the table: results that are not durable yet
// (WorkerOptions::kept_bytes_max and one unit more) and a window of parts.
#ifndef NASHVILLE_WORKER_WORKER_H_
#define NASHVILLE_WORKER_WORKER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "proto/messages.h"
#include "worker/options.h"
#include "worker/part_window.h"
#include "worker/replica.h"
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

  // Parts of a round or of a snapshot are only put aside: those that come together are applied
  // together, with the next tick.
  void OnMessage(const Envelope& envelope, Nanos now);
  // The transport has a connection that it had not: a Hello that was sent before was lost.
  void OnConnected(Nanos now);
  // After the messages that came together, and at least every 100 ms.
  void OnTick(Nanos now);
  void OnUnitFinished(UnitResult result, Nanos now);
  void OnUnitAbandoned(Nanos now);
  // Abandons the unit, delivers what is finished, says Goodbye and stops.
  void RequestStop(Nanos now);

  // Each is given once.
  std::vector<Envelope> TakeOutgoing();
  std::vector<Command> TakeCommands();

  // Set when it has ended. OK: the run is complete or it was asked to stop. AlreadyExists: another
  // process has the same key. PermissionDenied: shut out. FailedPrecondition: another run or
  // release. Others are those of Replica::Prepare(), and of bucket files.
  const std::optional<absl::Status>& stopped() const { return stopped_; }

  struct Counters {
    uint64_t units_run = 0;
    uint64_t units_abandoned = 0;
    uint64_t rounds_followed = 0;
    uint64_t snapshots_loaded = 0;
    uint64_t divergences = 0;
    uint64_t parts_refused = 0;
    uint64_t joins = 0;
  };
  const Counters& counters() const { return counters_; }
  // Why the coordinator last would not let us in yet; for people. Empty when it did.
  const std::string& waiting_for() const { return waiting_for_; }
  // Complete at the coordinator, as far as we know.
  uint64_t coordinator_rounds() const { return coordinator_rounds_; }

 private:
  // What the table is good for.
  enum class TableState {
    kNone,      // not made yet: bucket files are missing
    kLoading,   // a snapshot is being loaded (into_)
    kComplete,  // the end of a round
    kBetween,   // some parts of the next round were applied
    kDiverged,  // not what the coordinator has
  };
  struct Snapshot {
    uint64_t round = 0;
    uint32_t parts = 0;
  };

  void Handle(const Welcome& welcome, uint64_t generation);
  void Handle(const Refusal& refusal);
  void Handle(const Lease& lease);
  void Handle(const RoundMerged& merged);
  void Handle(const RoundPart& part);
  void Handle(const SnapshotPart& part);
  void Handle(const UnitPart& part);
  void Handle(const Resend& resend);
  void PutAside(uint32_t part, const EncodedRows& rows);
  void Handle(const BucketPart& part);
  void Handle(const Reload& reload) { Load({reload.snapshot_round, reload.snapshot_parts}); }

  bool IsForUs(const Envelope& envelope) const;
  void SayHello();
  void GoOnWith(const Welcome& welcome);
  void Load(const Snapshot& snapshot);
  bool FetchesRounds() const {
    return table_ == TableState::kComplete || table_ == TableState::kBetween;
  }
  UnitOutbox::Rounds WantedRounds() const;
  void Abandon();
  // Do what can be done without waiting; each is idempotent.
  void Proceed();
  void ApplyParts();
  void ProceedWithBuckets();
  void ProceedWithSnapshot();
  void ProceedWithRound();
  void ProceedWithStart();
  void AskAheadOrFollow();
  uint32_t UnitsWanted() const;
  void SendFollowing();
  void SendFetches();
  void LeaveIfDrained();
  void GiveUp(const absl::Status& status);
  void Send(Message message);

  const WorkerOptions options_;
  Replica* const replica_;
  Nanos now_;
  std::string fingerprint_;
  uint64_t generation_ = 0;
  bool joined_ = false;
  Patience hello_patience_;
  std::optional<Nanos> hello_sent_;
  std::string waiting_for_;

  TableState table_ = TableState::kNone;
  RoundShape shape_;     // once the table is made
  uint64_t rounds_ = 0;  // of the table, where it is neither kNone nor kLoading
  uint64_t hash_ = 0;    // of its regrets after those rounds
  Patience fetch_patience_;
  std::optional<PartWindow> fetch_;        // of bucket bytes, a snapshot or a round, as table_ says
  std::optional<Welcome> welcome_;         // until the table is made
  std::optional<BucketFileName> buckets_;  // being fetched
  Snapshot into_;                          // being loaded
  bool must_clear_ = false;                // before the first part of into_
  std::optional<RoundMerged> merged_;      // of round rounds_: to be applied
  uint64_t coordinator_rounds_ = 0;        // complete there, as far as we know
  std::optional<Nanos> asked_ahead_;       // for parts of a round before its RoundMerged came
  std::map<uint32_t, EncodedRows> parts_;  // that came, of what fetch_ is for

  // A leased unit whose line's result before is being fetched.
  struct Starting {
    Lease lease;
    PartWindow fetch;
    std::vector<EncodedRows> parts;  // that came
  };
  std::optional<Starting> starting_;
  std::optional<UnitName> running_;
  bool abandoning_ = false;
  UnitOutbox outbox_;
  std::optional<Nanos> following_sent_;
  std::optional<Nanos> drain_until_;
  std::optional<absl::Status> stopped_;

  Counters counters_;
  std::vector<Envelope> outgoing_;
  std::vector<Command> commands_;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_WORKER_H_
