// Merges a round whose units have all come, and stores it: a step of some milliseconds at a time.
//
// Sections of the table are merged a few at a time and go to the store at once, so that neither the
// round's results nor what it changed is in memory as a whole. Where the store has no room, the
// step is tried again later: what was merged is kept meanwhile. Thread-compatible. Memory: a few
// sections of the merged delta.
#ifndef NASHVILLE_SOLVER_COORDINATOR_ROUND_FINISHER_H_
#define NASHVILLE_SOLVER_COORDINATOR_ROUND_FINISHER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/coordinator/master.h"
#include "solver/coordinator/open_round.h"
#include "solver/coordinator/options.h"
#include "solver/coordinator/part_spool.h"
#include "solver/coordinator/round_store.h"

namespace nash {

class RoundFinisher {
 public:
  // All outlive us. The spool holds the parts of rounds that Begin() gets, until they are merged.
  RoundFinisher(const CoordinatorOptions& options, Master* master, RoundStore* store,
                PartSpool* spool)
      : options_(options), master_(master), store_(store), spool_(spool) {}

  // Takes a round up. Needs round.IsComplete() and !is_busy().
  void Begin(const OpenRound& round);
  // A round is being merged, or waits for room.
  bool is_busy() const { return pending_.has_value(); }
  // Step() has something to do.
  bool IsDue(Nanos now) const { return pending_ && pending_->retry_at <= now; }
  bool is_paused() const { return pending_ && pending_->retry_at != Nanos(0); }
  // The round that is merged. Needs is_busy().
  uint64_t round() const { return pending_->record.round; }
  // Parts of it that the store has, and that steps have told of. Needs is_busy().
  uint32_t parts_told() const { return pending_->told; }

  struct Step {
    enum class Kind {
      kIdle,    // nothing was due
      kOn,      // one of several
      kMerged,  // the last: the store has the round
      kPaused,  // the store has no room: IsDue() again after CoordinatorOptions::append_retry
    };
    Kind kind = Kind::kIdle;
    absl::Status trouble;               // of kPaused
    uint64_t round = 0;                 // of kOn and kMerged
    uint32_t first_part = 0;            // that the step has appended,
    std::vector<uint64_t> checksums{};  // and the checksums of regrets from there on
  };
  // Errors: those of master, store and spool, but for a lack of room; the master's table is of no
  // round then.
  absl::StatusOr<Step> TakeStep(Nanos now);

  // Step() need not wait any longer.
  void RetryNow() {
    if (pending_) pending_->retry_at = Nanos(0);
  }
  // Forgets the round, and no other may begin.
  void GiveUp() {
    gave_up_ = pending_->is_begun;
    pending_.reset();
  }
  // A round was given up in its middle: the master's table is of no round.
  bool gave_up() const { return gave_up_; }

 private:
  struct Pending {
    RoundRecord record;
    std::vector<std::vector<PartSpool::Ticket>> sections;  // their parts, or sums
    std::vector<MergedPart> parts;                         // merged, not yet appended
    size_t appended = 0;                                   // of these
    std::vector<uint64_t> checksums;                       // of regrets, since the last step's end
    uint32_t told = 0;                                     // parts before these
    bool is_begun = false;                                 // the master's table is changing
    bool is_ended = false;                                 // the master has come to its end
    Nanos retry_at{0};                                     // while the disk is full
  };

  absl::Status MergeAndAppend();

  const CoordinatorOptions& options_;
  Master* const master_;
  RoundStore* const store_;
  PartSpool* const spool_;
  std::optional<Pending> pending_;
  bool gave_up_ = false;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_ROUND_FINISHER_H_
