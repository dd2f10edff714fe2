// Traverses the batches of a unit, in place: one pass per player and batch.
//
// What a unit does to a table depends on the table, the round and the unit's number only, not on
// threads. Thread-compatible: one caller; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_UNIT_TRAVERSER_H_
#define NASHVILLE_SOLVER_CFR_UNIT_TRAVERSER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "solver/cfr/batch_preparer.h"
#include "solver/cfr/pass_runner.h"
#include "solver/cfr/prepared_batch.h"
#include "solver/cfr/table_snapshot.h"
#include "solver/cfr/training_setup.h"

namespace nash {

// A unit of work, of the round that follows `rounds` others: they name its draws and its place in
// the schedule. What it starts from is another matter (lines.h).
struct Unit {
  uint64_t rounds = 0;
  uint32_t number = 0;
  friend bool operator==(const Unit&, const Unit&) = default;
};

// Called between batches, while no thread touches the table. It may do deferred work of its owner,
// such as a slice of a checkpoint, and returns whether the unit goes on.
using Interlude = std::function<bool()>;

// Error: InvalidArgument where values could overflow or the shape is impossible.
absl::Status CheckTrainingSetup(const TrainingSetup& setup);

// What a run of `iterations` will probably suffer from that is no error, as one line with what to
// change; empty if nothing. Needs CheckTrainingSetup(setup).ok().
std::string WarningOf(const TrainingSetup& setup, uint64_t iterations);

class UnitTraverser {
 public:
  // Needs CheckTrainingSetup(setup).ok().
  explicit UnitTraverser(const TrainingSetup& setup);

  // Who is told before rows change; each may be null. See Pass.
  struct Watchers {
    TableSnapshot* undo = nullptr;
    TableSnapshot* snapshot = nullptr;
  };
  // Runs all batches of `unit`; what a batch adds to regrets is multiplied by the number of units
  // of a round. next: the unit whose first batch is prepared ahead meanwhile. Returns the rows
  // visited; nothing when the interlude said to stop.
  std::optional<uint64_t> Run(const Unit& unit, const std::optional<Unit>& next,
                              const Watchers& watchers, const Interlude& interlude);

  // Seconds for which traversals waited for batches to be prepared.
  double prepare_waited_seconds() const { return preparer_.waited_seconds(); }

 private:
  Pass MakePass(const PreparedBatch& batch, int traverser, uint64_t iterations, float sum_unit,
                const Watchers& watchers) const;
  void Prepare(const Unit& unit, uint32_t batch);

  const TrainingSetup setup_;
  const PublicTree& tree_;
  std::unique_ptr<PassRunner> runner_;
  BatchPreparer preparer_;
  std::unique_ptr<PreparedBatch> current_;
  std::unique_ptr<PreparedBatch> next_;
  std::optional<Unit> prepared_;  // whose first batch is in next_
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNIT_TRAVERSER_H_
