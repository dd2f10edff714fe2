// The coordinator of a run: leases units, merges what comes back, keeps the rounds, tells
// everybody.
//
// A state machine: messages and ticks in, messages and notices out. No socket, thread or clock;
// every entry point takes the time. docs/protocol.md has the states, docs/reliability.md
// what it survives. Whatever peers send, the table ends as it would have without them: parts are
// named, checked, kept once, compared when they come again; a round with something wrong in it is
// collected again; only whole rounds are merged into the table. Where a worker is caught that
// rounds were merged from, we end, and say to which round the run goes back (back_to()).
//
// Thread-compatible. Memory: the round's bookkeeping (round_results.h) and parts (part_spool.h), a
// few sections of its merged delta, a few hundred bytes for each member; nothing is queued for
// peers: each request is answered at once with at most fetch_parts_max parts, and who sends the
// answers may drop what does not fit.
#ifndef NASHVILLE_SOLVER_COORDINATOR_COORDINATOR_H_
#define NASHVILLE_SOLVER_COORDINATOR_COORDINATOR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/notice_limit.h"
#include "common/reminder.h"
#include "proto/messages.h"
#include "solver/coordinator/counters.h"
#include "solver/coordinator/disputes.h"
#include "solver/coordinator/master.h"
#include "solver/coordinator/membership.h"
#include "solver/coordinator/open_rounds.h"
#include "solver/coordinator/options.h"
#include "solver/coordinator/part_spool.h"
#include "solver/coordinator/relay_tree.h"
#include "solver/coordinator/round_finisher.h"
#include "solver/coordinator/round_store.h"
#include "solver/coordinator/section_sums.h"
#include "solver/coordinator/unconfirmed.h"
#include "solver/coordinator/unit_leaser.h"

namespace nash {

// Gives pieces of the run's bucket files.
class BucketSource {
 public:
  virtual ~BucketSource() = default;
  // The bytes from offset on, as many as fit a message. Error: NotFound.
  virtual absl::StatusOr<std::string> Read(uint64_t content_hash, uint64_t offset) = 0;
};

class Coordinator {
 public:
  struct Outgoing {
    std::string connection;
    CoordinatorEnvelope envelope;
  };

  // The master has store->end_round() rounds (replay.h). All outlive us.
  Coordinator(const CoordinatorOptions& options, Master* master, RoundStore* store,
              PartSpool* spool, BucketSource* buckets, Nanos now);

  // checked: what Master::Check() says of a DeltaPart's rows, where somebody has asked already: it
  // takes the most time of all that is done for a message, and may be done on many threads.
  using CheckedPart = std::optional<absl::StatusOr<PartPlace>>;
  void OnMessage(const Sender& sender, const WorkerEnvelope& envelope, Nanos now,
                 const CheckedPart& checked = std::nullopt);
  // A message of this sender could not even be decoded.
  void OnMalformed(const Sender& sender, absl::string_view what, Nanos now);
  // A message was of another protocol version or schema; what: names both.
  void OnOtherProtocol(const Sender& sender, absl::string_view what, Nanos now);
  // At least every 100 ms, when the store has made something durable, and at once while
  // is_busy(): a round is merged in steps of some milliseconds, one a tick.
  // is_idle: no messages wait, so that there is time for what could be done later (SectionSums).
  void OnTick(Nanos now, bool is_idle = true);
  bool is_busy() const { return is_merging() || is_summing(); }
  // The next tick changes the master's table.
  bool is_merging() const { return finisher_.IsDue(now_); }

  // The operator took a key back. Later messages of all that have it are refused. Here and below
  // `name` is a worker's identity, or a shared key's name.
  void Revoke(const std::string& name, Nanos now);
  // A coordinator before us has quarantined it.
  void Quarantine(const std::string& identity) {
    membership_.Ban(identity, RefusalReason::kQuarantined);
  }
  // The operator trusts it again.
  void Pardon(const std::string& name) { membership_.Pardon(name); }
  // Ends after the round that is to be complete next. With `at_once` that round is dropped instead,
  // and one that is being merged and finds no room on the disk is given up.
  void Stop(bool at_once, Nanos now);

  // What is to be sent, in order, and what is to be told to people; each is given once.
  std::vector<Outgoing> TakeOutgoing();
  std::vector<std::string> TakeNotices();

  // Complete and appended: what workers can follow.
  uint64_t rounds() const { return store_->end_round(); }
  // All is durable and nothing more will be done; every message is refused as draining. Members
  // that have heard of it say Goodbye.
  bool done() const { return life_ == Life::kDone; }
  // Whether rounds wait for room on the disk.
  bool is_paused() const { return finisher_.is_paused(); }
  // How many members run a unit now.
  size_t MembersAtWork() const { return open_.MembersAtWork(); }
  // Units that are leased, and have no result yet.
  size_t UnitsInFlight() const { return open_.UnitsInFlight(); }
  // Results contradict each other, and nobody is there whose result could decide.
  bool has_disputes() const { return !disputes_.empty(); }
  bool lacks_arbiter() const { return !disputes_.empty() && membership_.members().empty(); }
  // A round waits for nothing but second results of its units, and whether nobody can give them.
  bool awaits_audits() const { return open_.AwaitsAudits(); }
  bool lacks_auditor() const { return awaits_audits() && MembersHeardOf() < 2; }
  // Members that have given a sign of life just now: one that has died is a member for a while.
  size_t MembersHeardOf() const;
  // A worker was caught, and rounds from this one on hold what only it vouches for: nothing is
  // served any more. The caller cuts the store, goes back to a table of that round or of one
  // before, and begins with a new coordinator, of a higher history. Without any audits there is
  // none.
  const std::optional<uint64_t>& back_to() const { return back_to_; }
  // Nothing that a present member may be caught for is in the rounds before this one.
  uint64_t confirmed_rounds() const;
  // A round was given up in its middle: the master's table is of no round then.
  bool gave_up() const { return finisher_.gave_up(); }
  // Not OK: the store failed for good; nothing is served any more.
  const absl::Status& status() const { return status_; }
  const Counters& counters() const { return counters_; }
  const Membership& membership() const { return membership_; }
  // What workers have told, added up: of each, from the first time that it told anything since it
  // came. resident_bytes: 0.
  const WorkerFigures& worker_figures() const { return worker_figures_; }

 private:
  enum class Life {
    kTraining,
    kStopping,        // no round is opened any more
    kStoppingAtOnce,  // and none is waited for
    kDone,            // every message is refused
  };

  // Each answers one message of a member; without one for every kind OnMessage() does not compile.
  void Handle(const Sender& sender, const Hello& hello);
  void Handle(const Sender& sender, const Following& following);
  void Handle(const Sender& sender, const FetchBuckets& fetch);
  void Handle(const Sender& sender, const FetchRegrets& fetch);
  void Handle(const Sender& sender, const FetchRound& fetch);
  void Handle(const Sender& sender, const FetchStart& fetch);
  void Handle(const Sender& sender, const FetchChecksums& fetch);
  void Handle(const Sender& sender, const DeltaPart& part, const CheckedPart& checked);
  void Handle(const Sender& sender, const UnitClaim& claim);
  void Handle(const Sender& sender, const Goodbye& goodbye);
  void Handle(const Sender& sender, const WorkerFigures& figures);

  bool Refuses(const Sender& sender, const WorkerEnvelope& envelope);
  bool IsInStep(const Sender& sender, const Following& following);
  void ReloadIfNeeded(const Sender& sender, const Following& following);
  bool IsLate(const UnitName& name) const;
  void SendReload(const Sender& sender, absl::string_view why);
  void SendRound(const std::string& connection, uint64_t round);
  void Tell(const std::string& identity, const Member& member);
  void TellAll();
  void TellPlaces();
  void TellGrowth(const RoundFinisher::Step& step);
  void AcknowledgeUnit(OpenRound* round, uint32_t unit);
  void Contradict(const Sender& sender, const UnitName& name, const Arrival& arrival,
                  const Disputes::Evidence& evidence);
  bool DecideDispute(OpenRound* round, uint32_t unit);
  void Expel(const std::set<std::string>& names, RefusalReason reason, const std::string& text);
  void CannotKeep(const absl::Status& status);
  void RollBack(uint64_t round);
  void TakeBack(const std::set<std::string>& caught);
  void FinishRoundIfComplete();
  void Merge();
  bool is_summing() const;
  void SumUp();
  void Pause(const absl::Status& full);
  void OpenRoundsThatCan();
  void NoteDurable();

  CoordinatorEnvelope Wrap(CoordinatorMessage message) const;
  void Send(const std::string& connection, CoordinatorMessage message);
  void Broadcast(const CoordinatorMessage& message);
  void Refuse(const std::string& connection, RefusalReason reason, std::string text);
  void Notice(std::string text) { notices_.push_back(std::move(text)); }
  // Of something that this peer can bring about as often as it likes.
  void NoticeOf(absl::string_view kind, absl::string_view peer, std::string text);
  void NoteWaivedAudits();

  const CoordinatorOptions options_;
  Master* const master_;
  RoundStore* const store_;
  PartSpool* const spool_;
  BucketSource* const buckets_;

  Nanos now_;  // of the entry point that runs
  Membership membership_;
  Counters counters_;
  WorkerFigures worker_figures_;
  // A round waits so long while a checkpoint is written that makes room.
  static constexpr Nanos kRoomPatience = std::chrono::seconds(2);
  Reminder full_disk_{kRoomPatience};
  Reminder unkept_parts_, waived_audits_;
  uint64_t audits_waived_ = 0;  // as last seen
  OpenRounds open_;
  Disputes disputes_;
  Unconfirmed unconfirmed_;
  std::optional<uint64_t> back_to_;
  UnitLeaser leaser_;
  SectionSums section_sums_;
  RoundFinisher finisher_;
  // Of the newest rounds, by part; of those of a coordinator before us, none.
  std::map<uint64_t, std::vector<uint64_t>> checksums_;
  bool has_relays_ = false;  // when places were last told
  uint64_t durable_rounds_;  // as last told
  Life life_ = Life::kTraining;
  absl::Status status_;
  std::vector<Outgoing> outgoing_;
  std::vector<std::string> notices_;
  NoticeLimit notice_limit_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_COORDINATOR_H_
