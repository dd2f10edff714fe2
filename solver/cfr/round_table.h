// A table that follows the rounds of a run: what every round changed, applied in order.
//
// A round's merged delta is applied once for every row: regrets are added and clamped (rounds of
// several units; with one unit the sum is exact as it is and clamping is the traverser's), strategy
// sums are added, then the round's discounts are taken (schedule.h). So every table that has
// followed the same rounds holds the same regrets, which the regret hash shows.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_
#define NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "common/sparse_delta.h"
#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/delta_rows.h"
#include "solver/cfr/regret_hash.h"
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
  // The same, row by row, for rows that are not in parts: each row once, by one
  // thread of several. Rows of a node follow each other.
  class RowAdder {
   public:
    // thread: of the pool. What was added is complete when the adder is gone; table outlives it.
    RowAdder(RoundTable* table, int thread)
        : table_(table), saver_(table->checkpoint_log_, thread) {}
    ~RowAdder() { table_->regret_hash_.fetch_add(hash_, std::memory_order_relaxed); }
    RowAdder(const RowAdder&) = delete;
    RowAdder& operator=(const RowAdder&) = delete;
    // The node of the rows that come next.
    void Enter(NodeIndex node) {
      const TableLayout& layout = table_->table().layout();
      node_ = node;
      first_row_ = layout.FirstRow(node).value;
      num_actions_ = layout.tree().nodes()[node].num_actions;
    }
    // Asks for the memory of a row that is added soon.
    void Prefetch(uint32_t bucket) const {
      __builtin_prefetch(table_->setup_.table->Row(node_, bucket), 1);
    }
    // Adds to a row of the node, modulo 2^32, and clamps regrets. kActions: the node's, or 0
    // (row_shape.h). regrets: [num_actions]; sums: the same, or null.
    template <int kActions>
    void Add(uint32_t bucket, const int32_t* regrets, const int32_t* sums) {
      saver_.Save(node_, bucket);
      const uint32_t n = kActions > 0 ? kActions : num_actions_;
      RowRoom room;
      Table* const table = table_->setup_.table;
      int32_t* const row = table->ReadRow(node_, bucket, &room);
      const bool clamps = table_->setup_.shape.units > 1;
      const int32_t floor = table_->floor_;
      uint64_t key = RegretHashKey(0), change = 0;
      ForValues<kActions>(n, [&](uint32_t a) {
        int32_t regret =
            static_cast<int32_t>(static_cast<uint32_t>(row[a]) + static_cast<uint32_t>(regrets[a]));
        if (clamps) regret = std::min(std::max(regret, floor), kRegretCeiling);
        change += static_cast<uint64_t>(int64_t{regret} - row[a]) * key;
        row[a] = regret;
        key *= kActionHashStep;
      });
      if (sums != nullptr) AddValues<kActions>(sums, n, row + n);
      table->WriteRow(node_, bucket, row);
      hash_ += RegretHashKey(first_row_ + bucket) * change;
    }

   private:
    RoundTable* const table_;
    NodeSaver saver_;
    uint64_t hash_ = 0;
    NodeIndex node_ = 0;
    uint64_t first_row_ = 0;
    uint32_t num_actions_ = 0;
  };

  // Takes the round's discounts of the nodes [begin, end) ahead of EndRound(),
  // while their rows are in the cache: everything was added to them, and no
  // RowAdder is at them. One thread; of a round, all nodes once or none.
  void EndRoundOf(NodeIndex begin, NodeIndex end, int thread);
  // All parts were applied: takes the round's discounts. The table has come one round further.
  void EndRound();

 private:
  const TrainingSetup setup_;
  const int32_t floor_;  // of regrets
  uint64_t rounds_;
  UndoLog* checkpoint_log_ = nullptr;
  std::atomic<uint64_t> regret_hash_{0};
  // What EndRoundOf() has done of the round: nodes, and the hash of their regrets.
  std::atomic<uint32_t> ended_nodes_{0};
  std::atomic<uint64_t> ended_hash_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_
