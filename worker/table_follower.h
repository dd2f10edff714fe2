// A worker's table on its way: made, loaded from stored regrets, then one round further at a time,
// until it is the coordinator's.
//
// A state machine without socket, thread or clock, the part of Worker (worker.h) that touches the
// replica. It knows nothing of units; its owner calls Step() and ApplyParts() only while none runs.
// Thread-compatible. Memory: a window of parts, and the bookkeeping of which have come.
#ifndef NASHVILLE_WORKER_TABLE_FOLLOWER_H_
#define NASHVILLE_WORKER_TABLE_FOLLOWER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/messages.h"
#include "worker/counters.h"
#include "worker/options.h"
#include "worker/part_window.h"
#include "worker/replica.h"

namespace nash {

class TableFollower {
 public:
  // timer: of all that is asked for. All outlive us.
  TableFollower(const WorkerOptions& options, Replica* replica, RetryTimer* timer,
                WorkerCounters* counters)
      : options_(options), replica_(replica), timer_(timer), counters_(counters) {}
  TableFollower(const TableFollower&) = delete;  // windows point to what we point to
  TableFollower& operator=(const TableFollower&) = delete;

  // ---- what the table is good for

  // The end of a round, and the hash of the regrets there.
  struct Place {
    uint64_t rounds = 0;
    uint64_t regret_hash = 0;
  };
  // Where it is, or was before it went on or wrong; nothing until stored regrets are loaded.
  std::optional<Place> place() const;
  // It is what the coordinator has after place()->rounds: what units make of it is right.
  bool is_complete() const;
  // The same, and it will stay so for now: no merged round waits to be applied.
  bool takes_units() const;
  // All that is known of the next round is applied, and the word that it is whole has not come.
  bool awaits_round() const;
  // Of the run; the default's until the table is made.
  const RoundShape& shape() const { return shape_; }

  // ---- what comes from the coordinator

  // Of the first Welcome the table is made. At a later one, of a coordinator that may have lost
  // rounds, the table goes back to stored regrets if it is ahead.
  void OnWelcome(const Welcome& welcome);
  void OnReload(const Reload& reload);
  void OnRoundMerged(const RoundMerged& merged);
  // Some parts of the next round can be had before it is merged.
  void OnRoundGrows(const RoundGrows& grows);
  // Error: those of Replica::WriteBuckets().
  absl::Status OnBucketPart(const BucketPart& part, Nanos now);
  // These are put aside, for ApplyParts().
  void OnRegretPart(const RegretPart& part);
  void OnRoundPart(const RoundPart& part);

  // ---- what is to be done while no unit runs

  // Parts have been put aside.
  bool has_parts() const;
  // Applies those that are wanted by now, on all threads.
  void ApplyParts(Nanos now);

  enum class News {
    kNone,
    kArrived,   // complete, with more rounds than before, or others
    kDiverged,  // not what the coordinator has: a Reload must come
  };
  // Does what can be done without waiting. Errors: those of Replica::Prepare() and FinishBuckets();
  // nothing more can be done then.
  absl::StatusOr<News> Step(Nanos now);
  // What is to be asked for now.
  std::vector<WorkerMessage> Due(Nanos now);
  // Asks for the first parts of the next round before its RoundMerged has come, which then comes
  // with them. Needs takes_units().
  FetchRound AskAhead(Nanos now);

 private:
  using Parts = std::map<uint32_t, EncodedRows>;

  // ---- the states, each with what belongs to it

  struct NoTable {};
  // The table is made as soon as all bucket files are there.
  struct FetchingBuckets {
    struct File {
      BucketFileName name;
      PartWindow window;
    };
    Welcome welcome;
    std::optional<File> file;
  };
  struct Loading {
    uint64_t round = 0;  // of the stored regrets
    PartWindow window;
    bool is_cleared = false;  // the table is; no part is taken before
    Parts parts;              // put aside
  };
  // The end of a round.
  struct Complete {
    Place place;
    std::optional<RoundMerged> next;   // is merged: the table is to go on when no unit runs
    uint32_t grown = 0;                // else: so many parts of it are, and it is to go on as well
    std::optional<Nanos> asked_ahead;  // for the next round's first parts
    Parts parts;                       // of these, put aside
  };
  // On the way to the end of the next round.
  struct Advancing {
    Place place;
    std::optional<RoundMerged> next;  // nothing while the coordinator still merges it
    PartWindow window;                // of the parts that are merged
    Parts parts;                      // put aside
    bool is_changed = false;          // some parts were applied
  };
  struct Diverged {
    Place place;
  };
  using State = std::variant<NoTable, FetchingBuckets, Loading, Complete, Advancing, Diverged>;

  PartWindow WindowOf(uint32_t parts) const {
    return PartWindow(parts, options_.window_parts, timer_);
  }
  void Load(uint64_t regrets_round, uint32_t regret_parts);
  void GoOn(const Welcome& welcome, Complete* complete);
  void GoOn(const Welcome& welcome, const Advancing& advancing);
  template <typename Apply>
  uint32_t ApplyEach(const Parts& parts, PartWindow* window, Nanos now, const Apply& apply);
  absl::Status MakeTable();
  std::optional<FetchingBuckets::File> FirstMissing(const std::vector<BucketFileName>& files);
  void BeginRound(Nanos now);
  News EndRound();
  News EndLoading();

  const WorkerOptions& options_;
  Replica* const replica_;
  RetryTimer* const timer_;
  WorkerCounters* const counters_;
  RoundShape shape_;
  State state_;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_TABLE_FOLLOWER_H_
