// What the coordinator needs of the master table.
//
// Wired over RoundTable, RoundMerger and the codec of rows; simulations have smaller ones.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_MASTER_H_
#define NASHVILLE_SOLVER_COORDINATOR_MASTER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sparse_delta.h"
#include "proto/messages.h"

namespace nash {

// A part of what a round changed: the same rows twice. Workers follow the regrets only.
struct MergedPart {
  EncodedRows regrets;  // lane 0
  EncodedRows sums;     // lane 1
  friend bool operator==(const MergedPart&, const MergedPart&) = default;
};

class Master {
 public:
  virtual ~Master() = default;

  // Rounds complete.
  virtual uint64_t rounds() const = 0;
  virtual uint64_t regret_hash() const = 0;

  // Decodes one part of a unit's delta, which came from outside, and checks all of it: checksum,
  // rows (at least one, ascending, in range), number of values, limits of a unit. The table is not
  // touched. Error: InvalidArgument.
  virtual absl::StatusOr<SparseDelta> Decode(const EncodedRows& part) const = 0;

  // Adds what Decode() gave: each (unit, part) once.
  virtual void Add(const SparseDelta& part) = 0;
  // Takes back all that was added since the last round's end.
  virtual void RollBack() = 0;
  // All parts of all units were added: returns what changed, and has come one round further.
  virtual std::vector<MergedPart> Finish() = 0;

  // Replays a logged round: its parts, each once, then its end. Error: InvalidArgument or DataLoss.
  virtual absl::Status Apply(const MergedPart& part) = 0;
  virtual void EndRound() = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_MASTER_H_
