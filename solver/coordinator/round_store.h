// What the coordinator needs of the disk: rounds that were merged, and the newest checkpoint.
//
// Wired over the round log and the checkpoints of a run folder; the simulation has one that
// crashes. A failed sync is not reported: the process ends there (docs/reliability.md).
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_ROUND_STORE_H_
#define NASHVILLE_SOLVER_COORDINATOR_ROUND_STORE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/coordinator/master.h"

namespace nash {

struct RoundRecord {
  uint64_t round = 0;
  uint32_t parts = 0;
  uint64_t regret_hash = 0;  // after it
  uint64_t touches = 0;      // of its units
  friend bool operator==(const RoundRecord&, const RoundRecord&) = default;
};

// The regrets of a checkpoint, as deltas from zero.
struct StoredRegrets {
  uint64_t round = 0;  // rounds complete; 0: all zero, no parts
  uint32_t parts = 0;
  uint64_t regret_hash = 0;
};

class RoundStore {
 public:
  virtual ~RoundStore() = default;

  // Whether round end_round() should be begun. Error: ResourceExhausted while the disk has no room
  // for it and the next checkpoint: better waited for between rounds, where a checkpoint can be
  // written, than in the middle of one.
  virtual absl::Status RoomForRound() { return absl::OkStatus(); }

  // Appends the next part of round end_round(), or its end: then the round is here, and being made
  // durable. Errors: ResourceExhausted when the disk is full: to be tried again later. Others are
  // final.
  virtual absl::Status AppendPart(const MergedPart& part) = 0;
  // record.parts: as many as were appended.
  virtual absl::Status EndRound(const RoundRecord& record) = 0;

  // Forgets rounds from `round` on; none may be half here. Needs first_round() <= round.
  virtual absl::Status CutTo(uint64_t round) = 0;

  // Rounds [first_round(), end_round()) can be read; first_round() is at most that of
  // newest_regrets().
  virtual uint64_t first_round() const = 0;
  virtual uint64_t end_round() const = 0;
  // Rounds below this survive any crash.
  virtual uint64_t durable_rounds() const = 0;

  // round: in [first_round(), end_round()).
  virtual RoundRecord Record(uint64_t round) const = 0;
  // part: below Record(round).parts. ReadRegrets() also of round end_round(), as far as it was
  // appended.
  virtual absl::StatusOr<EncodedRows> ReadRegrets(uint64_t round, uint32_t part) = 0;
  virtual absl::StatusOr<MergedPart> ReadPart(uint64_t round, uint32_t part) = 0;

  virtual StoredRegrets newest_regrets() const = 0;
  // Error: NotFound when they are not kept any more, or have no such part.
  virtual absl::StatusOr<EncodedRows> ReadStoredRegrets(uint64_t round, uint32_t part) = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_ROUND_STORE_H_
