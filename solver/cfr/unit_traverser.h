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
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// Which unit of work: its round, from 0, and its number in it. They name its draws and its place in
// the schedule. What it starts from is another matter (lines.h).
struct UnitId {
  uint64_t round = 0;
  uint32_t unit = 0;
  friend bool operator==(const UnitId&, const UnitId&) = default;
};

// Called between batches, while no thread touches the table. It may do deferred work of its owner,
// such as a slice of a checkpoint, and returns whether the unit goes on.
using BetweenBatches = std::function<bool()>;

// The most chips that a player can win or lose: what CheckSchedule() and FinestQuantum() ask for.
int64_t MostChipsAtStake(const GameDefinition& game);

// Error: InvalidArgument where values could overflow or the shape is impossible.
absl::Status CheckTrainingSetup(const TrainingSetup& setup);

// What a run of `iterations` will probably suffer from that is no error, as one line with what to
// change; empty if nothing. Needs CheckTrainingSetup(setup).ok().
std::string WarningOf(const TrainingSetup& setup, uint64_t iterations);

class UnitTraverser {
 public:
  // Needs CheckTrainingSetup(setup).ok().
  explicit UnitTraverser(const TrainingSetup& setup);

  // Runs all batches of `unit`; what a batch adds to regrets is multiplied by the round's
  // amplification. next: the unit whose first batch is prepared ahead meanwhile. Returns the rows
  // visited; nothing when between_batches said to stop.
  std::optional<uint64_t> Run(const UnitId& unit, const std::optional<UnitId>& next,
                              const UndoLogs& logs, const BetweenBatches& between_batches);

  // Seconds for which traversals waited for batches to be prepared.
  double prepare_waited_seconds() const { return preparer_.waited_seconds(); }

 private:
  struct BatchName {
    UnitId id;
    uint32_t batch;
  };
  // Boards are looked up by who walks them; deals are prepared ahead.
  bool draws_deals() const { return setup_.options.sampler != Sampler::kPublic; }
  Pass MakePass(const BatchName& name, int traverser, uint64_t iterations, float sum_unit,
                const UndoLogs& logs) const;
  void Prepare(const UnitId& unit, uint32_t batch);

  const TrainingSetup setup_;
  const PublicTree& tree_;
  std::unique_ptr<PassRunner> runner_;
  BatchPreparer preparer_;
  std::unique_ptr<PreparedBatch> current_;
  std::unique_ptr<PreparedBatch> next_;
  std::optional<UnitId> prepared_;  // whose first batch is in next_
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_UNIT_TRAVERSER_H_
