// A table that follows the rounds of a run: what every round changed, applied in order.
//
// A round's merged delta is applied once for every row: regrets are added and clamped (rounds of
// several units; with one unit the sum is exact as it is and clamping is the traverser's), strategy
// sums are added, then the round's discounts are taken (schedule.h). So every table that has
// followed the same rounds holds the same regrets, which the regret hash shows.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_
#define NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_

#include <atomic>
#include <cstdint>

#include "common/sparse_delta.h"
#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/delta_rows.h"
#include "solver/cfr/table.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

class RoundTable {
 public:
  // The setup's table holds the end of round number `rounds` (0: all zero). Nothing is drawn from
  // its source, which may be null.
  RoundTable(const TrainingSetup& setup, uint64_t rounds);

  // Rounds complete.
  uint64_t rounds() const { return rounds_; }
  // See regret_hash.h. Kept up to date by Apply() and EndRound().
  uint64_t regret_hash() const { return regret_hash_.load(std::memory_order_relaxed); }
  const Table& table() const { return *setup_.table; }
  ThreadPool* pool() const { return setup_.pool; }
  // From now on `checkpoint_log` (may be null) is told before rows change. Not owned.
  void set_checkpoint_log(UndoLog* checkpoint_log) { checkpoint_log_ = checkpoint_log; }

  // Starts over from a table of zeros: the regrets stored at the end of round `rounds` are loaded
  // next, each part once, in any order; only then is anything else called.
  void Clear(uint64_t rounds);
  void LoadRegrets(const SparseDelta& part);

  // Adds one part of what the next round changed; the parts in any order, each once. The sum lane
  // may be left out by tables that need no sums.
  void Apply(const SparseDelta& part);
  // The same, row by row, for rows that are not in parts: each row once, by one thread of several.
  class RowAdder {
   public:
    // thread: of the pool. What was added is complete when the adder is gone; table outlives it.
    RowAdder(RoundTable* table, int thread)
        : table_(table), saver_(table->checkpoint_log_, thread) {}
    ~RowAdder() { table_->regret_hash_.fetch_add(hash_, std::memory_order_relaxed); }
    RowAdder(const RowAdder&) = delete;
    RowAdder& operator=(const RowAdder&) = delete;
    // Adds to the first `num_values` of the row, regrets first, modulo 2^32, and clamps regrets.
    void Add(NodeIndex node, uint32_t bucket, const int32_t* change, uint32_t num_values) {
      saver_.Save(node, bucket);
      hash_ += table_->AddToRow(node, bucket, change, num_values);
    }

   private:
    RoundTable* const table_;
    NodeSaver saver_;
    uint64_t hash_ = 0;
  };

  // All parts were applied: takes the round's discounts. The table has come one round further.
  void EndRound();

 private:
  // Returns by how much that changes the regret hash. Thread-safe for different rows.
  uint64_t AddToRow(NodeIndex node, uint32_t bucket, const int32_t* change, uint32_t num_values);
  const TrainingSetup setup_;
  const int32_t floor_;  // of regrets
  uint64_t rounds_;
  UndoLog* checkpoint_log_ = nullptr;
  std::atomic<uint64_t> regret_hash_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_
