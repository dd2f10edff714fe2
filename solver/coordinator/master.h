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
#include "common/sparse_delta_codec.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/round_merger.h"

namespace nash {

class Master {
 public:
  virtual ~Master() = default;

  // Rounds complete.
  virtual uint64_t rounds() const = 0;
  virtual uint64_t regret_hash() const = 0;
  virtual uint32_t num_sections() const = 0;

  // Checks all of one part of a unit's delta, which came from outside: checksum, rows (at least
  // one, ascending, in range, of one section), number of values, limits of a unit. The table is not
  // touched; any number of threads may ask at once. Error: InvalidArgument.
  virtual absl::StatusOr<PartPlace> Check(const EncodedRows& part) const = 0;

  // Adds up all parts of all units of the sections [first, first + count): parts that may be merged
  // in their place. The table is not touched. Not while a round is being merged. Errors: as below.
  virtual absl::StatusOr<std::vector<std::vector<EncodedRows>>> SumUp(
      size_t first, size_t count, const SectionReader& read) = 0;
  // So many sections keep all threads at work.
  virtual size_t sections_per_step() const = 0;

  // Merges the next few sections of a round, of which all parts of all units have come, and returns
  // what changed there. Needs !is_merged(). Errors: those of `read`, and DataLoss; the table is
  // worth nothing then.
  virtual absl::StatusOr<std::vector<MergedPart>> MergeNext(const SectionReader& read) = 0;
  // All sections are merged: EndMerge() makes the master come one round further.
  virtual bool is_merged() const = 0;
  virtual void EndMerge() = 0;

  // Replays a logged round: its parts, each once, then its end. Error: InvalidArgument or DataLoss.
  virtual absl::Status Apply(const MergedPart& part) = 0;
  virtual void EndRound() = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_MASTER_H_
